"""A job remembers which request has caused it: its log lines, and what it enqueues, say so."""

from portal import jobs, tracing

ID = "0123456789abcdef"


def test_a_job_is_done_for_the_request_that_caused_it(queue, worker):
    seen = []

    def work(job):
        seen.append((tracing.current(), job.payload))
        if job.payload:
            jobs.enqueue("next")

    with tracing.doing(ID):
        queue.add("work", {"n": 1})
    worker(work=work, next=work).run(once=True)
    assert seen == [(ID, {"n": 1}), (ID, {})]
    assert tracing.current() == ""


def test_work_nobody_asked_for_has_an_id_of_its_own(queue, worker):
    seen = []
    queue.add("work")
    queue.add("work")
    worker(work=lambda _: seen.append(tracing.current())).run(once=True)
    assert len(set(seen)) == 2
    assert all(len(one) == 16 for one in seen)


def test_the_last_request_for_a_key_counts(queue, worker):
    seen = []
    for number in (1, 2):
        with tracing.doing(f"request-{number}"):
            queue.add("work", {"n": number}, key="k")
    worker(work=lambda job: seen.append((tracing.current(), job.payload))).run(once=True)
    assert seen == [("request-2", {"n": 2})]

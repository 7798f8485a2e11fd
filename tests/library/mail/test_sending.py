"""Notices that go out by mail: to whom, once, however the server answers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db as _db
from portal.jobs import claiming
from portal.jobs import service as jobs
from portal.jobs.models import QueuedJob
from portal.library.mail import carrying, posting, sending, service, smtp
from portal.library.mail.carrying import Courier
from portal.library.mail.models import Mail, MailNotice
from portal.library.mail.rules import Way
from portal.library.notices import service as notices
from portal.library.notices.models import Notice
from portal.library.notices.rules import Kind, Topic
from portal.mail_settings import InDoubt
from tests import make
from tests.library.mail.mailbox import serving


def tell(portal, topic=Topic.REQUEST_TAKEN, *, title="Kestrel", way=None, commit=True, **person):
    """Tell a person of their own something; returns their number."""
    with portal.app_context():
        user = make.user(name=person.pop("name", "Lan"), **person)
        if way:
            service.choose(user.id, dict.fromkeys(Kind, way))
        tom = make.user(name="Tom", role="marketer")
        detail = {"title": title}
        notices.tell([user.id], topic, actor_id=tom.id, path="/requests/7", detail=detail)
        if commit:
            _db.session.commit()
        else:
            _db.session.rollback()
        return user.id


def states(portal):
    with portal.app_context():
        return [
            (row.state, row.said) for row in _db.session.scalars(select(Mail).order_by(Mail.id))
        ]


def jobs_of(portal):
    with portal.app_context():
        return [row.state for row in _db.session.scalars(select(QueuedJob).order_by(QueuedJob.id))]


def test_a_notice_arrives_once_in_the_persons_language(portal, box, go):
    tell(portal, language="vi", email="lan@example.com", title="So sánh\r\nBcc: all@example.com")
    assert go().done == 1
    assert go().done == 0
    (mail,) = box.mails
    assert mail["To"] == "Lan <lan@example.com>"
    assert mail["From"] == "Arsenal <arsenal@example.com>"
    assert mail["Subject"] == "Tom đã nhận làm yêu cầu “So sánh Bcc: all@example.com” của bạn"
    assert mail["Bcc"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].endswith("@arsenal.example.com>")
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "\nhttps://arsenal.example.com/requests/7\n" in text.replace("\r\n", "\n")
    assert 'href="https://arsenal.example.com/requests/7"' in html
    assert '<html lang="vi">' in html
    assert states(portal) == [("sent", "250 2.0.0 kept")]


def test_the_link_to_end_it_is_not_folded_or_encoded(portal, box, go):
    tell(portal)
    go()
    raw = box.raw[0].replace(b"\r\n", b"\n")
    assert b"\nList-Unsubscribe: <https://arsenal.example.com/mail/mute/" in raw


def test_what_is_not_committed_is_not_sent(portal, box, go):
    tell(portal, commit=False)
    go()
    assert (box.mails, states(portal)) == ([], [])


@pytest.mark.parametrize("way", [Way.PORTAL, Way.MUTED])
def test_who_wants_no_mail_gets_none(portal, box, go, way):
    user_id = tell(portal, way=way)
    go()
    assert (box.mails, states(portal)) == ([], [])
    with portal.app_context():
        notice = _db.session.scalars(select(Notice).where(Notice.user_id == user_id)).one()
        assert (notice.read_at is not None) == (way is Way.MUTED)


@pytest.mark.parametrize("how", ["left", "read"])
def test_what_is_not_wanted_any_more_is_dropped(portal, box, go, how):
    user_id = tell(portal)
    with portal.app_context():
        if how == "left":
            from portal.accounts.models import User

            _db.session.get(User, user_id).active = False
        else:
            notices.read_all(user_id)
        _db.session.commit()
    go()
    assert (box.mails, states(portal)) == ([], [("dropped", "not wanted any more")])


def test_it_is_kept_while_the_server_is_away(portal, box, go):
    tell(portal)
    box.server.stop()
    assert go().failed == 1
    assert (states(portal), jobs_of(portal)) == ([("waiting", "")], ["waiting"])
    box.server = serving(box, box.server.port)
    box.server.start()
    assert go().done == 1
    assert len(box.mails) == 1


def test_not_now_is_tried_again_and_never_is_not(portal, box, go):
    tell(portal)
    box.answers = ["451 4.3.0 busy"]
    assert go().failed == 1
    assert go().done == 1
    assert len(box.mails) == 1
    tell(portal, email="gone@example.com")
    box.unknown = {"gone@example.com"}
    assert go().failed == 1
    assert states(portal)[1] == ("refused", "550 5.1.1 no such mailbox")
    assert jobs_of(portal)[1] == "dead"
    assert go().failed == 0


def test_a_server_that_thinks_for_long_is_not_given_the_mail_twice(portal, box, go, monkeypatch):
    tell(portal)
    of = smtp.Server.of
    monkeypatch.setattr(smtp.Server, "of", lambda *told: replace(of(*told), timeout=0.5))
    box.thinks = 1
    assert go().done == 1
    assert len(box.mails) == 1


def test_a_letter_the_server_can_not_take_is_refused_clearly(portal, box, go):
    tell(portal, email="лань@example.com")
    tell(portal, email="lan@пример.example")
    go()
    found = states(portal)
    assert found[0][0] == "refused"
    assert "takes no address" in found[0][1]
    assert found[1][0] == "sent"
    assert box.mails[0]["To"] == "Lan <lan@xn--e1afmkfd.example>"


class KilledError(BaseException):
    """The worker is gone, in the middle of a job."""


def lose_the_lease(portal):
    """As time does once a worker was killed."""
    with portal.app_context():
        row = _db.session.scalars(select(QueuedJob)).one()
        assert row.state == "running"
        row.due_at = clock.now()
        _db.session.commit()


def in_doubt(portal, way):
    told = portal.config["PORTAL"]
    portal.config["PORTAL"] = told.model_copy(update={"mail_in_doubt": way})


def kill_the_worker(monkeypatch, go, when, *, courier=False):
    """Let the worker die around the last line, its courier with it or not; the courier has ended.

    "before" it has kept that it hands over, when that is "kept" and not said, or "after" the word.
    """
    hand_over, hear, process = carrying.hand_over, Courier.hear, []

    def killed(*args, last_moment):
        def end():
            if when != "before":
                last_moment()
            if when != "after":
                raise KilledError

        return hand_over(*args, last_moment=end)

    def deaf(self):
        if process:
            if courier:
                self.process.kill()
            raise KilledError
        process.append(self.process)
        return hear(self)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "hand_over", killed)
        patch.setattr(Courier, "hear", deaf)
        with pytest.raises(KilledError):
            go()
    process[0].wait()


@pytest.mark.parametrize("when", ["before", "kept", "after"])
def test_a_worker_killed_around_the_last_line_leaves_no_doubt(portal, box, go, monkeypatch, when):
    """Before the word nothing was sent; after it the courier hears the answer and keeps it."""
    tell(portal)
    box.thinks = 0.2  # it answers when the worker is gone
    kill_the_worker(monkeypatch, go, when)
    assert states(portal)[0][0] == ("sent" if when == "after" else "waiting")
    lose_the_lease(portal)
    assert go().done == 1
    assert (len(box.mails), states(portal)) == (1, [("sent", "250 2.0.0 kept")])
    with portal.app_context():
        mail = _db.session.scalars(select(Mail)).one()
        assert mail.doubts == 0
        assert clock.now() - mail.ended_at < timedelta(minutes=1)


def test_who_may_still_hear_the_answer_is_waited_for(portal, box, go, monkeypatch):
    tell(portal)
    kill_the_worker(monkeypatch, go, "kept", courier=True)
    with portal.app_context():  # as if both had been killed at once
        mail = _db.session.scalars(select(Mail)).one()
        mail.state, mail.handed_at = "handing", clock.now()
        _db.session.commit()
    lose_the_lease(portal)
    tally = go()
    assert (tally.done, tally.failed, box.mails) == (0, 0, [])
    with portal.app_context():
        row = _db.session.scalars(select(QueuedJob)).one()
        assert (row.state, row.attempts - row.forgiven) == ("waiting", 1)
        assert row.due_at - clock.now() > timedelta(minutes=6)
        _db.session.scalars(select(Mail)).one().handed_at -= timedelta(minutes=8)
        _db.session.commit()
    assert (go().done, len(box.mails)) == (1, 1)


@pytest.mark.parametrize("killed", ["before", "after"])
@pytest.mark.parametrize("way", list(InDoubt))
def test_a_server_that_dies_without_an_answer(portal, box, go, killed, way):
    """Nobody knows whether it has the mail: it goes again under its name, or waits for a person."""
    tell(portal)
    in_doubt(portal, way)
    box.killed = killed
    assert go().failed == 1
    assert states(portal)[0][0] == "unanswered"
    again = way is InDoubt.AGAIN
    assert (go().done, len(box.mails)) == (again, (killed == "after") + again)
    assert len(set(box.raw)) <= 1
    assert states(portal)[0][0] == ("sent" if again else "doubt")
    with portal.app_context():
        assert _db.session.scalars(select(Mail)).one().doubts == again


def test_a_courier_killed_at_work_is_a_doubt(portal, box, go, monkeypatch):
    tell(portal)
    told, tell_it = [], Courier.tell

    def remember(self, line):
        told.append(self.process)
        tell_it(self, line)

    monkeypatch.setattr(Courier, "tell", remember)
    box.kept = lambda: told[-1].kill()  # noqa: PLW0108  # there is none yet
    assert (go().failed, len(box.mails)) == (1, 1)
    assert states(portal)[0][0] == "unanswered"


def test_a_courier_that_ended_between_two_mails_is_replaced(portal, box, go, monkeypatch):
    tell(portal)
    go()
    carrying._courier.process.kill()
    carrying._courier.process.wait()
    tell(portal, email="another@example.com")
    assert (go().done, len(box.mails)) == (1, 2)


@pytest.mark.parametrize("decision", ["again", "drop"])
def test_what_is_in_doubt_waits_for_a_person_to_look(portal, box, go, decision):
    tell(portal)
    in_doubt(portal, InDoubt.HOLD)
    box.killed = "after"
    go()
    assert (go().failed, len(box.mails)) == (1, 1)
    assert (states(portal)[0][0], jobs_of(portal)) == ("doubt", ["dead"])
    with portal.app_context():
        row = _db.session.scalars(select(QueuedJob)).one()
        assert box.mails[0]["Message-ID"] in row.error
        getattr(jobs, "retry" if decision == "again" else "drop")(row.id)
        _db.session.commit()
    went = 1 if decision == "again" else 0
    assert (go().done, len(box.mails)) == (went, 1 + went)
    assert states(portal)[0][0] == ("sent" if went else "doubt")


def test_not_now_after_the_last_line_is_no_doubt(portal, box, go):
    tell(portal)
    box.answers = ["451 4.3.0 busy"]
    assert go().failed == 1
    assert states(portal)[0][0] == "waiting"
    assert go().done == 1
    assert (len(box.mails), states(portal)[0][0]) == (1, "sent")


def test_an_answer_is_kept_before_anything_else(portal, box, go, monkeypatch):
    """A worker that is killed when the answer is kept and its job not ended has sent it."""
    tell(portal)

    def killed(*_):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(claiming, "complete", killed)
        with pytest.raises(KilledError):
            go()
    lose_the_lease(portal)
    assert (go().done, len(box.mails)) == (1, 1)
    assert states(portal)[0][0] == "sent"


@pytest.mark.parametrize("way", list(InDoubt))
def test_who_was_thought_to_be_lost_and_is_not_settles_it(portal, box, go, monkeypatch, way):
    """The first attempt hears that the server has the mail while the second is on its way."""
    tell(portal)
    in_doubt(portal, way)
    box.killed = "after"
    go()
    unsettled = sending._unsettled

    def keep_it(mail_id):
        _db.session.get(Mail, mail_id).state = "sent"
        _db.session.commit()
        return unsettled(mail_id)

    monkeypatch.setattr(sending, "_unsettled", keep_it)
    assert (go().done, len(box.mails)) == (1, 1)
    assert states(portal)[0][0] == "sent"


def test_a_day_is_one_mail_and_no_notice_is_in_two(portal, box, go):
    user_id = tell(portal, way=Way.DIGEST, title="A")
    with portal.app_context():
        for title in ("B", "C"):
            notices.tell([user_id], Topic.REQUEST_DUE, path="/r", detail={"title": title})
        notices.tell([user_id], Topic.REQUEST_DUE, path="/r", detail={"title": "D"})
        last = _db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        last.read_at = clock.now()
        _db.session.commit()
    go()
    assert box.mails == []
    for mails, held in ((1, 3), (0, 0)):
        with portal.app_context():
            assert posting.make_digests() == posting.Report(mails, held)
            _db.session.commit()
        go()
    (mail,) = box.mails
    assert mail["Subject"] == "3 notices for you"
    text = mail.get_body(("plain",)).get_content()
    assert all(f"“{title}”" in text for title in "ABC")
    assert "“D”" not in text
    with portal.app_context():
        assert _db.session.query(MailNotice).count() == 3


def test_who_writes_no_more_is_not_told_what_writers_are(portal, box, go):
    from portal.accounts.models import User

    told = [tell(portal, topic, role="contributor") for topic in (Topic.REVIEW, Topic.COMMENT)]
    told.append(tell(portal, Topic.REQUEST_TAKEN, role="contributor"))
    with portal.app_context():
        for user_id in told:
            _db.session.get(User, user_id).role = "rep"
        _db.session.commit()
    go()
    assert len(box.mails) == 1
    assert [state for state, _ in states(portal)] == ["dropped", "dropped", "sent"]

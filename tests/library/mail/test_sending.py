"""Notices that go out by mail: to whom, once, however the server answers."""

import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db as _db
from portal.jobs import claiming
from portal.jobs import service as jobs
from portal.jobs.models import QueuedJob
from portal.library.mail import posting, sending, service, smtp
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
    monkeypatch.setattr(smtp, "TIMEOUT", 0.5)
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


def kill(monkeypatch, go, when):
    """Let the worker die just before the last line goes out, or when it was answered."""
    hand_over = smtp.hand_over

    def killed(*args, last_moment, **rest):
        def end():
            if when == "after":
                last_moment()
            raise KilledError

        if when == "before":
            return hand_over(*args, last_moment=end, **rest)
        hand_over(*args, last_moment=last_moment, **rest)
        raise KilledError

    monkeypatch.setattr(smtp, "hand_over", killed)
    with pytest.raises(KilledError):
        go()
    monkeypatch.setattr(smtp, "hand_over", hand_over)


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_the_last_line(portal, box, go, monkeypatch, when):
    """Before it nothing was sent; after it, if told so, the same mail goes again under its name."""
    tell(portal)
    in_doubt(portal, InDoubt.AGAIN)
    kill(monkeypatch, go, when)
    assert states(portal)[0][0] == ("waiting" if when == "before" else "handing")
    lose_the_lease(portal)
    assert go().done == 1
    assert len(box.mails) == (1 if when == "before" else 2)
    assert len(set(box.raw)) == 1
    assert states(portal)[0][0] == "sent"
    with portal.app_context():
        assert _db.session.scalars(select(Mail)).one().doubts == (when == "after")


@pytest.mark.parametrize("decision", ["again", "drop"])
def test_what_is_in_doubt_waits_for_a_person_to_look(portal, box, go, monkeypatch, decision):
    tell(portal)
    kill(monkeypatch, go, "after")
    lose_the_lease(portal)
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
    kill(monkeypatch, go, "after")
    lose_the_lease(portal)
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

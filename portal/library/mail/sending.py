"""Handing a mail over to the server: once, as far as mail allows, and never lost.

What is promised: every notice is in one mail, of one Message-ID; a mail is handed over until the
server says that it has it or never will, so none is lost; and it is handed over once, but for one
doubt that no sender can settle. SMTP has no way to ask a server whether it has a mail: when either
side ends, or the line breaks, after the last line went out and before the answer is kept, nobody
knows.

The doubt is kept small. All but the last line is sent first; then it is kept, and committed, that
this attempt hands over; then the line goes out that makes the server take the mail, and its answer
is committed before anything else. Whoever is killed before the first commit has sent nothing, and
whoever has lost the lease sends nothing more; a server that answers "not now" has not taken it.

What is left is for `PORTAL_MAIL_IN_DOUBT` to decide. `hold`: the mail is not sent again by itself;
its job becomes a dead letter that says what to look for in the server's log, and trying it again or
dropping it is a person's decision. So no mail goes out twice, and none is lost unseen. `again`: it
is sent again at once, the same to the byte; mail stores that know a mail by its Message-ID keep
one. `Mail.doubts` counts how often that was so.
"""

from collections.abc import Callable
from email.message import EmailMessage

from portal import clock
from portal.config import Config
from portal.db import db, reading
from portal.jobs import GiveUp, Job
from portal.library.mail import message, queries, rules, smtp
from portal.library.mail.message import Letter
from portal.library.mail.models import Mail
from portal.library.mail.rules import State
from portal.library.notices.models import Notice
from portal.mail_settings import InDoubt

Compose = Callable[[Mail, list[Notice]], Letter]


class SettledError(Exception):
    """Another attempt, thought to be lost, has heard meanwhile that the server has the mail."""


def send(job: Job, config: Config, compose: Compose) -> str:
    """Send one mail; what is not wanted any more is dropped.

    Raises:
        GiveUp: when the server will never take it, there is none, or a person is to look first.
        TroubleError: when it should be tried again.
        LeaseLostError: when another worker has the job now.
    """
    mail_id = int(job.payload["mail"])
    with reading():
        found = queries.mail(mail_id)
        if found is None or found.state in rules.ENDED:
            db.session.rollback()
            return found.state if found else "gone"
        to, name = found.user.email, found.user.name
        notices = list(queries.held_by(mail_id)) if found.user.active else []
        built = _build(found, notices, config, compose, to=to, name=name) if notices else None
        state, message_id = found.state, message.identifier(found.message_id, config.base_url)
        db.session.rollback()
    if built is None:
        _end(mail_id, State.DROPPED, "not wanted any more")
        return State.DROPPED.value
    if not config.smtp_host:
        raise GiveUp("there is no mail server in the settings")
    try:
        if state == State.HANDING.value and config.mail_in_doubt is InDoubt.HOLD:
            _hold(job, mail_id, to, message_id)
        return _hand_over(job, config, built, mail_id=mail_id, to=to)
    except SettledError:
        return State.SENT.value


def _hold(job: Job, mail_id: int, to: str, message_id: str) -> None:
    """Let a person decide about a mail the server may have: it is not sent again by itself.

    Raises:
        GiveUp: always; when it is tried again after that, somebody has decided so.
    """
    _unsettled(mail_id)
    _end(mail_id, State.DOUBT, HELD)
    job.checkpoint()
    raise GiveUp(f"{to}: {HELD} {message_id}")


HELD = (
    "the mail server may have it already. Look for it in the server's log: when it is there, drop "
    "this; when it is not, try again. Its name is"
)


def _hand_over(job: Job, config: Config, built: EmailMessage, *, mail_id: int, to: str) -> str:
    """Speak to the server; what is known of the mail afterwards is committed at once."""

    def last_moment() -> None:
        row = _unsettled(mail_id)
        row.doubts += row.state in {State.HANDING.value, State.DOUBT.value}
        row.state, row.token = State.HANDING.value, job.token
        job.checkpoint()

    _, sender = message.sender_of(config.mail_from)
    server = smtp.Server.of(config, message.host_of(config.base_url))
    try:
        said = smtp.hand_over(server, built, sender=sender, to=to, last_moment=last_moment)
    except smtp.RefusedError as error:
        _unsettled(mail_id)
        _end(mail_id, State.REFUSED, str(error))
        job.checkpoint()
        raise GiveUp(f"{to}: {error}") from error
    except smtp.PostponedError:
        row = _unsettled(mail_id)
        if row.token == job.token:
            row.state = State.WAITING.value
        job.checkpoint()
        raise
    # it is so whoever has the lease now, and each moment in which it is not kept is one of doubt
    _end(mail_id, State.SENT, said)
    db.session.commit()
    return said


def _build(
    found: Mail,
    notices: list[Notice],
    config: Config,
    compose: Compose,
    *,
    to: str,
    name: str,
) -> EmailMessage:
    try:
        return message.build(
            compose(found, notices),
            mail_from=config.mail_from,
            to=to,
            name=name,
            message_id=message.identifier(found.message_id, config.base_url),
            date=found.created_at,
        )
    except ValueError as error:
        raise GiveUp(f"{to}: {error}") from error


def _row(mail_id: int) -> Mail:
    return db.session.get_one(Mail, mail_id, with_for_update=True, populate_existing=True)


def _unsettled(mail_id: int) -> Mail:
    row = _row(mail_id)
    if row.state == State.SENT.value:
        db.session.rollback()
        raise SettledError
    return row


def _end(mail_id: int, state: State, said: str) -> None:
    row = _row(mail_id)
    row.state, row.ended_at = state.value, clock.now()
    row.said = rules.header(said, rules.SAID_MOST)
    db.session.flush()

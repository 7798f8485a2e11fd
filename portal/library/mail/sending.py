"""Handing a mail over to the server: once, as far as mail allows, and never lost.

What is promised: every notice is in one mail, of one Message-ID; a mail is handed over until the
server says that it has it or never will, so none is lost; and it is handed over once, but for one
doubt that no sender can settle. SMTP has no way to ask a server whether it has a mail: when the
server is killed, or the line breaks, after the last line went out and before its answer came,
nobody knows.

The doubt is kept small. All but the last line is sent first; then it is kept, and committed, that
this attempt hands over; then the line goes out that makes the server take the mail, and its answer
is committed before anything else. The `courier` speaks to the server, a process that outlives a
worker that is killed, hears the answer and keeps it. A worker killed before its first commit has
sent nothing, and whoever has lost the lease sends nothing more; a server that answers "not now" has
not taken it. An attempt that finds another at it waits until that has heard, or never will.

What is left is for `PORTAL_MAIL_IN_DOUBT` to decide. `again`: the mail is sent again, the same to
the byte: a server that has not said that it has a mail has not taken it on (RFC 5321, 6.1). Twice
it arrives only where a server was killed between keeping it and saying so, or the whole machine of
the worker between the two commits; mail stores that know a mail by its Message-ID keep one.
`Mail.doubts` counts how often it was sent so. `hold`: it is not sent again by itself; its job
becomes a dead letter that says what to look for in the server's log, and trying it again or
dropping it is a person's decision. So no mail goes out twice, and none is lost unseen.
"""

from collections.abc import Callable
from email.message import EmailMessage

from portal import clock
from portal.config import Config
from portal.db import db, reading, sqlite_file
from portal.jobs import GiveUp, Job, NotYet
from portal.library.mail import carrying, message, queries, rules, smtp
from portal.library.mail.carrying import Parcel, UnansweredError
from portal.library.mail.message import Letter
from portal.library.mail.models import Mail
from portal.library.mail.rules import State
from portal.library.notices.models import Notice
from portal.mail_settings import InDoubt

Compose = Callable[[Mail, list[Notice]], Letter | None]
"""Writes a mail; None when it has nothing to say any more."""


IN_DOUBT = frozenset({State.HANDING.value, State.UNANSWERED.value})
"""States of a mail that the server may have, when nobody is at it any more."""


class SettledError(Exception):
    """Another attempt, thought to be lost, has heard meanwhile that the server has the mail."""


def send(job: Job, config: Config, compose: Compose) -> str:
    """Send one mail; what is not wanted any more is dropped.

    Raises:
        GiveUp: when the server will never take it, there is none, or a person is to look first.
        TroubleError: when it should be tried again.
        NotYet: while another attempt may still hear the answer.
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
        is_wanted = notices or (found.user.active and found.kind in rules.ACCOUNT_KINDS)
        built = _build(found, notices, config, compose, to=to, name=name) if is_wanted else None
        state, message_id = found.state, message.identifier(found.message_id, config.base_url)
        wait = rules.heard_by(state, found.handed_at)
        db.session.rollback()
    if wait is not None and clock.now() < wait:
        raise NotYet(wait)
    if built is None:
        _end(mail_id, State.DROPPED, "not wanted any more")
        return State.DROPPED.value
    if not config.smtp_host:
        raise GiveUp("there is no mail server in the settings")
    try:
        if state in IN_DOUBT and config.mail_in_doubt is InDoubt.HOLD:
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
        row.doubts += row.state in IN_DOUBT or row.state == State.DOUBT.value
        row.state, row.token, row.handed_at = State.HANDING.value, job.token, clock.now()
        job.checkpoint()

    _, sender = message.sender_of(config.mail_from)
    server = smtp.Server.of(config, message.host_of(config.base_url))
    parcel = Parcel(built.as_bytes(), sender, to, _url(), mail_id, job.token)
    try:
        said = carrying.hand_over(server, parcel, last_moment=last_moment)
    except smtp.RefusedError as error:
        _unsettled(mail_id)
        _end(mail_id, State.REFUSED, str(error))
        job.checkpoint()
        raise GiveUp(f"{to}: {error}") from error
    except smtp.TroubleError as error:
        row = _unsettled(mail_id)
        if row.token == job.token and row.state == State.HANDING.value:
            lost = isinstance(error, UnansweredError)
            row.state = (State.UNANSWERED if lost else State.WAITING).value
        job.checkpoint()
        raise
    # it is so whoever has the lease now, and each moment in which it is not kept is one of doubt
    _end(mail_id, State.SENT, said)
    db.session.commit()
    return said


def _url() -> str:
    """Return how the courier finds the database; one in memory it can not."""
    is_file = db.engine.dialect.name != "sqlite" or sqlite_file(db.engine) is not None
    return db.engine.url.render_as_string(hide_password=False) if is_file else ""


def _build(
    found: Mail,
    notices: list[Notice],
    config: Config,
    compose: Compose,
    *,
    to: str,
    name: str,
) -> EmailMessage | None:
    letter = compose(found, notices)
    if letter is None:
        return None
    try:
        return message.build(
            letter,
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

"""Handing a mail over to the server: once, as far as mail allows, and never lost.

What is promised: every notice is in one mail, of one Message-ID; a mail is handed over until the
server says that it has it or never will, so none is lost; and it is handed over once, but for one
doubt that no sender can settle. SMTP has no way to ask a server whether it has a mail: when either
side ends, or the line breaks, after the last line went out and before the answer is kept, nobody
knows. Such a mail is sent again, the same to the byte: mail stores know it by its Message-ID and
keep one, while the other choice, not to send it, would lose some. `Mail.doubts` counts how often.

The doubt is kept small. All but the last line is sent first; then it is kept, and committed, that
this attempt hands over; then the line goes out that makes the server take the mail. Whoever is
killed before that commit has sent nothing, and whoever has lost the lease sends nothing more.
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

Compose = Callable[[Mail, list[Notice]], Letter]


def send(job: Job, config: Config, compose: Compose) -> str:
    """Send one mail; what is not wanted any more is dropped.

    Raises:
        GiveUp: when the server will never take it, or there is none.
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
        in_doubt = found.state == State.HANDING.value
        db.session.rollback()
    if built is None:
        _end(mail_id, State.DROPPED, "not wanted any more")
        return State.DROPPED.value
    if not config.smtp_host:
        raise GiveUp("there is no mail server in the settings")
    server = smtp.Server.of(config, message.host_of(config.base_url))

    def last_moment() -> None:
        row = _row(mail_id)
        row.state, row.token = State.HANDING.value, job.token
        row.doubts += in_doubt
        job.checkpoint()

    _, sender = message.sender_of(config.mail_from)
    try:
        said = smtp.hand_over(server, built, sender=sender, to=to, last_moment=last_moment)
    except smtp.RefusedError as error:
        _end(mail_id, State.REFUSED, str(error))
        job.checkpoint()
        raise GiveUp(f"{to}: {error}") from error
    _end(mail_id, State.SENT, said)
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


def _end(mail_id: int, state: State, said: str) -> None:
    row = _row(mail_id)
    row.state, row.ended_at = state.value, clock.now()
    row.said = rules.header(said, rules.SAID_MOST)
    db.session.flush()

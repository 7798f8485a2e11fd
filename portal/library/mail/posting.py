"""Mail written with what causes it: a row, its notices and the job that sends it, in one unit."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, update

from portal import clock, jobs
from portal.accounts.tickets import service as tickets
from portal.db import SENDS_MAIL, db
from portal.library.mail import queries
from portal.library.mail.models import Mail, MailNotice
from portal.library.mail.rules import DIGEST, USUAL, State, Way
from portal.library.notices.rules import Kind

SEND = "mail"
FORGOTTEN = tickets.JOB
DIGESTS = "digests"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that was just made, and how its person wants to be told."""

    notice_id: int
    user_id: int
    kind: Kind
    way: Way


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the digests has made."""

    mails: int
    notices: int


def sends() -> bool:
    """Whether there is a mail server to send by."""
    options = db.session.connection().get_execution_options()
    return bool(options.get(SENDS_MAIL, False))


def ways(user_ids: Collection[int]) -> Mapping[tuple[int, str], str]:
    """Return what these people have chosen; what is missing is as usual."""
    return queries.choices(user_ids)


def way(chosen: Mapping[tuple[int, str], str], user_id: int, kind: Kind) -> Way:
    """Return how a person is told of a kind, by what `ways` has found."""
    return Way(chosen.get((user_id, kind.value), USUAL[kind]))


def post(told: Iterable[Told]) -> None:
    """Post what people want by mail, at once or in their next digest."""
    wanted = [it for it in told if it.way in {Way.MAIL, Way.DIGEST}]
    if not wanted or not sends():
        return
    for it in wanted:
        mail_id = _mail(it.user_id, it.kind.value) if it.way is Way.MAIL else None
        db.session.execute(insert(MailNotice).values(notice_id=it.notice_id, mail_id=mail_id))


def post_about_account(user_id: int, kind: str) -> bool:
    """Post a mail about somebody's account, of `rules.ACCOUNT_KINDS`; whether there is a server."""
    if not sends():
        return False
    _mail(user_id, kind)
    return True


def answer_forgotten(job: jobs.Job, secret: str) -> str:
    """Send a link to whoever has forgotten their password, if they have an account."""
    return tickets.answer(str(job.payload["email"]), secret, post_about_account)


def _mail(user_id: int, kind: str) -> int:
    """Make a mail and the job that sends it; returns its number."""
    made = Mail(
        user_id=user_id,
        kind=kind,
        message_id=uuid.uuid4().hex,
        state=State.WAITING.value,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    jobs.enqueue(SEND, {"mail": made.id}, key=f"mail:{made.id}")
    return made.id


def make_digests() -> Report:
    """Make one mail a person of what waits for a digest; each notice is in one at most.

    What was read meanwhile, and what would go to people who have left, is left out for good.
    """
    by_person: dict[int, list[int]] = {}
    gone: list[int] = []
    for user_id, notice_id, is_here, is_read in queries.waiting_for_digest():
        if is_here and not is_read:
            by_person.setdefault(user_id, []).append(notice_id)
        else:
            gone.append(notice_id)
    _execute_lots(gone, None)
    for user_id, notice_ids in by_person.items():
        _execute_lots(notice_ids, _mail(user_id, DIGEST))
    return Report(len(by_person), sum(map(len, by_person.values())))


LOT = 500


def _execute_lots(notice_ids: list[int], mail_id: int | None) -> None:
    """Put notices into a mail, or take them from those that wait."""
    for begin in range(0, len(notice_ids), LOT):
        which = MailNotice.notice_id.in_(notice_ids[begin : begin + LOT])
        change = (
            delete(MailNotice).where(which)
            if mail_id is None
            else update(MailNotice)
            .where(which, MailNotice.mail_id.is_(None))
            .values(mail_id=mail_id)
        )
        db.session.execute(change.execution_options(synchronize_session=False))

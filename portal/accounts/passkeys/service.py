"""Passkeys: added, shown to sign in or to confirm, named, removed."""

import secrets
from base64 import urlsafe_b64encode

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.accounts import once
from portal.accounts.passkeys import queries
from portal.accounts.passkeys.models import Passkey
from portal.accounts.passkeys.rules import (
    NAME_MOST,
    ClonedKeyError,
    Question,
    Site,
    WrongKeyError,
)
from portal.accounts.rules import clean_name
from portal.audit import service as audit
from portal.db import db
from portal.errors import Conflict, Invalid, NotFound

NUMBER_MOST = 2**31 - 1
MOST = 20
"""Keys of one person."""


def challenge() -> str:
    """Return a new challenge."""
    return urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode("ascii")


def handle_of(user_id: int) -> str:
    """Return what devices call a person by: of earlier keys, or a new one, and never the e-mail."""
    found = queries.of_user(user_id)
    return found[0].handle if found else challenge()


def add(
    user_id: int, answer: str, question: Question, site: Site, *, handle: str, name: str
) -> None:
    """Keep a new key.

    Raises:
        WrongKeyError: when the answer does not hold, or came before.
        Invalid: when the name can not be used.
        Conflict: when the key is here already, or there are too many.
    """
    from portal.accounts.passkeys import ceremonies  # noqa: PLC0415  # loads 15 MB

    cleaned = clean_name(name, most=NAME_MOST)
    if cleaned is None:
        raise Invalid(f"a name has 1 to {NAME_MOST} characters on one line")
    if len(queries.of_user(user_id)) >= MOST:
        raise Conflict(f"nobody needs more than {MOST} passkeys")
    new = ceremonies.added(site, answer, challenge=question.challenge)
    _spend(question)
    row = Passkey(
        user_id=user_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        handle=handle,
        name=cleaned,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Conflict("this passkey is here already") from error
    audit.record("user.passkey_added", kind="user", key=user_id, after={"passkey": row.id})


def show(answer: str, question: Question, site: Site) -> Passkey:
    """Return the key that was shown, with its person; this answer works once.

    Raises:
        WrongKeyError: when the answer does not hold, came before, or is of nobody here.
        ClonedKeyError: when there may be two of the key.
    """
    from portal.accounts.passkeys import ceremonies  # noqa: PLC0415  # loads 15 MB

    name, handle = ceremonies.credential_of(answer)
    key = queries.of_active(name)
    if key is None or (handle is not None and handle != key.handle):
        raise WrongKeyError("the key is of nobody here")
    count = ceremonies.shown(
        site,
        answer,
        challenge=question.challenge,
        public_key=key.public_key,
    )
    if (count or key.sign_count) and count <= key.sign_count:
        raise ClonedKeyError(key.id)
    _spend(question)
    newer = (
        update(Passkey)
        .where(
            Passkey.id == key.id,
            or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0)),
        )
        .values(sign_count=count, used_at=clock.now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(newer).first() is None:  # by its double, at this very moment
        raise ClonedKeyError(key.id)
    return key


def _spend(question: Question) -> None:
    if not once.spend("passkey", question.challenge, db.session()):
        raise WrongKeyError("an answer that came before")


def rename(user_id: int, number: int, name: str) -> None:
    """Give one of a person's keys another name.

    Raises:
        NotFound: when it is none of theirs.
        Invalid: when the name can not be used.
    """
    key = _own(user_id, number)
    cleaned = clean_name(name, most=NAME_MOST)
    if cleaned is None:
        raise Invalid(f"a name has 1 to {NAME_MOST} characters on one line")
    key.name = cleaned
    db.session.flush()


def remove(user_id: int, number: int) -> None:
    """Forget one of a person's keys.

    Raises:
        NotFound: when it is none of theirs.
    """
    db.session.delete(_own(user_id, number))
    db.session.flush()
    audit.record("user.passkey_removed", kind="user", key=user_id, before={"passkey": number})


def _own(user_id: int, number: int) -> Passkey:
    key = queries.own(user_id, number) if number <= NUMBER_MOST else None
    if key is None:
        raise NotFound
    return key

"""Second factors: set up, checked so that each code works once, taken away."""

import logging
import secrets

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts import throttle
from portal.accounts.factors import queries, rules, sealing
from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.accounts.passkeys.models import Passkey
from portal.accounts.rules import email_key
from portal.audit import service as audit
from portal.db import apart, db, inserting, writing
from portal.errors import Conflict, Invalid

log = logging.getLogger(__name__)

APP, CODES = "authenticator app", "recovery codes"
"""What keys are derived for; another word here would lock everybody out."""


class WrongCode(Invalid):
    """A code that is not right, or was used already."""


def new_secret() -> bytes:
    """Return what an app and the portal shall both know."""
    return secrets.token_bytes(rules.SECRET_BYTES)


def set_up_app(user_id: int, content: bytes, code: str, *, secret: str) -> None:
    """Keep an app that has shown with a code that it works.

    Raises:
        WrongCode: when the code is another one.
        Conflict: when there is one already: it is removed first, so that nobody is surprised.
    """
    counter = rules.counter_of(content, rules.typed(code), now=clock.now())
    if counter is None:
        raise WrongCode("the app's code is another one")
    made = inserting(AuthenticatorApp).values(
        user_id=user_id,
        secret=sealing.seal(secret, APP, content, of=str(user_id)),
        last_counter=counter,
        created_at=clock.now(),
    )
    added = made.on_conflict_do_nothing().returning(AuthenticatorApp.user_id)
    if db.session.execute(added).first() is None:
        raise Conflict("there is an app already")
    audit.record("user.app_added", kind="user", key=user_id, actor=user_id)


def remove_app(user_id: int) -> None:
    """Forget a person's app."""
    gone = delete(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id)
    if db.session.execute(gone.returning(AuthenticatorApp.user_id)).first() is not None:
        audit.record("user.app_removed", kind="user", key=user_id)


def new_codes(user_id: int, *, secret: str) -> list[str]:
    """Make ten recovery codes in place of those there were; they are told this one time."""
    codes = [rules.recovery_code(secrets.choice) for _ in range(rules.CODES)]
    key = sealing.key(secret, CODES)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    rows = [
        {"user_id": user_id, "code_hash": rules.recovery_hash(key, user_id, code)} for code in codes
    ]
    db.session.execute(insert(RecoveryCode), rows)
    audit.record("user.recovery_codes_made", kind="user", key=user_id, actor=user_id)
    return [rules.shown(code) for code in codes]


def check(user_id: int, email: str, text: str, *, address: str, secret: str) -> None:
    """Take a code of a person's app or paper, in a transaction of its own; it is used up then.

    Call it before the request has begun a transaction.

    Raises:
        WrongCode: when it is not right, or was used already.
        TooMany: when it was wrong too often.
    """
    code = rules.typed(text)
    attempt = throttle.begin(email_key(email), address, of="code")
    with writing(), apart() as own:
        if rules.is_of_app(code):
            good = _use_app(own, user_id, code, secret)
        else:
            good = rules.is_recovery(code) and _use_paper(own, user_id, code, secret)
        if not good:
            raise WrongCode("the code is not right, or was used already")
        throttle.was_right(attempt, own)
        own.commit()


def _use_app(own: Session, user_id: int, code: str, secret: str) -> bool:
    """Use a code up; of two who come with the same at the same moment one is too late."""
    sealed = queries.sealed_secret(own, user_id)
    content = sealed and sealing.unseal(secret, APP, sealed, of=str(user_id))
    if not content:
        if sealed:
            log.warning("user %d: the app's secret can not be read; has the key changed?", user_id)
        return False
    counter = rules.counter_of(content, code, now=clock.now())
    if counter is None:
        return False
    newer = (
        update(AuthenticatorApp)
        .where(AuthenticatorApp.user_id == user_id, AuthenticatorApp.last_counter < counter)
        .values(last_counter=counter)
        .returning(AuthenticatorApp.user_id)
        .execution_options(synchronize_session=False)
    )
    return own.execute(newer).first() is not None


def _use_paper(own: Session, user_id: int, code: str, secret: str) -> bool:
    digest = rules.recovery_hash(sealing.key(secret, CODES), user_id, code)
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == digest,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return own.execute(used).first() is not None


def reset(user_id: int) -> int:
    """Take all second factors from a person who is locked out; how many there were."""
    gone = 0
    for model in (AuthenticatorApp, RecoveryCode, Passkey):
        these = delete(model).where(model.user_id == user_id)
        gone += len(db.session.execute(these.returning(model.user_id)).all())
    audit.record("user.factors_reset", kind="user", key=user_id)
    return gone

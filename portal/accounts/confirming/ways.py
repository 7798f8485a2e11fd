"""The ways to show that it is still you; a new way is a line in `WAYS`."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.accounts import passwords, queries, throttle
from portal.accounts.factors import queries as factor_queries
from portal.accounts.factors import service as factors
from portal.accounts.factors.queries import Factors
from portal.accounts.oidc import queries as identities
from portal.accounts.passkeys.rules import site_of
from portal.accounts.rules import DEMO_DOMAIN, email_key
from portal.accounts.sessions import CurrentUser
from portal.accounts.signing_in import Browser
from portal.audit import service as audit
from portal.db import apart, reading, writing
from portal.errors import Invalid


class WrongAnswer(Invalid):
    """What was given does not show who it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, from where, and whether this is a demo."""

    user: CurrentUser
    browser: Browser
    demo: bool = False
    secret: str = ""
    base_url: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to confirm: an answer typed into the page that asks, or a page elsewhere.

    `check` looks at the answer, which is the field `confirm_<key>`, and raises WrongAnswer or
    TooMany; it counts guesses with `throttle`. A way of a page elsewhere (a passkey, another
    sign-in service) has no `check` but the endpoint to open in another tab, which calls
    `gate.confirm_now()`; then the form, which stayed as it was, is sent again.
    """

    key: str
    offered: Callable[[Asked], bool]
    check: Callable[[Asked, str], None] | None = None
    endpoint: str = ""


def _secret(asked: Asked) -> queries.Secret | None:
    with reading(), apart() as own:
        return queries.secret_of_user(own, asked.user.id)


def _has_password(asked: Asked) -> bool:
    secret = _secret(asked)
    return secret is not None and secret.password_hash is not None


def _check_password(asked: Asked, answer: str) -> None:
    secret = _secret(asked)
    attempt = throttle.begin(email_key(asked.user.email), asked.browser.address, of=throttle.OWN)
    if not passwords.verify(secret.password_hash if secret else None, answer):
        audit.record_apart("user.password_refused", kind="user", key=asked.user.id)
        raise WrongAnswer("this is not the password")
    with writing(), apart() as own:
        if queries.secret_of_user(own, asked.user.id, lock=True) != secret:
            raise WrongAnswer("the password was changed at this very moment")
        throttle.was_right(attempt, own)
        own.commit()


def _is_demo(asked: Asked) -> bool:
    return asked.demo and asked.user.email.endswith(f"@{DEMO_DOMAIN}")


def _check_demo(asked: Asked, _answer: str) -> None:
    if not _is_demo(asked):
        raise WrongAnswer("this is no demo")


def _factors(asked: Asked) -> Factors:
    with reading(), apart() as own:
        return factor_queries.of_user(own, asked.user.id)


def _has_app(asked: Asked) -> bool:
    return _factors(asked).app_since is not None


def _check_code(asked: Asked, answer: str) -> None:
    try:
        factors.check(
            asked.user.id,
            asked.user.email,
            answer,
            address=asked.browser.address,
            secret=asked.secret,
        )
    except factors.WrongCode as error:
        raise WrongAnswer("this is not the code") from error


def _has_passkey(asked: Asked) -> bool:
    return site_of(asked.base_url) is not None and _factors(asked).passkeys > 0


def _is_of_company(asked: Asked) -> bool:
    with reading(), apart() as own:
        return bool(asked.issuer) and identities.is_known(asked.user.id, asked.issuer, own)


WAYS = (
    Way("demo", _is_demo, _check_demo),  # its people came in by a button
    Way("password", _has_password, _check_password),
    Way("code", _has_app, _check_code),
    Way("passkey", _has_passkey, endpoint="passkeys.confirm"),
    Way("company", _is_of_company, endpoint="oidc.confirm"),
)

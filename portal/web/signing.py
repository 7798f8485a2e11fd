"""What is signed for a browser, with as little work a request as may be: its session, its forms."""

from collections.abc import Callable

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

KEPT = 400
"""Tokens kept at most; one a browser, about 250 bytes."""


class Cookies(SecureCookieSessionInterface):
    """Flask's sessions, whose serializer is made once and not for every request."""

    def __init__(self) -> None:
        self._made: tuple[object, URLSafeTimedSerializer] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of the application's secrets, made anew when these change."""
        secrets = (app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if self._made is None or self._made[0] != secrets:
            serializer = super().get_signing_serializer(app)
            if serializer is None:
                return None
            self._made = (secrets, serializer)
        return self._made[1]


def form_token(*, most: int = KEPT) -> Callable[[], str]:
    """Return what makes `csrf_token()` in templates: the token in a browser's session, signed.

    It is signed once a browser: Flask-WTF takes what it has signed as long as the session holds
    the same token (`WTF_CSRF_TIME_LIMIT` is none), so there is nothing to sign anew.

    Args:
        most: how many are kept before all are forgotten.
    """
    kept: dict[str, str] = {}

    def token() -> str:
        signed = kept.get(session.get("csrf_token", ""))
        if signed is None:
            signed = str(generate_csrf())
            if len(kept) >= most:
                kept.clear()
            kept[session["csrf_token"]] = signed
        return signed

    return token

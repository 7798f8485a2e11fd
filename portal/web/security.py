"""What goes out with every response: security headers, caching rules, compression."""

from flask import Flask, Response

from portal.web import packing

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types portal"
)
"""Nothing inline, no code from elsewhere, pictures as `portal.markup` lets them through."""

EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
ON_PAGES = (
    ("Content-Security-Policy", CSP),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
"""What only means something for a document; on five small files it would be 2 kB for nothing."""

HSTS = ("Strict-Transport-Security", "max-age=31536000")

SUBRESOURCES = frozenset({"text/css", "text/javascript", "application/manifest+json"})
COMPRESSIBLE = frozenset({"text/html", "text/plain", "text/csv", "application/json"})
SMALLEST = 800
"""Bytes below which packing costs more than it saves: the answer fits one packet anyway."""


def protect(response: Response, *, secure: bool) -> Response:
    """Add the headers a browser needs to be strict; HSTS only where people come by https."""
    for name, value in EVERYWHERE:
        response.headers.setdefault(name, value)
    if response.mimetype not in SUBRESOURCES:
        for name, value in ON_PAGES:
            response.headers.setdefault(name, value)
    if secure:
        response.headers.setdefault(*HSTS)
    if "Cache-Control" not in response.headers:
        # Pages belong to the person signed in; `no-cache` still lets the back button be instant.
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Cookie")
    return response


def compress(response: Response) -> Response:
    """Pack a text answer of 800 bytes or more when the browser takes Brotli or gzip.

    The session cookie is SameSite=Lax, so another site can not make signed-in requests whose
    packed length would tell it anything.
    """
    if response.mimetype not in COMPRESSIBLE or response.is_streamed:
        return response
    if "Content-Encoding" in response.headers or response.status_code in {204, 206, 304}:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    coding = packing.coding("br", "gzip") if len(body) >= SMALLEST else None
    if coding is None:
        return response
    response.set_data(packing.quickly(body, coding))
    response.headers["Content-Encoding"] = coding
    return response


def install(app: Flask, *, secure: bool) -> None:
    """Protect and compress every response of this application."""

    @app.after_request
    def finish(response: Response) -> Response:
        return compress(protect(response, secure=secure))

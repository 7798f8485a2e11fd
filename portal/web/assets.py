"""The static files: read once, joined, squeezed, named by their content and cached for a year."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from flask import Blueprint, Response, abort
from werkzeug.datastructures import HeaderSet

from portal.web import packing

STATIC = Path(__file__).parent / "static"
STYLES = ("tokens", "base", "layout", "parts", "search", "asset", "account", "util")
"""The order of the stylesheet; tokens.css comes first because it orders the cascade layers."""

PARTS = ("pack", "usage", "later", "reading", "signing")
"""Folders of what only some pages need, or is fetched when it is first needed."""
YEAR = 31_536_000
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent: plain and packed by coding; its address carries its digest."""

    name: str
    url: str
    body: bytes

    @cached_property
    def packed(self) -> Mapping[str, bytes]:
        """The body by coding, packed when it is first asked for: all files take 0.15 s."""
        return packing.tightly(self.body)


def squeeze_css(text: str) -> str:
    """Drop comments and the white space around line ends; strings never span lines in our files."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"(?<=[{};,])\s*\n\s*", "", text)
    text = re.sub(r"\s*\n\s*", " ", text)
    text = re.sub(r"([:;,]) ", r"\1", text)  # never " :", which is a descendant selector
    return re.sub(r";?\s*}\s*", "}", re.sub(r"\s*{\s*", "{", text)).strip()


def squeeze_js(text: str) -> str:
    """Drop indentation, blank lines and whole-line comments; what is left keeps its lines."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _file(name: str, body: bytes) -> StaticFile:
    digest = hashlib.sha256(body).hexdigest()[:10]
    return StaticFile(name, f"/s/{digest}/{name}", body)


def _joined(folder: Path) -> bytes:
    """Return the stylesheets of a folder as one."""
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("*.css")))
    return "".join(map(squeeze_css, texts)).encode()


def load(folder: Path = STATIC) -> Mapping[str, StaticFile]:
    """Read the static files, squeezed, by name; what only some pages need is kept apart."""
    styles = "".join(squeeze_css((folder / "css" / f"{n}.css").read_text("utf-8")) for n in STYLES)
    scripts = [
        folder / "app.js",
        folder / "later/later.js",
        folder / "signing/passkeys.js",
        *sorted((folder / "desk").glob("*.js")),
    ]
    icon = _file("icon.svg", (folder / "icon.svg").read_bytes())
    manifest = (folder / "manifest.webmanifest").read_text("utf-8").replace("icon.svg", icon.url)
    files = [
        _file("app.css", styles.encode()),
        *(_file(f"{part}.css", _joined(folder / part)) for part in PARTS),
        _file("desk.css", _joined(folder / "reading") + _joined(folder / "desk")),
        _file("insights.css", _joined(folder / "usage") + _joined(folder / "insights")),
        *(_file(p.name, squeeze_js(p.read_text("utf-8")).encode()) for p in scripts),
        _file("icons.svg", (folder / "icons.svg").read_bytes()),
        icon,
        _file("manifest.webmanifest", manifest.encode()),
    ]
    return MappingProxyType({file.name: file for file in files})


def icon_names(files: Mapping[str, StaticFile]) -> list[str]:
    """The names of the symbols in the sprite."""
    return re.findall(r'<symbol id="([a-z]+)"', files["icons.svg"].body.decode())


class SameForAll(Response):
    """A response that never varies by cookie.

    Flask says `Vary: Cookie` as soon as any extension has looked at the session; a browser would
    then fetch every file anew whenever a cookie changes, for example with the theme.
    """

    @property
    def vary(self) -> HeaderSet:
        """A set that is not sent; `Vary` itself is set where the answer is made."""
        return HeaderSet()


def respond(file: StaticFile, digest: str) -> Response:
    """Answer with a file; an address of another version gets today's, kept by no cache."""
    coding = packing.coding(*file.packed)
    response = SameForAll(file.packed[coding] if coding else file.body)
    response.headers["Content-Type"] = TYPES[file.name.rsplit(".", 1)[1]]
    response.headers["Vary"] = "Accept-Encoding"
    if coding:
        response.headers["Content-Encoding"] = coding
    current = digest == file.url.split("/")[2]
    response.headers["Cache-Control"] = (
        f"public, max-age={YEAR}, immutable" if current else "no-store"
    )
    return response


def blueprint(files: Mapping[str, StaticFile]) -> Blueprint:
    """Serve the files below `/s/`, to everybody; the endpoint is `web.static_file`."""
    bp = Blueprint("web", __name__)

    @bp.get("/s/<digest>/<name>")
    def static_file(digest: str, name: str) -> Response:
        file = files.get(name)
        return respond(file, digest) if file else abort(404)

    static_file.act = "portal.static"  # type: ignore[attr-defined]  # what the gate looks for

    return bp

"""Markdown to allow-listed HTML within bounds of size, time and memory.

What does it is loaded for the first text that is drawn: it takes 3 MB, and a server mostly shows
what was drawn when it was saved.
"""

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from portal.errors import Invalid

if TYPE_CHECKING:
    from nh3 import Cleaner

MAX_SOURCE = 1_000_000  # bytes of UTF-8
MAX_HTML = 6_000_000  # characters; cleaning can multiply unclosed tags
SECONDS = 5.0
CHILD_MEMORY = 1 << 30  # bytes
# up to here a source is drawn at once; above, in a process that can be ended
PLAIN_SOURCE = 150_000  # characters
PLAIN_MARKS = {"<": 1500}
PLAIN_BLOCKS = 200_000_000  # squares of the characters between empty lines, summed
BLOCK_MARKS = {"[": 250, "](": 250, "<": 400, "<!": 50}
TOO_LONG = "This text is longer than 1 MB: split it into several documents."
TOO_SLOW = "This text takes too long to draw: it holds very many nested or unclosed marks."
UNREADABLE = "This text can not be drawn: its marks are nested too deeply."

KEPT = frozenset(
    (
        "p br hr h1 h2 h3 h4 h5 h6 strong b em i u s del ins sub sup small mark kbd code samp var "
        "pre blockquote ul ol li dl dt dd table thead tbody tfoot tr th td caption a img abbr q "
        "cite aside div"
    ).split()
)
# boxes without a meaning of their own: they part blocks, then dissolve
BOXES = frozenset(
    (
        "section article header footer main nav figure figcaption center details summary address"
    ).split()
)
# left out with all they hold
HOLLOW = frozenset({"script", "style", "svg", "math", "template"})
# left out, what they hold stays
DROPPED = frozenset(
    (
        "html head body title meta link base form input button label select option optgroup "
        "textarea fieldset legend iframe frame frameset noframes object embed applet param video "
        "audio source track canvas map area noscript noembed xmp plaintext listing marquee font "
        "span big tt strike nobr wbr bdo bdi dialog slot picture data time output progress meter "
        "ruby rt rp dfn dir menu menuitem colgroup col basefont bgsound blink image isindex keygen "
        "spacer portal"
    ).split()
)
# these would swallow the rest of the text if they stayed open
SWALLOWING = frozenset(
    "title textarea xmp plaintext noembed noframes noscript iframe select frameset".split()
)

_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)")
_SWALLOWING_TAG = re.compile(rf"</?(?:{'|'.join(sorted(SWALLOWING))})\b[^<>]*>?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@cache
def _cleaner() -> "Cleaner":
    import nh3  # noqa: PLC0415  # as said at the top

    return nh3.Cleaner(
        tags=set(KEPT | BOXES),
        clean_content_tags=set(HOLLOW),
        attributes={
            "a": {"href", "title", "name", "id"},
            "abbr": {"title"},
            "img": {"src", "alt", "title", "width", "height"},
            "ol": {"start"},
            **{cell: {"align", "colspan", "rowspan"} for cell in ("td", "th")},
            **{f"h{level}": {"id"} for level in range(1, 7)},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def _escape_unknown(match: re.Match[str]) -> str:
    name = match[2].lower()
    known = name in KEPT or name in BOXES or name in HOLLOW or name in DROPPED
    return match[0] if known else f"&lt;{match[1]}{match[2]}"


def _close_open_ends(html: str) -> str:
    """Make what is opened and never closed plain text, so that the rest of the page survives."""
    for opening, closing in (("<!--", "-->"), *((f"<{tag}", f"</{tag}") for tag in HOLLOW)):
        ends = [m.start() for m in re.finditer(re.escape(closing), html, re.IGNORECASE)]
        last = ends[-1] if ends else 0
        tail = re.sub(re.escape(opening), "&lt;" + opening[1:], html[last:], flags=re.IGNORECASE)
        html = html[:last] + tail
    return _SWALLOWING_TAG.sub("", html)


def convert(source: str) -> str:
    """Return allow-listed HTML of Markdown; unbounded in time, so only for `to_html`."""
    import markdown  # noqa: PLC0415  # as said at the top
    from markdown.extensions.fenced_code import FencedCodeExtension  # noqa: PLC0415
    from markdown.extensions.sane_lists import SaneListExtension  # noqa: PLC0415
    from markdown.extensions.tables import TableExtension  # noqa: PLC0415

    writer = markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FencedCodeExtension(),
            SaneListExtension(),
        ]
    )
    html = _TAG_NAME.sub(_escape_unknown, writer.convert(source))
    return _cleaner().clean(_close_open_ends(html))


def risky(source: str) -> bool:
    """Whether the source could take more than a moment: measured on repeated marks, see tests."""
    if len(source) > PLAIN_SOURCE or any(source.count(m) > n for m, n in PLAIN_MARKS.items()):
        return True
    blocks = source.split("\n\n")
    return sum(len(block) ** 2 for block in blocks) > PLAIN_BLOCKS or any(
        block.count(m) > n for block in blocks for m, n in BLOCK_MARKS.items()
    )


def _in_child(source: str) -> str:
    """Convert in a process of its own that can be ended; costs about 0.2 s more."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from portal.markup.cleaning import serve; serve()"],
            input=source.encode(),
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid(TOO_SLOW) from error
    if done.returncode != 0:
        raise Invalid(UNREADABLE)
    return done.stdout.decode()


def serve() -> None:
    """Be the child: Markdown on standard input, HTML on standard output, memory bounded."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    html = convert(sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(html[: MAX_HTML + 1].encode())


def to_html(source: str) -> str:
    """Return allow-listed HTML of Markdown, in at most about five seconds.

    Raises:
        Invalid: when the source is over 1 MB, or would take too long or too much memory.
    """
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE:
        raise Invalid(TOO_LONG)
    source = _CONTROLS.sub("", source.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        html = _in_child(source) if risky(source) else convert(source)
    except (RecursionError, AssertionError, ValueError, OverflowError, IndexError) as error:
        raise Invalid(UNREADABLE) from error
    if len(html) > MAX_HTML:
        raise Invalid(TOO_SLOW)
    return html

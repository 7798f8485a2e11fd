"""Puts a Copy button beside every sayable sentence of a section's cleaned HTML."""

import re
from functools import lru_cache

from markupsafe import Markup, escape

ANCHOR_MARK = 'id="say-'
_TAG = re.compile(r"<(/?)blockquote\b([^>]*)>")
_ANCHOR = re.compile(r'\bid="(say-[A-Za-z0-9_-]+)"')


def _quotes(html: str) -> list[tuple[int, int, str]]:
    """Where each outermost quote that can be said stands: start, end, anchor.

    Quotes may be nested in what people write, so tags are counted, not matched in pairs by a regex.
    """
    found: list[tuple[int, int, str]] = []
    depth, start, anchor = 0, 0, ""
    for tag in _TAG.finditer(html):
        if not tag[1]:
            if depth == 0:
                named = _ANCHOR.search(tag[2])
                start, anchor = tag.start(), named[1] if named else ""
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and anchor:
                found.append((start, tag.end(), anchor))
    return found


@lru_cache(maxsize=512)
def with_copy_buttons(html: str, icon: str, label: str, language: str) -> Markup:
    """Wrap each sayable quote of cleaned HTML with a button that copies it.

    The result is kept: the sections of a library are few, and the same for every reader of a
    language. Where no script runs the stylesheet hides the button; the text can be marked.

    Args:
        html: a section's HTML as `portal.markup` made it: already safe, and not escaped again.
        icon: the picture in the button, as HTML.
        label: its word, in the language of the interface.
        language: that language, because the content around may be in another.
    """
    after = f'" lang="{escape(language)}">{icon}<span>{escape(label)}</span></button></div>'
    parts: list[str] = []
    at = 0
    for start, end, anchor in _quotes(html):
        button = f'<button class="btn copy" type="button" data-copy="{anchor}"'
        named = f'{button} aria-describedby="{anchor}'
        parts += [html[at:start], '<div class="say">', html[start:end], named, after]
        at = end
    return Markup("".join([*parts, html[at:]]))  # noqa: S704  # safe HTML with our button between

"""Where a text's links to other content files lead, read back from what was drawn of it.

A link such as `../two.md` is resolved once, when the text is drawn beside the files it came with.
Exported elsewhere, or edited here, it could not be resolved again: where it led is told instead.
"""

import html
import re
from collections.abc import Iterable

from portal.errors import Invalid
from portal.library import service
from portal.library.links import ASSETS
from portal.library.models import AssetText

MOST = 100_000  # characters of targets a file can tell, so that its front matter can be read
_HREF = re.compile(r'<a href="([^"]*)"')
_PAGE = re.compile(rf"{ASSETS}/([a-z0-9-]+)(?:#.*)?", re.DOTALL)
_RESOLVED = re.compile(rf'<a href="(?:{ASSETS}/|(?!#|https?:|mailto:))')


def targets_of(text: AssetText) -> dict[str, str | None]:
    """Return each content file a text links to with its asset's slug, as drawn when it was saved.

    None stands for a link that leads to no asset. A text without such links costs next to nothing,
    any other one drawing.
    """
    drawn = [str(section["html"]) for section in text.sections]
    if not any(map(_RESOLVED.search, drawn)):
        return {}
    asked: list[str] = []

    def number(href: str) -> str:
        asked.append(href)
        return str(len(asked) - 1)

    try:
        again = service.draw(text.body, title=text.title, link_of=number)
    except Invalid:
        return {}
    marks, leads = _hrefs(section.html for section in again.sections), _hrefs(drawn)
    if len(marks) != len(leads):  # drawn by an older version of this portal
        return {}
    pairs = zip(marks, leads, strict=True)
    # every relative link was asked for, so what is left has a scheme or begins with `#`
    return _told((asked[int(mark)], lead) for mark, lead in pairs if mark.isdecimal())


def _hrefs(sections: Iterable[str]) -> list[str]:
    return [html.unescape(href) for section in sections for href in _HREF.findall(section)]


def _told(links: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    targets: dict[str, str | None] = {}
    room = MOST
    for href, lead in links:
        file, page = service.file_named(href), _PAGE.fullmatch(lead)
        if not file or file in targets:
            continue
        room -= len(file) + len(lead) + 8
        if (page or lead == href) and room > 0:
            targets[file] = page[1] if page else None
    return targets

"""The translators' side: collect every marked word, say what is missing, keep the `.po` files.

For contributors: `python -m portal.web.catalog` brings both `.po` files up to date and lists what
still needs words; it exits with 1 while there is something.
"""

import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

PORTAL = Path(__file__).parents[1]
LANGUAGES = ("vi", "ru")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {
    # A template that can not be read must fail the run, not vanish from the catalog.
    "**/templates/**.html": {"silent": "false", "trim_blocks": "true", "newstyle_gettext": "true"},
}
HEADERS = ('"Language:', '"Plural-Forms:', '"MIME-Version:', '"Content-')
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


@dataclass(frozen=True, slots=True)
class Gap:
    """A message a language has no good words for, and why."""

    language: str
    message: str
    reason: str
    places: tuple[str, ...]


def path_of(language: str, root: Path = PORTAL) -> Path:
    """Where a language's catalog is."""
    return root / "translations" / language / "LC_MESSAGES" / "messages.po"


def extract(root: Path = PORTAL) -> Catalog:
    """Collect the marked words of every module and template below `root`.

    Raises:
        jinja2.TemplateSyntaxError: when a template can not be parsed.
    """
    found = Catalog(project="Arsenal", charset="utf-8", fuzzy=False)
    rows = extract_from_dir(
        root, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",)
    )
    for filename, line, message, comments, context in rows:
        place = (Path(filename).as_posix(), line)
        found.add(message, None, [place], auto_comments=comments, context=context)
    return found


def read(language: str, root: Path = PORTAL) -> Catalog:
    """The catalog kept for a language; an empty one when there is none yet."""
    path = path_of(language, root)
    if not path.exists():
        return Catalog(locale=language, project="Arsenal", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="messages")


def _words(message: Message) -> tuple[str, ...]:
    """The translations of a message, one a plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _fault(message: Message | None, kept: Catalog) -> str:
    if message is None:
        return "not in the catalog"
    if message.fuzzy:
        return "marked fuzzy"
    words = _words(message)
    wanted = kept.num_plurals if message.pluralizable else 1
    if len(words) != wanted or not all(words):
        return "not translated"
    problems = list(message.check(kept))
    return f"broken: {problems[0]}" if problems else ""


def missing(language: str, root: Path = PORTAL, *, found: Catalog | None = None) -> list[Gap]:
    """The messages a language lacks, or has in a form that would break a page."""
    kept = read(language, root)
    gaps = []
    for message in found or extract(root):
        if not message.id:
            continue
        reason = _fault(kept.get(message.id, message.context), kept)
        if reason:
            text = message.id if isinstance(message.id, str) else message.id[0]
            places = tuple(f"{name}:{line}" for name, line in message.locations)
            gaps.append(Gap(language, text, reason, places))
    return gaps


def _written(kept: Catalog) -> str:
    """The text of a `.po` file without dates, names and line numbers: equal words, equal file."""
    buffer = io.BytesIO()
    write_po(buffer, kept, width=0, sort_output=True, include_lineno=False)
    header, rest = buffer.getvalue().decode("utf-8").split("\n\n", 1)
    lines = [line for line in header.splitlines() if line.startswith(("msg", *HEADERS))]
    name = Locale.parse(kept.locale_identifier or "en").english_name
    return "\n".join([f"# {name} words of the portal.", *lines, "", rest])


def update(language: str, root: Path = PORTAL, *, found: Catalog | None = None) -> Path:
    """Bring a `.po` file in line with the words in use: new words empty, unused ones out."""
    kept = read(language, root)
    kept.update(found or extract(root), no_fuzzy_matching=True)
    kept.obsolete.clear()
    path = path_of(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_written(kept), "utf-8")
    return path


def main(languages: Sequence[str] = LANGUAGES) -> int:
    """Update the catalogs and print the gaps; 0 when there is none, else 1."""
    found = extract()
    gaps = []
    for language in languages:
        update(language, found=found)
        gaps += missing(language, found=found)
    for gap in gaps:
        sys.stdout.write(
            f"{gap.language}: {gap.reason}: {gap.message!r} ({', '.join(gap.places)})\n"
        )
    return 1 if gaps else 0


if __name__ == "__main__":
    raise SystemExit(main())

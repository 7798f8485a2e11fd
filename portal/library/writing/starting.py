"""What a new text begins with: the template of its kind, and the blocks that buttons put in."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import yaml
from babel.dates import format_date

from portal.config import Language
from portal.library.rules import Kind

BLOCKS = ("objection", "sentence", "table", "claim")
_MONTHS = {Language.EN: "LLLL yyyy", Language.VI: "M/yyyy", Language.RU: "LLLL yyyy"}


@cache
def template(kind: Kind, language: Language) -> str:
    """Return the Markdown a text of a kind begins with.

    Hints stand in HTML comments: the writer sees them, the renderer drops them.
    """
    folder = resources.files(__package__) / "starts" / kind.value
    return (folder / f"{language.value}.md").read_text("utf-8")


def remark(text: str) -> str:
    """Return words for the writer alone, as a comment that readers never get."""
    told = text.strip().replace("--", "- -").replace(">", "›")
    return f"<!-- {told} -->\n\n" if told else ""


@cache
def _pieces() -> Mapping[str, Mapping[str, str]]:
    text = (resources.files(__package__) / "starts" / "blocks.yaml").read_text("utf-8")
    pieces: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return pieces


def blocks(language: Language, today: date) -> dict[str, str]:
    """Return the Markdown of each block by name; a claim carries a source and this month."""
    pieces = {name: said[language.value] for name, said in _pieces().items()}
    month = format_date(today, _MONTHS[language], locale=language.value)
    filled = pieces["claim"].format(source=pieces["source"], month=month)
    return {name: filled if name == "claim" else pieces[name] for name in BLOCKS}

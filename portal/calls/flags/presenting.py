"""What pages of remarks show: who said what of which part, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.rules import Role
from portal.calls.flags import labels, rules
from portal.calls.ratings.models import AssetFlag
from portal.calls.ratings.queries import Rated
from portal.library.links import asset_path
from portal.library.queries import sections_of
from portal.web import words


@dataclass(frozen=True, slots=True)
class View:
    """A remark in a list."""

    id: int
    title: str
    language: str
    url: str
    heading: str
    kind: str
    state: str
    state_label: str
    words: str
    who: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None
    may_answer: bool
    is_out: bool


def headings(about: Rated) -> list[tuple[str, str]]:
    """Return the parts of a text: (anchor, heading)."""
    return [(s.anchor, s.heading) for s in sections_of(about.sections) if s.heading and s.anchor]


def title_of(flag: AssetFlag) -> tuple[str, str]:
    """Return what the asset of a remark is called in the language it is about, and its language."""
    titles: Mapping[str, str] = {text.language: text.title for text in flag.asset.texts}
    language = flag.language if flag.language in titles else next(iter(titles), flag.language)
    return titles.get(language, flag.asset.slug), language


def view(flag: AssetFlag, *, role: Role, viewer_id: int) -> View:
    """Show a remark to somebody."""
    title, language = title_of(flag)
    asset = flag.asset
    text = next((text for text in asset.texts if text.language == language), None)
    parts = {s.anchor: s.heading for s in sections_of(text.sections)} if text else {}
    answers = rules.may_answer(
        role=role, viewer_id=viewer_id,
        owner_id=asset.owner_id, backup_owner_id=asset.backup_owner_id,
    )  # fmt: skip
    return View(
        id=flag.id,
        title=title,
        language=language,
        url=asset_path(asset.slug, language, anchor=flag.anchor),
        heading=parts.get(flag.anchor, flag.anchor),
        kind=words.label(labels.WRONG, flag.kind),
        state=flag.state,
        state_label=words.label(labels.STATES, flag.state),
        words=flag.words,
        who=flag.user.name,
        at=flag.at,
        answer=flag.answer,
        answered_by=flag.answered_by.name if flag.answered_by else "",
        answered_at=flag.answered_at,
        may_answer=answers and flag.state == rules.State.OPEN.value,
        is_out=asset.state == "published",
    )

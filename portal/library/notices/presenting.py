"""What a notice says, in the reader's language, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext, ngettext

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Role
from portal.library.notices import labels
from portal.library.notices.models import Notice
from portal.library.notices.rules import CHECKS, OF_TOPIC, Topic
from portal.library.rules import pick_language
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One thing a person is told; `slug` is empty when it is about no one asset."""

    id: int
    slug: str
    title: str
    language: str
    says: str
    who: str
    note: str
    at: datetime
    is_read: bool
    is_check: bool
    kind: str
    kind_label: str


def notice_views(notices: Sequence[Notice]) -> list[NoticeView]:
    """Show notices."""
    return [_view(notice) for notice in notices]


def _view(notice: Notice) -> NoticeView:
    texts = {t.language: t.title for t in notice.asset.texts} if notice.asset else {}
    language = pick_language(texts, None, locale.code()).value if texts else str(locale.code())
    title = texts.get(language, notice.asset.slug) if notice.asset else ""
    return NoticeView(
        id=notice.id,
        slug=notice.asset.slug if notice.asset else "",
        title="" if notice.topic in labels.SENTENCES else title,
        language=language,
        says=_says(notice),
        who=notice.actor.name if notice.actor else "",
        note=_note(notice),
        at=notice.at,
        is_read=notice.read_at is not None,
        is_check=notice.topic in {topic.value for topic in CHECKS} and notice.read_at is None,
        kind=OF_TOPIC[notice.topic].value,
        kind_label=words.label(labels.KINDS, OF_TOPIC[notice.topic]),
    )


def _says(notice: Notice) -> str:
    """Return the words of a notice, which follow the asset's title where it has one."""
    if notice.topic in labels.SENTENCES:
        who = notice.actor.name if notice.actor else gettext("Somebody")
        day = notice.detail.get("day")
        title = str(notice.detail.get("title", ""))
        title = locale.day(date.fromisoformat(day)) if day else title
        return str(labels.SENTENCES[notice.topic]) % {"who": who, "title": title}
    if notice.asset or notice.topic != Topic.HANDED_OVER:
        return words.label(labels.TOPICS, notice.topic)
    return _of_many(notice)


def _of_many(notice: Notice) -> str:
    """Return the words for what was handed over at once."""
    count, reviews = int(notice.detail.get("count", 0)), int(notice.detail.get("reviews", 0))
    name = str(notice.detail.get("name", ""))
    if not name:
        return str(
            ngettext(
                "%(num)d asset is in your care now", "%(num)d assets are in your care now", count
            )
        )
    said = ngettext(
        "%(num)d asset of %(name)s is in your care now",
        "%(num)d assets of %(name)s are in your care now",
        count,
        name=name,
    )
    if count and not reviews:
        return str(said)
    review = gettext("what %(name)s reviewed is yours to review now", name=name)
    return f"{said}; {review}" if count else review


def _note(notice: Notice) -> str:
    due = notice.detail.get("due_on")
    if due:
        return str(gettext("Due %(date)s", date=locale.day(date.fromisoformat(due))))
    return str(notice.detail.get("reason") or notice.detail.get("said") or "")


def leads_to(notice: Notice, role: Role) -> str:
    """Return the address of what a notice is about, as somebody of this role may see it."""
    if notice.path:
        return notice.path
    writes = policy.reaches(role, Act.ASSET_DESK)
    if notice.asset is not None:
        view = "publishing.show" if writes else "library.show"
        return url_for(view, slug=notice.asset.slug)
    if writes and notice.topic == Topic.HANDED_OVER:
        return url_for("freshness.index", whose="mine")
    return url_for("notices.index")

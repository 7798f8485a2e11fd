"""What the voice of customers shows: groups with counts, quotes without a name, filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from portal.calls import labels, rules
from portal.calls.log import queries as used
from portal.calls.models import CallPoint
from portal.calls.rules import Answer, Said
from portal.calls.voice.queries import Group
from portal.calls.voice.rules import ALL, ANSWERING, WINDOWS, Asked, may_answer
from portal.deals.presenting import stage_words, term_choices
from portal.library.links import asset_path
from portal.library.rules import Facet, pick_language
from portal.web import locale, words

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Something said in several calls."""

    url: str
    kind_label: str
    words: str
    department: str
    state: str
    state_label: str
    calls: int
    deals: int
    last: datetime
    request_id: int | None


def group_views(groups: Sequence[Group]) -> list[GroupView]:
    """Show groups."""
    names = used.term_names(group.slug for group in groups if group.slug)
    return [
        GroupView(
            url=url_for("voice.show", point_id=group.id),
            kind_label=words.label(labels.SAID, group.kind),
            words=group.words or used.name_in(names, group.slug or "", locale.code().value),
            department=words.label(words.DEPARTMENTS, group.department),
            state=group.state,
            state_label=words.label(labels.ANSWERS, group.state),
            calls=group.calls,
            deals=group.deals,
            last=group.last,
            request_id=group.request_id if group.state == Answer.OPEN.value else None,
        )
        for group in groups
    ]


def words_of(it: CallPoint) -> str:
    """Return what was said; of a competitor, its name."""
    if it.words:
        return it.words
    return used.name_in(used.term_names([it.slug or ""]), it.slug or "", locale.code().value)


@dataclass(frozen=True, slots=True)
class Quote:
    """Where it was said: nothing of the customer but the industry."""

    words: str
    who: str
    at: datetime
    stage: str
    role: str
    industry: str


def quotes(points: Sequence[CallPoint]) -> list[Quote]:
    """Show where something was said."""
    industries = dict(term_choices(Facet.INDUSTRY.value))
    found = []
    for it in points:
        customer = it.call.deal.customer
        industry = customer.industry if customer else ""
        found.append(
            Quote(
                words=it.words,
                who=it.call.user.name,
                at=it.at,
                stage=stage_words(it.call.stage),
                # own words for a role may hold a name
                role=words.label(labels.ROLES, it.call.with_role)
                if it.call.with_role in rules.ROLES
                else "",
                industry=industries.get(industry, industry),
            )
        )
    return found


def answers(it: CallPoint) -> bool:
    """Whether the person signed in may answer this."""
    me = current_user
    return may_answer(role=me.role, department=me.department, of=it.department)


@dataclass(frozen=True, slots=True)
class Given:
    """The answer something has: an asset, or a request's number."""

    title: str
    url: str
    request_id: int | None


def given(it: CallPoint) -> Given | None:
    """Show the answer, when there is one, or the request that is to bring it."""
    if it.state == Answer.OPEN.value and it.request_id is not None:
        return Given("", "", it.request_id)
    if it.state != Answer.ANSWERED.value:
        return None
    asset = it.answer_asset
    if asset is None:
        return Given("", "", it.request_id)
    titles = {text.language: text.title for text in asset.texts}
    language = pick_language(titles, None, locale.code()).value if titles else ""
    return Given(titles.get(language, asset.slug), asset_path(asset.slug), it.request_id)


def ask_args(it: CallPoint, said: str) -> str:
    """Return what the form that asks for content is filled with."""
    told = {"title": said[:200], "department": it.department or "", "competitor": it.slug or ""}
    told["voice"] = str(it.id)
    return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Filter:
    """One list to choose from: its name in the address, its label, its choices, what is chosen."""

    name: str
    label: str
    choices: Choices
    value: str


def filters(asked: Asked) -> list[Filter]:
    """Return what the voice can be narrowed by."""
    any_one = ("", gettext("Any"))
    departments = [(d.value, words.label(words.DEPARTMENTS, d.value)) for d in ANSWERING]
    kinds = [(kind.value, words.label(labels.SAID_MANY, kind.value)) for kind in Said]
    states = [(it.value, words.label(labels.ANSWERS, it.value)) for it in Answer]
    days = [(str(n), ngettext("%(num)d day", "%(num)d days", n)) for n in WINDOWS]
    found = [
        Filter(
            "department",
            gettext("Whose to answer"),
            [(ALL, gettext("Everybody")), *departments],
            asked.department or ALL,
        ),
        Filter("kind", gettext("Kind"), [any_one, *kinds], asked.kind),
        Filter("state", gettext("State"), [*states, (ALL, gettext("Any"))], asked.state),
    ]
    for facet in (Facet.PRODUCT, Facet.COMPETITOR, Facet.INDUSTRY):
        chosen = getattr(asked, facet.value)
        choices = [any_one, *term_choices(facet.value, [chosen] if chosen else ())]
        found.append(Filter(facet.value, words.label(words.FACETS, facet.value), choices, chosen))
    return [*found, Filter("days", gettext("In the last"), days, str(asked.days))]


def departments_but(it: CallPoint) -> Choices:
    """Return the departments something can be given to."""
    return [
        (d.value, words.label(words.DEPARTMENTS, d.value))
        for d in ANSWERING
        if d.value != it.department
    ]

"""What is offered before a request is asked: assets and open requests that may be the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import current_app, render_template
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.labels import STATES
from portal.asset_requests.links import request_path
from portal.asset_requests.similar import rules, service
from portal.asset_requests.similar.rules import Said
from portal.asset_requests.similar.service import Alike
from portal.web import locale, words


class Existing(Protocol):
    """A published asset that may answer."""

    @property
    def slug(self) -> str:
        """The asset."""

    @property
    def language(self) -> str:
        """The language of its text."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def url(self) -> str:
        """Where it is."""


class Answers(Protocol):
    """Looks in the library for what answers a text; search gives it by `arsenal.answers`."""

    def __call__(self, text: str, *, about: Mapping[str, str], prefer: str) -> Sequence[Existing]:
        """Return assets, the best first."""


@dataclass(frozen=True, slots=True)
class ExistingView:
    """An asset as it is offered."""

    slug: str
    url: str
    title: str
    language: str
    kind: str
    kind_label: str


@dataclass(frozen=True, slots=True)
class AlikeView:
    """An open request as it is offered; `speaks` is the language of its title, when that shows."""

    number: int
    url: str
    title: str
    speaks: str | None
    state: str
    state_label: str
    waiting: str
    mine: bool


def _alike_view(it: Alike) -> AlikeView:
    return AlikeView(
        number=it.number,
        url=request_path(it.number),
        title=it.title,
        speaks=rules.speaks(it.title),
        state=it.state,
        state_label=words.label(STATES, it.state),
        waiting=ngettext("%(num)d waits for it", "%(num)d wait for it", it.people)
        if it.people
        else gettext("nobody waits for it now"),
        mine=it.mine,
    )


def existing_views(found: Sequence[Existing]) -> list[ExistingView]:
    """Show assets that may answer."""
    return [
        ExistingView(
            it.slug, it.url, it.title, it.language, it.kind, words.label(words.KINDS, it.kind)
        )
        for it in found
    ]


def _about(draft: Draft) -> dict[str, str]:
    return {name: value for name in rules.ABOUT if (value := getattr(draft, name))}


def offer(draft: Draft, user_id: int) -> tuple[list[ExistingView], list[AlikeView]]:
    """Return the assets and the open requests that may be what somebody is about to ask for."""
    if not rules.is_enough(draft.title):
        return [], []
    answers: Answers = current_app.extensions["arsenal.answers"]
    words_of: service.Words = current_app.extensions["arsenal.words"]
    about = _about(draft)
    existing = answers(draft.title, about=about, prefer=draft.language or str(locale.code()))
    alike = service.find(Said(words_of(draft.said), about, draft.language), user_id)
    return existing_views(existing), [_alike_view(it) for it in alike]


def fragment(draft: Draft, user_id: int) -> Markup:
    """Return what is offered as HTML, to stand beside the form `#ask`; empty when nothing is."""
    existing, alike = offer(draft, user_id)
    if not existing and not alike:
        return Markup("")
    page = "asset_requests/similar/_found.html"
    drawn = render_template(page, existing=existing, alike=alike)
    return Markup(drawn)  # noqa: S704  # just drawn, escaped where it had to be

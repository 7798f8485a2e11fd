"""How ratings look: an asset's stars or words, the form on its page, lines to rate."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, current_app, render_template
from flask_babel import gettext, ngettext
from flask_login import current_user
from markupsafe import Markup, escape

from portal import clock
from portal.cache import ByteCache
from portal.calls.flags.rules import may_answer
from portal.calls.models import Call, CallUse
from portal.calls.presenting import named as naming
from portal.calls.ratings import forms, labels, queries, rules
from portal.calls.ratings.forms import RateForm, Said
from portal.calls.ratings.models import Rating
from portal.calls.ratings.rules import Word
from portal.calls.ratings.scoring import Score
from portal.calls.ratings.standing import EVERY, Standing
from portal.config import Language
from portal.library.freshness.queries import titles
from portal.library.links import asset_path
from portal.web import locale


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an asset's ratings: plain words, and the same for a list of facts."""

    words: str
    html: Markup


def shown(score: Score) -> Shown:
    """Return how a score is shown: stars with their number, or words when there are few."""
    if score.n < rules.FEW:
        return _drawn(rules.in_a_word(score.value, score.own), score.n, locale.code())
    return _drawn(round(score.value, 1), score.n, locale.code())


@lru_cache(maxsize=4096)
def _drawn(said: float | Word, n: int, language: Language) -> Shown:
    """Draw a score, once for all that are the same; `language` is the request's."""
    if isinstance(said, Word):
        words, star = labels.few(said, n), "☆"
    else:
        value = format_decimal(said, format="0.0", locale=str(language))
        star = "★"
        words = ngettext(
            "%(score)s of 5 · %(num)d rating", "%(score)s of 5 · %(num)d ratings", n, score=value
        )
    html = f'<li class="rated"><b aria-hidden="true">{star}</b>{escape(words)}</li>'
    return Shown(str(words), Markup(html))  # noqa: S704  # escaped above


def install(app: Flask) -> None:
    """Give pages below and above `arsenal.ratings`: asset ids → what is shown of each.

    And `arsenal.says`: the form on an asset's page, with what its reader said before;
    `arsenal.scores`: the scores of all assets that were rated.
    """
    standing, nothing = Standing(), timedelta()

    def of(asset_ids: Iterable[int]) -> dict[int, Shown]:
        # tests undo what they write: there nothing is believed to be as it was
        known = standing.of(asset_ids, every=nothing if app.testing else EVERY)
        return {i: shown(score) for i, score in known.items()}

    app.extensions["arsenal.ratings"] = of
    app.extensions["arsenal.scores"] = lambda: standing.all(every=nothing if app.testing else EVERY)
    app.extensions["arsenal.says"] = says


def of(asset_ids: Sequence[int]) -> Mapping[int, Shown]:
    """Return what is shown of the ratings of these assets."""
    found: Mapping[int, Shown] = current_app.extensions["arsenal.ratings"](asset_ids)
    return found


# --- the page of an asset -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mine:
    """What a reader said of an asset without a call."""

    stars: int
    helped: str
    why: str
    at: datetime
    may_change: bool


STAND_IN = "<!--token-->"
"""Stands in a drawn form for the token of whoever gets it: the page around puts it there."""
FORMS = 512 * 1024
"""Bytes of forms kept: without a rating it is the same for all readers."""
_forms: ByteCache[Hashable, str] = ByteCache(FORMS)
ANY_SLUG, ANY_REVISION = "--slug--", "--revision--"
"""Stand for an asset's in the form of who has said nothing yet, which is one for all assets."""


def says(asset_id: int, slug: str, language: str, revision: int) -> tuple[str, str]:
    """Draw the open remarks on an asset, for who answers them, and the form that rates it."""
    row, me = queries.said(asset_id, language, current_user.id), current_user
    if row is None or row.state != "published":
        return "", ""
    answers = row.remarks and may_answer(
        role=me.role, viewer_id=me.id, owner_id=row.owner_id, backup_owner_id=row.backup_owner_id
    )
    remarks = render_template("calls/flags/_open.html", slug=slug, n=row.remarks) if answers else ""
    mine, is_owner = mine_of(row), row.owner_id == me.id
    about = (slug, str(revision)) if mine else (ANY_SLUG, ANY_REVISION)
    key = (*about, language, mine, is_owner, locale.code())
    rating = _forms.get(key)
    if rating is None:
        rating = render_template(
            "calls/ratings/_says.html",
            slug=about[0],
            language=language,
            revision=about[1],
            mine=mine,
            is_owner=is_owner,
            helped=forms.HELPED,
            token=STAND_IN,
        )
        _forms.put(key, rating, 500 + 2 * len(rating))
    if not mine:
        rating = rating.replace(ANY_SLUG, slug).replace(ANY_REVISION, str(revision))
    return remarks, rating


def mine_of(row: Any) -> Mine | None:  # noqa: ANN401  # a row of `queries.said`, or a rating
    """Show what a reader said before."""
    if row is None or row.stars is None:
        return None
    open_still = rules.may_change(row.at, clock.now())
    return Mine(row.stars, row.helped or "", row.why, row.at, open_still)


def filled(mine: Mine | None, revision: int) -> RateForm:
    """Return the form of a rating, with what was said before."""
    told = {"stars": str(mine.stars), "helped": mine.helped, "why": mine.why} if mine else {}
    return RateForm(formdata=None, revision=str(revision), **told)


# --- lists --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One use of an asset to rate, or a rating given; `until`: how long it can be changed."""

    key: str
    asset_id: int
    asset_language: str
    revision: int | None
    call_id: int | None
    title: str
    language: str
    url: str
    where: str
    at: datetime
    stars: int | None = None
    helped: str = ""
    why: str = ""
    may_change: bool = True
    error: str = ""


def _key(call_id: int | None, asset_id: int, language: str) -> str:
    return f"{call_id or 0}-{asset_id}-{language}"


def _where(call: Call | None) -> str:
    return (
        f"{naming(call.deal).name}, {locale.moment(call.at)}" if call else gettext("without a call")
    )


def _line(
    it: CallUse | Rating, call: Call | None, named: Mapping[int, tuple[str, str]], at: datetime
) -> Line:
    """Show what was used or rated on a call, or without one."""
    language, title = named.get(it.asset_id, (it.language, it.asset.slug))
    return Line(
        key=_key(it.call_id, it.asset_id, it.language),
        asset_id=it.asset_id,
        asset_language=it.language,
        revision=it.revision,
        call_id=it.call_id,
        title=title,
        language=language,
        url=asset_path(it.asset.slug, it.language),
        where=_where(call),
        at=at,
    )


def to_give(uses: Sequence[CallUse], calls: Mapping[int, Call]) -> list[Line]:
    """Show what was used in calls and is to be rated."""
    named = titles([use.asset_id for use in uses], locale.code().value)
    return [_line(use, call := calls[use.call_id], named, call.at) for use in uses]


def given(ratings: Sequence[Rating], now: datetime) -> list[Line]:
    """Show ratings that were given."""
    named = titles([it.asset_id for it in ratings], locale.code().value)
    return [
        replace(
            _line(it, it.call, named, it.at),
            stars=it.stars,
            helped=it.helped or "",
            why=it.why,
            may_change=rules.may_change(it.at, now),
        )
        for it in ratings
    ]


def typed(lines: Sequence[Line], told: Mapping[str, Said]) -> list[Line]:
    """Show lines with what was typed and why it could not be taken."""
    return [
        replace(
            it, stars=said.stars, helped=said.helped.value if said.helped else "", why=said.why,
            error=said.error,
        )
        if (said := told.get(it.key))
        else it
        for it in lines
    ]  # fmt: skip

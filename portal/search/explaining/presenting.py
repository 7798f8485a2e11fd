"""An explanation in the reader's language: which words where, each prior, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from portal.library.freshness.presenting import fresh_view
from portal.library.freshness.rules import Condition
from portal.search.explaining import labels
from portal.search.explaining.rules import WordPart
from portal.search.explaining.service import Why
from portal.search.indexing import Field
from portal.search.priors.rules import Prior
from portal.search.priors.service import Told
from portal.web import locale, words
from portal.web.figures import decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the arithmetic: what, why, and its figure."""

    label: str
    detail: str
    figure: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """An explanation: the words' lines, their sum, the priors' lines, and the product."""

    found: tuple[Line, ...]
    missing: tuple[str, ...]
    text: str
    priors: tuple[Line, ...]
    score: str


def why_view(why: Why) -> WhyView:
    """Show why an asset is found."""
    found = [Line(it.typed, _where(it), _added(it.added)) for it in why.sum.words if it.found]
    pairs = [it for it in why.sum.extra if "_" in it.term]
    found += [
        Line(it.term.replace("_", " "), gettext("one right after the other"), _added(it.added))
        for it in pairs
    ]
    found += [
        Line(it.term, gettext("a common word, which counts little"), _added(it.added))
        for it in why.sum.extra
        if it not in pairs
    ]
    factors = why.sum.factors
    return WhyView(
        found=tuple(found),
        missing=tuple(it.typed for it in why.sum.words if not it.found),
        text=decimal(why.sum.text, 2),
        priors=_priors(why.told, factors) if why.told and factors else (),
        score=decimal(why.sum.score, 2),
    )


def _added(value: float) -> str:
    return decimal(value, 2, signed=True)


def _where(word: WordPart) -> str:
    """Say where a word stands, and by which other words it was found."""
    said = [words.label(labels.PLACES, place) for place in labels.PLACES if word.places.get(place)]
    times = word.places.get(Field.BODY, 0)
    if times:
        said.append(ngettext("%(num)d time in the text", "%(num)d times in the text", times))
    if word.others:
        said.append(gettext("also found as: %(words)s", words=", ".join(word.others)))
    return "; ".join(said)


def _priors(told: Told, factors: Mapping[str, float]) -> tuple[Line, ...]:
    details = {
        Prior.RATING: _rating(told),
        Prior.USE: _use(told),
        Prior.FRESH: fresh_view(told.fact.checked_on, told.fact.months, locale.today()).words,
        Prior.VERIFIED: _check(told),
    }
    return tuple(
        Line(words.label(labels.PRIORS, prior), detail, f"× {decimal(factors[prior], 3)}")
        for prior, detail in details.items()
    )


def _rating(told: Told) -> str:
    if told.stars is None:
        return str(gettext("nobody has rated it yet, so it counts as usual"))
    return str(
        ngettext(
            "rated %(stars)s by %(num)d person; usual is %(usual)s",
            "rated %(stars)s by %(num)d people; usual is %(usual)s",
            told.raters,
            stars=decimal(told.stars),
            usual=decimal(told.usual),
        )
    )


def _use(told: Told) -> str:
    fact = told.fact
    if fact.pull is None:
        return str(gettext("no search has listed it yet, so it counts as usual"))
    return str(
        ngettext(
            "opened %(num)d time from searches; others at the same places: %(expected)s",
            "opened %(num)d times from searches; others at the same places: %(expected)s",
            fact.opens,
            expected=decimal(fact.expected),
        )
    )


def _check(told: Told) -> str:
    if told.fact.disputed:
        return str(gettext("somebody says that it is wrong or outdated, and nobody has answered"))
    if told.condition in {Condition.OVERDUE, Condition.NEVER}:
        return str(gettext("no check stands, so it counts as usual"))
    return str(gettext("its check stands, and nobody contradicts"))

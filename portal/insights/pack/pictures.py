"""Pictures of a pack: what was used, and what is guessed of the assets used on deals won."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.insights.lift.rules import JUDGED
from portal.insights.pack.labels import VERDICTS
from portal.web import charts, figures, locale, words

POINTS = 100


class Named(Protocol):
    """An asset as the reader sees it."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def url(self) -> str:
        """Where it is."""

    @property
    def lang(self) -> str:
        """In which language its title is."""


Shown = Sequence[tuple[Any, Mapping[str, Any]]]


def used(shown: Shown) -> Markup:
    """Draw how often assets were used, and how often the time before."""
    rows = [
        charts.Bar(
            label=name.title,
            value=one["uses"],
            said=ngettext("%(num)d use", "%(num)d uses", one["uses"]),
            compare=one["before"],
            compare_said=ngettext("%(num)d person", "%(num)d people", one["people"]),
            href=name.url or None,
            lang=name.lang,
        )
        for name, one in shown
    ]
    key = (gettext("in this time"), gettext("the time before"))
    return charts.bars(
        rows, (gettext("Asset"), gettext("Uses")), caption=gettext("Used by most people"), key=key
    )


def _share(value: float | None) -> float | None:
    return None if value is None else POINTS * value


def _is_judged(one: Mapping[str, Any]) -> bool:
    return one["best"] is not None and one["verdict"] in set(JUDGED)


def guess_words(one: Mapping[str, Any]) -> str:
    """Say the best guess with its range and number of deals, or why there is none."""
    on = ngettext("used on %(num)d of them", "used on %(num)d of them", one["deals"])
    if not _is_judged(one):
        return f"{words.label(VERDICTS, one['verdict'] or 'thin')}; {on}"
    said = gettext(
        "%(best)s points (%(low)s … %(high)s), %(deals)s",
        best=figures.points(POINTS * one["best"]),
        low=figures.points(POINTS * one["low"]),
        high=figures.points(POINTS * one["high"]),
        deals=ngettext("%(num)d deal compared", "%(num)d deals compared", one["n"]),
    )
    return f"{said}; {words.label(VERDICTS, one['verdict'])}; {on}"


def lifts(shown: Shown) -> Markup:
    """Draw best guesses with their ranges."""
    rows = [
        charts.Interval(
            label=name.title,
            guess=_share(one["best"]) if _is_judged(one) else None,
            low=_share(one["low"]),
            high=_share(one["high"]),
            n_words=locale.number(one["deals"]),
            tone=one["verdict"] if _is_judged(one) else "thin",
            href=name.url or None,
            verdict=words.label(VERDICTS, one["verdict"] or "thin"),
            lang=name.lang,
        )
        for name, one in shown
    ]
    heads = charts.IntervalHeads(
        label=gettext("Asset"),
        plot=gettext("Best guess and range"),
        guess=gettext("Best guess"),
        n=gettext("Deals won"),
        verdict=gettext("In words"),
    )
    return charts.intervals(
        rows, heads, unit=gettext("points"), number=figures.points, tick=figures.signed_tick,
        zero_label=gettext("no difference"), missing=gettext("no guess yet"),
        caption=gettext("Used on the deals won: best guess and range"),
    )  # fmt: skip

"""What every part of a pack is made of in the reader's language: lines, blocks, sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.insights.lift.rules import JUDGED
from portal.insights.pack.labels import VERDICTS
from portal.library.links import asset_path
from portal.library.rules import pick_language
from portal.web import charts, figures, locale, words

Facts = Mapping[str, Any]


POINTS = 100
WIDE = frozenset({"out", "used", "won"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, in which language that is, where it leads, and a word beside it."""

    text: str
    url: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; `drawn` shows the same on a page, which need not list them."""

    title: str
    lines: list[Line]
    more: int = 0
    drawn: Markup | None = None


def listed(lines: list[Line], count: int) -> list[Block]:
    """Return the lines there are of so many as the only block; no line, no block."""
    return [Block("", lines, count - len(lines))] if lines else []


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack: its head, what it says in one sentence, its lines, where there is more."""

    key: str
    title: str
    lead: str
    blocks: list[Block] = field(default_factory=list)
    hint: str = ""
    url: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it goes over the whole page: what has a picture needs the room."""
        return self.key in WIDE

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing but its sentence."""
        return not any(block.lines for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Named:
    """An asset as the reader sees it."""

    title: str
    url: str
    lang: str
    kind: str


def named(facts: Facts, number: int) -> Named:
    """Return an asset of the facts in the reader's language."""
    it = facts["assets"].get(str(number)) or {"slug": "", "kind": "", "titles": {}}
    titles = it["titles"]
    if not titles:
        return Named(it["slug"] or "–", "", "", "")
    language = pick_language(titles, None, locale.code()).value
    kind = words.label(words.KINDS, it["kind"])
    return Named(titles[language], asset_path(it["slug"]), language, kind)


def asset_line(facts: Facts, number: int, note: str = "") -> Line:
    """Return a line that names an asset."""
    it = named(facts, number)
    return Line(it.title, it.url, note, it.lang)


# --- pictures ------------------------------------------------------------------------------------

Shown = Sequence[tuple[Named, Mapping[str, Any]]]


def used_bars(shown: Shown) -> Markup:
    """Draw how often assets were used, and how often the time before."""
    rows = [
        charts.Bar(
            label=name.title,
            value=one["uses"],
            said=gettext(
                "%(now)s, before %(before)s",
                now=ngettext("%(n)s use", "%(n)s uses", one["uses"], n=locale.number(one["uses"])),
                before=locale.number(one["before"]),
            ),
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


def lift_plot(shown: Shown) -> Markup:
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

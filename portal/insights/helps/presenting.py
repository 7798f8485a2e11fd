"""What the list of assets that help shows: lines in words, plots, tables."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup

from portal.cache import ByteCache
from portal.calls.ratings import presenting as rating
from portal.calls.ratings import rules as rated
from portal.calls.ratings.scoring import Score
from portal.insights.helps import labels, queries
from portal.insights.helps.labels import columns, on_page, slug
from portal.insights.helps.queries import NONE, Line, Use
from portal.insights.helps.rules import Group, points
from portal.insights.lift.judging import e_value
from portal.insights.lift.rules import CLAIMS, HUMILITY, Verdict
from portal.library.freshness.queries import titles
from portal.web import charts, figures, locale, words
from portal.web.charts import FunnelHeads, Interval, IntervalHeads, Point
from portal.web.tables import Row, Table

FUNNEL, FUNNEL_LEAST = 400, 20
"""Assets in the funnel plot at most, and the deals one needs to be in it."""
LOT = 2_000
"""Assets asked for at once."""
LATELY = timedelta(days=90)
"""Back to when use is counted."""
ROW = 1_000
"""Bytes an asset takes as it is kept, beside what was drawn."""
_funnels: ByteCache[Hashable, Markup] = ByteCache(1024 * 1024)
_drawn: ByteCache[Hashable, Markup] = ByteCache(4 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Shown:
    """An asset as the page shows it: its figures beside how it is called, used and rated."""

    line: Line
    title: str
    language: str
    url: str
    use: Use
    score: Score | None

    @property
    def rating(self) -> str:
        """Its ratings in words, empty when there are none."""
        return rating.shown(self.score).words if self.score else ""

    @property
    def verdict(self) -> str:
        """What is said of it."""
        return words.label(labels.VERDICTS, self.line.verdict)


def scores() -> Mapping[int, Score]:
    """Return the scores of all assets that were rated."""
    known: Callable[[], Mapping[int, Score]] = current_app.extensions["arsenal.scores"]
    return known()


def shown(lines: Sequence[Line], since: datetime) -> list[Shown]:
    """Return assets with what they are called, how they were used since a moment, and ratings."""
    named: dict[int, tuple[str, str]] = {}
    used: dict[int, Use] = {}
    for start in range(0, len(lines), LOT):
        ids = [it.asset_id for it in lines[start : start + LOT]]
        named |= titles(ids, locale.code().value)
        used |= queries.use_of(ids, since)
    known = scores() if lines else {}
    return [
        Shown(
            line=it,
            title=named.get(it.asset_id, ("", it.slug))[1],
            language=named.get(it.asset_id, ("", ""))[0],
            url=url_for("insights_lift_asset.show", slug=it.slug),
            use=used.get(it.asset_id, NONE),
            score=known.get(it.asset_id),
        )
        for it in lines
    ]


def hidden(line: Line) -> float | None:
    """Return the E-value of a claim; None for no claim."""
    if line.verdict not in CLAIMS or line.own is None or line.others is None:
        return None
    return e_value(line.own, line.others)


def hidden_times(line: Line) -> str:
    """Return the E-value of a claim as it is written; empty for no claim."""
    value = hidden(line)
    return "" if value is None else figures.decimal(value, 1)


def _more(it: Shown) -> str:
    """Return what stands below a title: reach, use, rating; for claims the E-value."""
    parts = [labels.reach(it.line.uses, it.use.open)]
    if it.use.people:
        parts.append(labels.use(it.use.people, it.use.views))
    if it.rating:
        parts.append(f"★ {it.rating}")
    if times := hidden_times(it.line):
        parts.append(
            gettext("only a hidden cause of ×%(times)s could explain it away", times=times)
        )
    return " · ".join(parts)


def interval_of(it: Shown, more: str = "") -> Interval:
    """Return an asset's row of an interval plot."""
    line = it.line
    decided = line.verdict == Verdict.DECIDED
    return Interval(
        label=it.title,
        guess=None if decided else points(line.best),
        low=None if decided else points(line.low),
        high=None if decided else points(line.high),
        n_words=locale.number(line.n),
        tone=_tone(line.verdict),
        href=it.url,
        verdict=it.verdict,
        lang=it.language,
        more=more,
    )


def _tone(verdict: str) -> charts.Tone:
    tones: dict[str, charts.Tone] = {"helps": "helps", "hurts": "hurts", "same": "same",
                                     "decided": "decided"}  # fmt: skip
    return tones.get(verdict, "thin")


def plot(rows: Sequence[Interval], caption: str) -> Markup:
    """Draw the interval plot of a page's rows."""
    heads = IntervalHeads(
        label=gettext("Asset"), plot=gettext("Range around the best guess"),
        guess=gettext("Best guess"), n=gettext("Deals compared"), verdict=gettext("Verdict"),
    )  # fmt: skip
    return charts.intervals(
        rows,
        heads,
        unit=gettext("points"),
        zero_label=gettext("as other content"),
        number=figures.points,
        tick=figures.signed_tick,
        range_words=labels.span,
        caption=caption,
    )


def judged(rows: Sequence[Shown], files: tuple[str, ...]) -> Markup:
    """Draw a page of the assets compared; kept, and drawn anew when any of its figures differs."""
    kept_as = (locale.code(), tuple(rows), files)
    drawn = _drawn.get(kept_as)
    if drawn is None:
        plotted = [interval_of(it, _more(it)) for it in rows]
        drawn = Markup(  # noqa: S704  # a template of ours
            render_template(
                "insights/helps/_judged.html",
                plot=plot(plotted, gettext("What helps")),
                key=key(),
                table=on_page(table(rows, Group.JUDGED)),
                files=files,
                names=labels.NAMES,
            )
        )
        _drawn.put(kept_as, drawn, 2 * len(drawn) + ROW * len(rows))
    return drawn


def best_rated(most: int, *, unpublished: bool) -> list[tuple[str, str, str, str]]:
    """Return what reps rate highest: language, title, slug, rating in words."""
    known = scores()
    best = sorted(known, key=lambda it: (-known[it].value, it))[: 2 * most]
    listed = queries.listed(best, unpublished=unpublished) if best else {}
    here = [it for it in best if it in listed][:most]
    named = titles(here, locale.code().value) if here else {}
    return [
        (*named.get(it, ("", listed[it])), listed[it], rating.shown(known[it]).words) for it in here
    ]


def rated_words(asset_id: int) -> str:
    """Return an asset's ratings in words, empty when there are none."""
    score = scores().get(asset_id)
    return rating.shown(score).words if score else ""


def key() -> Markup:
    """Say what the marks of the plots mean."""
    told = {tone: str(labels.VERDICTS[tone]) for tone in ("helps", "same", "hurts")}
    return charts.tone_key({_tone(tone): said for tone, said in told.items()})


def funnel(judged_at: datetime | None, *, unpublished: bool) -> Markup | None:
    """Draw lift against deals for at most 400 assets; kept until something is judged anew."""
    kept_as = (judged_at, unpublished, locale.code())
    drawn = _funnels.get(kept_as)
    if drawn is not None and not current_app.testing:
        return drawn
    found = queries.points(FUNNEL, FUNNEL_LEAST, unpublished=unpublished)
    if not found:
        return None
    claims = [it.asset_id for it in found if it.verdict in CLAIMS]
    named = titles(claims, locale.code().value) if claims else {}
    # a point's error holds the humility, which the plot adds by itself
    spreads = sorted((max(it.error**2 - HUMILITY**2, 0.0) * it.n) ** 0.5 for it in found)
    drawn = charts.funnel(
        [
            Point(
                label=named.get(it.asset_id, ("", ""))[1],
                effect=points(it.lift), n=it.n, tone=_tone(it.verdict),
                named=it.asset_id in named,
            )
            for it in found
        ],
        FunnelHeads(gettext("deals compared"), gettext("points more won"),
                    gettext("95 of 100 assets without any effect lie between")),
        name="funnel", title=gettext("Differences by the number of deals"),
        desc=gettext("Few deals scatter widely by chance; with many the differences are small."),
        spread=100 * spreads[len(spreads) // 2], floor=100 * HUMILITY,
        number=figures.signed_tick, count=lambda n: locale.number(int(n)),
    )  # fmt: skip
    _funnels.put(kept_as, drawn, 2 * len(drawn))
    return drawn


# --- tables ---------------------------------------------------------------------------------------


def row(it: Shown) -> Row:
    """Return an asset's row of the table."""
    line, score = it.line, it.score
    decided = line.verdict == Verdict.DECIDED
    return {
        "slug": line.slug,
        "asset": it.title,
        "url": it.url,
        "verdict": it.verdict,
        "lift": None if decided else points(line.best),
        "low": None if decided else points(line.low),
        "high": None if decided else points(line.high),
        "n": line.n,
        "need": line.need if line.verdict == Verdict.THIN else None,
        "reps": line.reps,
        "closed": line.uses,
        "open": it.use.open,
        "people": it.use.people,
        "views": it.use.views,
        "rating": score.value if score and score.n >= rated.FEW else None,
        "ratings": score.n if score else None,
        "hidden": hidden(line),
    }


def table(rows: Sequence[Shown], group: Group) -> Table:
    """Return a list of assets as a table."""
    caption = f"{gettext('What helps')}: {words.label(labels.GROUPS, group)}"
    told = [slug(), *columns()]
    return Table(f"what-helps-{group.value}", caption, told, [row(it) for it in rows])

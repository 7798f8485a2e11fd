"""Charts of use: over time, per week, from hit to use, the first days."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.insights.use import labels, rules
from portal.insights.use.queries import Basis, day_of
from portal.insights.use.rules import Adoption, Counts
from portal.web import charts, figures, locale, words
from portal.web.charts import Bar, Line


def over_time(on: Basis, found: Mapping[int, Counts], name: str) -> Markup:
    """Draw views and copies by day, by whole weeks when there are many days."""
    step = 7 if on.days >= rules.WEEKLY_FROM else 1
    # whole weeks only, up to today: a part of one would look like a fall
    begin = on.first + (on.today - on.first + 1) % step
    starts = list(range(begin, on.today + 1, step))

    def summed(what: str) -> list[float | None]:
        return [
            sum(getattr(found.get(day, rules.NOTHING), what) for day in range(start, start + step))
            for start in starts
        ]

    lines = [Line(words.label(labels.COUNTED, it), summed(it)) for it in ("views", "copies")]
    return charts.time_series(
        lines,
        [locale.short_day(day_of(start)) for start in starts],
        name=name,
        title=gettext("Views and copies over time"),
        desc=gettext("Each point is a day.") if step == 1 else gettext("Each point is a week."),
        number=figures.tick,
        whole=True,
    )


def weeks(found: Adoption) -> Markup:
    """Draw in how many of the four weeks how many of the same people used something."""
    rows = [
        Bar(
            gettext("Week of %(day)s", day=locale.day(day_of(week))),
            count,
            gettext(
                "%(part)s of %(all)s", part=locale.number(count), all=locale.number(found.people)
            ),
        )
        for week, count in found.per_week
    ]
    return charts.bars(
        rows, (gettext("Week"), gettext("People")), caption=gettext("People per week"),
        most=found.people,
    )  # fmt: skip


def funnel(counts: Counts) -> Markup:
    """Draw how an asset went from hit to use."""
    steps = [
        (gettext("Listed by a search"), counts.shown),
        (gettext("Opened from there"), counts.opens),
        (gettext("Viewed, from wherever"), counts.views),
        (gettext("Copied, downloaded, printed"), counts.taken),
    ]
    rows = [Bar(label, value, locale.number(value)) for label, value in steps]
    return charts.steps(
        rows, (gettext("Step"), gettext("How often")), caption=gettext("From hit to use")
    )


def start(own: Sequence[int], usual: Sequence[float]) -> Markup:
    """Draw an asset's uses since it came out beside those usual of new assets."""
    reached: list[float | None] = [*rules.running(own)]
    reached += [None] * (rules.NEW_DAYS - len(reached))
    lines = [Line(gettext("This asset"), reached)]
    if usual:
        lines.append(Line(gettext("Usual"), list(usual)))
    return charts.time_series(
        lines,
        [ngettext("day %(num)d", "day %(num)d", n + 1) for n in range(rules.NEW_DAYS)],
        name="start",
        title=gettext("The first 30 days"),
        desc=gettext("Uses since it came out, added up, beside the median of the last new assets."),
        number=figures.tick,
        whole=True,
    )

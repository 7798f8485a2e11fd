"""Pictures of the trial: shares with their ranges, side by side."""

from collections.abc import Sequence

from flask_babel import gettext
from markupsafe import Markup

from portal.insights.recommending.figures import Share
from portal.web import locale
from portal.web.charts.intervals import Interval, IntervalHeads, intervals
from portal.web.figures import decimal

PERCENT = 100


def shares(rows: Sequence[tuple[str, Share]], *, label: str, guess: str, counted: str) -> Markup:
    """Draw shares in percent with their 95 % ranges, and how many they are of."""
    drawn = [
        Interval(
            label=name,
            guess=PERCENT * it.value if it.n else None,
            low=PERCENT * it.range()[0] if it.n else None,
            high=PERCENT * it.range()[1] if it.n else None,
            n_words=gettext(
                "%(part)s of %(all)s", part=locale.number(it.hits), all=locale.number(it.n)
            ),
        )
        for name, it in rows
    ]
    heads = IntervalHeads(
        label=label, plot=gettext("Share, and its likely range"), guess=guess, n=counted
    )
    return intervals(
        drawn,
        heads,
        unit="%",
        number=_percent,
        range_words=lambda low, high: gettext("%(low)s to %(high)s", low=low, high=high),
        caption=label,
    )


def _percent(value: float) -> str:
    return decimal(value, 0)

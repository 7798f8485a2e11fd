"""Words for what is said of assets, and what each figure means."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from portal.web import locale, tables
from portal.web.words import Table

VERDICTS: Table = {
    "helps": _("helps to win"),
    "same": _("no difference shown"),
    "hurts": _("won less often with it"),
    "thin": _("too few deals yet"),
    "decided": _("used when it is decided"),
}
GROUPS: Table = {
    "judged": _("Compared"),
    "thin": _("Too few deals yet"),
    "decided": _("Used when it is decided"),
}

NAMES: Table = {
    "lift": _("Best guess"),
    "range": _("Range"),
    "verdict": _("Verdict"),
    "n": _("Deals compared"),
    "need": _("More deals needed"),
    "reach": _("Reach"),
    "rating": _("Rating"),
    "use": _("Use"),
    "hidden": _("Hidden cause"),
    "moments": _("Like moments"),
    "expected": _("Won, as others"),
    "reps": _("Reps"),
    "slices": _("Slices"),
}
"""What the figures are called; each is an anchor of the page of definitions."""

DEFINITIONS: Mapping[str, LazyString] = {
    "lift": _(
        "When somebody reached for content at such a moment and it was this asset rather than "
        "another one: by how many points were more of those deals won? Of each kind of moment, "
        "the share won with this asset minus the share won with other content, weighted by how "
        "many deals can be compared there, then drawn towards zero as long as there are few."
    ),
    "range": _(
        "Where the true difference lies, 95 times of 100. One point of it stays however many "
        "deals there are: no data are free of every error."
    ),
    "verdict": _(
        "“Helps” or “won less often” is said only when the range leaves zero out and the finding "
        "survives that many assets are looked at at once: of ten such claims about one is wrong. "
        "An asset is judged from 20 closed deals of 3 reps on."
    ),
    "n": _(
        "Closed deals on which it was used at a stage, more than a week before the end, at a "
        "moment at which other content was used, too. The first use on each deal counts."
    ),
    "need": _(
        "About so many more closed deals with this asset until a true difference of 10 points "
        "would be seen 4 times out of 5."
    ),
    "reach": _(
        "Deals that saw the asset: closed ones, and open ones of the last 90 days. It is how far "
        "the asset came, no effect: deals that saw it may have been won without it."
    ),
    "rating": _(
        "What reps say, 1 to 5 stars, drawn to the mean of all while there are few: strict reps "
        "and calls that went badly are allowed for, old ratings count less. Fewer than 5 people "
        "are words, not stars."
    ),
    "use": _("People who used it and how often it was viewed, in the last 90 days."),
    "hidden": _(
        "The E-value: how many times as likely something unseen would have to make both the use "
        "of this asset and the winning, to explain the whole difference away."
    ),
    "moments": _(
        "The stage a deal was in, for how many weeks it had been there, and how likely it was "
        "to be won from the start: by region, industry, product, competitor, size, quarter and "
        "its owner. Only content used at the same kind of moment is compared."
    ),
    "expected": _(
        "How many of these deals would have been won, had they gone as deals did with other "
        "content at the same moments."
    ),
    "reps": _("Owners of the closed deals on which it was used."),
    "slices": _(
        "The same count for some of the deals only. With enough slices one shines by chance: "
        "claims are made on the whole only."
    ),
}


def reach(closed: int, still_open: int) -> str:
    """Say how many deals saw an asset."""
    seen = ngettext("seen on %(n)s closed deal", "seen on %(n)s closed deals", closed,
                    n=locale.number(closed))  # fmt: skip
    if not still_open:
        return str(seen)
    more = ngettext("%(n)s open", "%(n)s open", still_open, n=locale.number(still_open))
    return f"{seen}, {more}"


def use(people: int, views: int) -> str:
    """Say how many people used an asset lately, and how often."""
    who = ngettext("%(n)s person", "%(n)s people", people, n=locale.number(people))
    seen = ngettext("%(n)s view", "%(n)s views", views, n=locale.number(views))
    return str(gettext("%(people)s, %(views)s in 90 days", people=who, views=seen))


def quarter(year: int, number: int) -> str:
    """Name a quarter."""
    return str(gettext("Q%(quarter)d %(year)d", quarter=number, year=year))


def span(low: str, high: str) -> str:
    """Join the ends of a range."""
    return str(gettext("%(low)s to %(high)s", low=low, high=high))


# --- columns of tables of assets ------------------------------------------------------------------


def slug() -> tables.Column:
    """Return the column by which files name an asset; the first one of a table, see `on_page`."""
    return tables.Column(
        "slug", gettext("Asset"), definition=gettext("The end of the asset's address.")
    )


def guess() -> list[tables.Column]:
    """Return the columns of the best guess and its range."""
    unit = gettext("points")

    def number(key: str, label: str, means: str) -> tables.Column:
        told = str(DEFINITIONS[means])
        return tables.Column(key, label, unit, told, "number", 1, signed=True)

    return [
        number("lift", gettext("Best guess"), "lift"),
        number("low", gettext("from"), "range"),
        number("high", gettext("to"), "range"),
    ]


def columns() -> list[tables.Column]:
    """Return the columns of the list as a table, each with what it means."""
    told = DEFINITIONS

    def number(key: str, label: str, means: str, unit: str = "", digits: int = 0) -> tables.Column:
        return tables.Column(key, label, unit, str(told[means]), "number", digits)

    return [
        tables.Column("asset", gettext("Asset"), kind="head", link="url"),
        tables.Column("verdict", gettext("Verdict"), definition=str(told["verdict"])),
        *guess(),
        number("n", gettext("Deals compared"), "n"),
        number("need", gettext("More deals needed"), "need"),
        number("reps", gettext("Reps"), "reps"),
        number("closed", gettext("Closed deals that saw it"), "reach"),
        number("open", gettext("Open deals that saw it"), "reach"),
        number("people", gettext("People"), "use"),
        number("views", gettext("Views"), "use"),
        number("rating", gettext("Rating"), "rating", digits=1),
        number("ratings", gettext("Ratings"), "rating"),
        number("hidden", gettext("Hidden cause"), "hidden", gettext("times"), 1),
    ]


def on_page(of: tables.Table) -> tables.Table:
    """Return a table without what only files need."""
    return tables.Table(of.name, of.caption, of.columns[1:], of.rows, of.empty)

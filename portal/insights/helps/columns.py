"""The columns of tables of assets, each with what it means."""

from flask_babel import gettext

from portal.insights.helps import labels
from portal.web.tables import Column, Table


def slug() -> Column:
    """Return the column by which files name an asset; the first one of a table, see `on_page`."""
    return Column("slug", gettext("Asset"), definition=gettext("The end of the asset's address."))


def guess() -> list[Column]:
    """Return the columns of the best guess and its range."""
    unit = gettext("points")

    def number(key: str, label: str, means: str) -> Column:
        told = str(labels.DEFINITIONS[means])
        return Column(key, label, unit, told, "number", 1, signed=True)

    return [
        number("lift", gettext("Best guess"), "lift"),
        number("low", gettext("from"), "range"),
        number("high", gettext("to"), "range"),
    ]


def columns() -> list[Column]:
    """Return the columns of the list as a table, each with what it means."""
    told = labels.DEFINITIONS

    def number(key: str, label: str, means: str, unit: str = "", digits: int = 0) -> Column:
        return Column(key, label, unit, str(told[means]), "number", digits)

    return [
        Column("asset", gettext("Asset"), kind="head", link="url"),
        Column("verdict", gettext("Verdict"), definition=str(told["verdict"])),
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


def on_page(of: Table) -> Table:
    """Return a table without what only files need."""
    return Table(of.name, of.caption, of.columns[1:], of.rows, of.empty)

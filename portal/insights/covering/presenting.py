"""What the coverage map shows: the picture, the same as a table, the industries to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.asset_requests.links import request_form_path
from portal.insights.covering.rules import NO_STAGE, Cell, Key
from portal.library.models import FacetTerm
from portal.library.terms.presenting import name
from portal.web import charts, figures
from portal.web.paging import with_args
from portal.web.tables import Column, Table, Value


@dataclass(frozen=True, slots=True)
class Map:
    """All that is drawn: cells by competitor and stage, in the order of both."""

    cells: Mapping[Key, Cell]
    rivals: Sequence[str]
    stages: Sequence[str]
    rival_names: Mapping[str, FacetTerm]
    stage_names: Mapping[str, FacetTerm]
    industry: str

    def rival(self, slug: str) -> str:
        """What a competitor is called."""
        return name(self.rival_names[slug]) if slug in self.rival_names else slug

    def stage(self, slug: str) -> str:
        """What a stage is called."""
        if slug == NO_STAGE:
            return str(gettext("No stage named"))
        return name(self.stage_names[slug]) if slug in self.stage_names else slug


def ask_url(shown: Map, cell: Cell) -> str:
    """Return the address of the form that asks for what a cell lacks, filled in."""
    title = gettext(
        "%(competitor)s: %(stage)s", competitor=shown.rival(cell.competitor),
        stage=shown.stage(cell.stage),
    )  # fmt: skip
    told = {"competitor": cell.competitor, "stage": cell.stage, "industry": shown.industry}
    return with_args(request_form_path(), (), {**told, "title": title})


def find_url(cell: Cell) -> str:
    """Return the address of the search that lists the assets of a cell."""
    told = {"competitor": cell.competitor, "stage": cell.stage}
    return with_args(url_for("search.page"), (), told)


def _shares(cell: Cell) -> dict[str, str]:
    """Return the share won and its range as a sentence takes them."""
    share, low, high = (figures.percent(it) for it in cell.share or (None, None, None))
    return {"share": share, "deals": figures.decimal(cell.used, 0), "low": low, "high": high}


def share_words(cell: Cell) -> str:
    """Say which share was won and where the true one lies; nothing when too few deals ended."""
    if cell.share is None:
        return ""
    return str(
        gettext(
            "%(share)s of %(deals)s won; the true share lies between %(low)s and %(high)s",
            **_shares(cell),
        )
    )


def _drawn(shown: Map, cell: Cell | None) -> charts.Cell | None:
    if cell is None:
        return None
    waits = ngettext("%(num)d deal waits", "%(num)d deals wait", cell.waiting)
    if cell.is_gap:
        said = gettext("Ask for it")
        return charts.Cell(None, f"! {said}", waits, ask_url(shown, cell), waits)
    if not cell.assets:
        return None
    note = ""
    if cell.share is not None:
        note = gettext("%(share)s of %(deals)s won (%(low)s to %(high)s)", **_shares(cell))
    elif cell.used:
        note = ngettext("used on %(num)d deal", "used on %(num)d deals", cell.used)
    if cell.waiting:
        note = f"{note} · {waits}" if note else waits
    return charts.Cell(
        cell.assets, figures.decimal(cell.assets, 0), note, find_url(cell),
        share_words(cell),
    )  # fmt: skip


def picture(shown: Map) -> Markup:
    """Draw the map."""
    label = str(gettext("Coverage map"))
    return charts.heat_map(
        [shown.rival(it) for it in shown.rivals],
        [shown.stage(it) for it in shown.stages],
        [
            [_drawn(shown, shown.cells.get((rival, stage))) for stage in shown.stages]
            for rival in shown.rivals
        ],
        corner=str(gettext("Competitor")),
        label=label,
        caption=label,
        empty=str(gettext("The vocabulary names no competitor or no stage yet.")),
    )


def _columns() -> list[Column]:
    return [
        Column("competitor", gettext("Competitor"), kind="head", link="url"),
        Column("stage", gettext("Stage")),
        Column(
            "assets", gettext("Assets"), "",
            gettext("Published assets that name both and are not due to be checked."), "number",
        ),
        Column(
            "waiting", gettext("Open deals"), "",
            gettext("Open deals against this competitor that are at this stage now."), "number",
        ),
        Column(
            "used", gettext("Used on"), gettext("closed deals"),
            gettext(
                "Of the 1,000 deals won or lost last: those against this competitor on which one"
                " of these assets was used, each once."
            ),
            "number",
        ),
        Column(
            "share", gettext("Share won"), "%",
            gettext(
                "The share of those deals that were won, from ten deals on. It is no effect of the"
                " content: what is used late meets deals that are nearly won."
            ),
            "number",
        ),
        Column(
            "low", gettext("At least"), "%",
            gettext("Where the true share begins, 95 times of 100 (Wilson’s interval)."), "number",
        ),
        Column(
            "high", gettext("At most"), "%",
            gettext("Where the true share ends, 95 times of 100 (Wilson’s interval)."), "number",
        ),
    ]  # fmt: skip


def table(shown: Map) -> Table:
    """Return the map as a table, what waits for content first."""
    rows: list[dict[str, Value]] = []
    held = [
        cell
        for rival in shown.rivals
        for stage in shown.stages
        if (cell := shown.cells.get((rival, stage))) and (cell.assets or cell.waiting or cell.used)
    ]
    for cell in sorted(held, key=lambda it: (not it.is_gap, -it.waiting)):
        share = [100 * it for it in cell.share] if cell.share else [None, None, None]
        url = find_url(cell) if cell.assets else ask_url(shown, cell)
        rows.append(
            {
                "competitor": shown.rival(cell.competitor), "stage": shown.stage(cell.stage),
                "assets": cell.assets, "waiting": cell.waiting, "used": cell.used,
                "share": share[0], "low": share[1], "high": share[2], "url": url,
            }
        )  # fmt: skip
    return Table("coverage", gettext("Coverage map"), _columns(), rows)


def industries(terms: Mapping[str, FacetTerm]) -> list[tuple[str, str]]:
    """Return the industries to choose from, by name."""
    return sorted(((slug, name(term)) for slug, term in terms.items()), key=lambda it: it[1])

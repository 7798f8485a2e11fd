"""What templates and files get: tables with defined columns, charts, ways from page to page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext

from portal.insights.pages import presenting as frame
from portal.insights.use import labels, rules
from portal.insights.use.kept import AssetUse
from portal.insights.use.queries import Basis, day_of
from portal.insights.use.rules import By, Counts, Member
from portal.web import figures, locale, words
from portal.web.paging import SortLink, sort_links
from portal.web.tables import Column, Row, Table

PERSONAL = ("views", "copies", "downloads", "prints")
WHOLE = ("views", "people", "copies", "downloads", "prints")
LISTED = ("shown", "opens", *WHOLE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and its change in percent against the time before."""

    label: str
    value: int
    change: str


def column(key: str) -> Column:
    """Return the column of something counted."""
    return Column(
        key,
        words.label(labels.COUNTED, key),
        definition=words.label(labels.DEFINED, key),
        kind="number",
    )


def head(by: By) -> Column:
    """Return the column that names a row."""
    return Column("name", words.label(labels.BY_ONE, by.value), kind="head", link="url")


def cells(counts: Counts, names: Iterable[str] = LISTED) -> dict[str, int]:
    """Return the counted cells of a row."""
    return {name: getattr(counts, name) for name in names}


def change(now: int, before: int) -> str:
    """Return a change in percent, with its sign; empty when there was nothing before."""
    percent = rules.change(now, before)
    return "" if percent is None else figures.percent(percent / 100, signed=True)


def totals(now: Counts, both: Counts | None) -> list[Figure]:
    """Return the totals, compared with the time before if it is known.

    People are not compared: who was there in both counts once.
    """
    return [
        Figure(
            words.label(labels.COUNTED, name),
            getattr(now, name),
            ""
            if name == "people" or both is None
            else change(getattr(now, name), getattr(both, name) - getattr(now, name)),
        )
        for name in WHOLE
    ]


def words_table(by: By, found: Mapping[str, Counts]) -> Table:
    """Return the table by kind, language or stage."""
    rows: list[Row] = [
        {"name": _named(by, word), "url": None, **cells(counts, WHOLE)}
        for word, counts in found.items()
        if counts.uses
    ]
    return Table(
        f"use-by-{by.value}",
        words.label(labels.BY, by.value),
        [head(by), *map(column, WHOLE)],
        rows,
    )


def _named(by: By, word: str) -> str:
    if not word:
        return words.label(labels.NONE, by.value)
    if by is By.KIND:
        return words.label(words.KINDS, word)
    names: Mapping[str, str] = {code.value: name for code, name in locale.NAMES.items()}
    return names.get(word, word) if by is By.LANGUAGE else word


def days_table(on: Basis, found: Mapping[int, Counts]) -> Table:
    """Return the table by day; people are not told: who came on two days would count twice."""
    rows: list[Row] = [
        {"name": day_of(day), "url": None, **cells(found.get(day, rules.NOTHING), PERSONAL)}
        for day in range(on.first, on.today + 1)
    ]
    return Table(
        "use-by-day", words.label(labels.BY, "day"), [head(By.DAY), *map(column, PERSONAL)], rows
    )


def no_team() -> str:
    """Return what those without a team are called."""
    return words.label(labels.NONE, By.TEAM.value)


def teams_table(shown: rules.Shown, names: Sequence[str] = WHOLE) -> Table:
    """Return the table by team, small ones as one row."""
    found = [*shown.groups, *([shown.others] if shown.others else [])]
    rows: list[Row] = [
        {
            "name": it.name or gettext("Other teams together"),
            "url": None,
            "members": it.members,
            **cells(it.counts, names),
        }
        for it in found
    ]
    members = Column(
        "members",
        gettext("Team size"),
        definition=words.label(labels.DEFINED, "members"),
        kind="number",
    )
    return Table(
        "use-by-team",
        words.label(labels.BY, "team"),
        [head(By.TEAM), members, *map(column, names)],
        rows,
        empty=gettext("Too few people to tell teams apart."),
    )


def people_table(found: Mapping[int, Counts], people: Mapping[int, Member]) -> Table:
    """Return the table by person; who used nothing is there, too, unless they have left."""
    rows: list[Row] = [
        {
            "name": it.name,
            "url": None,
            "team": it.team or "",
            **cells(found.get(it.id, rules.NOTHING), PERSONAL),
        }
        for it in people.values()
        if it.active or found.get(it.id, rules.NOTHING).uses
    ]
    team = Column("team", words.label(labels.BY_ONE, "team"))
    return Table(
        "use-by-person",
        words.label(labels.BY, "person"),
        [head(By.PERSON), team, *map(column, PERSONAL)],
        rows,
        empty=gettext("There is nobody in your team."),
    )


def assets_table(
    name: str, found: Sequence[AssetUse], titles: Mapping[int, tuple[str, str]], days: int
) -> Table:
    """Return assets with their use."""
    rows: list[Row] = [
        {
            "name": titles[it.id][1],
            "url": url_for("use.asset", slug=it.slug, window=days),
            "slug": it.slug,
            "kind": words.label(words.KINDS, it.kind),
            **cells(it.counts),
            "change": rules.change(it.counts.uses, it.before) if it.before else None,
            "last_used": it.last_used,
        }
        for it in found
    ]
    columns = [
        head(By.ASSET),
        Column("slug", gettext("Address")),
        Column("kind", words.label(labels.BY_ONE, "kind")),
        *map(column, LISTED),
        Column(
            "change",
            gettext("Change in uses"),
            "%",
            words.label(labels.DEFINED, "change"),
            "number",
            signed=True,
        ),
        Column(
            "last_used",
            gettext("Last used"),
            "",
            words.label(labels.DEFINED, "last_used"),
            "number",
        ),
    ]
    if not any(it.before for it in found):
        columns = [it for it in columns if it.key != "change"]
    return Table(name, gettext("Assets"), columns, rows)


def rising(
    found: Sequence[AssetUse], titles: Mapping[int, tuple[str, str]], days: int
) -> list[Row]:
    """Return the rows of what is used more than before, each with its change in words."""
    return [
        {**row, "change": change(it.counts.uses, it.before)}
        for it, row in zip(found, assets_table("", found, titles, days).rows, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A table as a page shows it: its headings sort."""

    table: Table
    heads: Sequence[tuple[Column, SortLink]]


def sortable(table: Table, usual: str) -> Sorted:
    """Return a table in the order the address asks for, with headings that sort.

    The `usual` column begins with the most, or the latest; others of words from A to Z.
    """
    keys = [it.key for it in table.columns]
    key = request.args.get("sort", "")
    key = key if key in keys else usual
    texts = {it.key for it in table.columns if it.kind != "number"}
    asked = request.args.get("dir")
    rising = asked == "asc" if asked in {"asc", "desc"} else key != usual and key in texts
    links = sort_links(
        [(it.key, it.label, "asc" if it.key in texts else "desc") for it in table.columns],
        path=request.path,
        args=frame.arguments(),
        current=key,
        direction="asc" if rising else "desc",
    )
    rows = rules.in_order(table.rows, key, up=rising)
    return Sorted(replace(table, rows=rows), list(zip(table.columns, links, strict=True)))


def split(found: Mapping[tuple[str, str], Counts]) -> list[Table]:
    """Return the use of an asset by language and by stage."""
    made = []
    for place, by in enumerate((By.LANGUAGE, By.STAGE)):
        sums: dict[str, Counts] = {}
        for key, counts in found.items():
            sums[key[place]] = sums.get(key[place], rules.NOTHING) + counts
        rows: list[Row] = [
            {"name": _named(by, word), "url": None, **cells(counts, PERSONAL)}
            for word, counts in sorted(sums.items(), key=lambda it: -it[1].uses)
        ]
        columns = [head(by), *map(column, PERSONAL)]
        made.append(Table(by.value, words.label(labels.BY, by.value), columns, rows))
    return made


def own_table(
    found: Sequence[tuple[int, str, Counts]], titles: Mapping[int, tuple[str, str]], days: int
) -> Table:
    """Return what a person used themselves."""
    rows: list[Row] = [
        {
            "name": titles[asset_id][1],
            "url": url_for("use.asset", slug=slug, window=days),
            **cells(counts, PERSONAL),
        }
        for asset_id, slug, counts in found
        if asset_id in titles
    ]
    return Table("my-use", gettext("What you used"), [head(By.ASSET), *map(column, PERSONAL)], rows)

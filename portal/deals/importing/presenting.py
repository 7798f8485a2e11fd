"""What the pages of imports show: runs, a preview as understood, choices, a report by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext

from portal.deals import labels as outcomes
from portal.deals.importing import labels, queries, rules, sending, service
from portal.deals.importing.matching import Matcher
from portal.deals.importing.models import DealImport
from portal.deals.importing.resolving import resolve
from portal.deals.importing.rules import BadRowError, Settings
from portal.deals.importing.survey import Table, cell_text
from portal.deals.importing.understanding import understand
from portal.deals.pipelines import queries as pipelines
from portal.deals.presenting import stage_name
from portal.deals.rules import CURRENCY
from portal.web import locale, words
from portal.web.money import money

SHOWN, LOOKED_AT, REPORTED = 8, 40, 500
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A run in the list."""

    url: str
    source: str
    at: datetime
    who: str
    state: str
    files: str
    said: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A row of a preview as understood, or why it is not taken."""

    row: int
    name: str
    cells: Sequence[tuple[str, str]]
    why: str = ""
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word that matches nothing, with what it could stand for."""

    name: str
    kind: str
    word: str
    rows: int
    choices: Choices
    chosen: str


def line(row: DealImport) -> Line:
    """Show a run in a line."""
    return Line(
        url=url_for("deal_import.show", token=row.token),
        source=row.source,
        at=row.at,
        who=row.by.name if row.by else gettext("By command"),
        state=words.label(labels.STATES, row.state),
        files=", ".join(row.found.get("files", [])),
        said=summary(row),
    )


def summary(row: DealImport) -> str:
    """Return what has become of the rows, in a line."""
    told = service.told(row)
    said = gettext(
        "%(rows)s rows: %(created)s new, %(updated)s changed, %(unchanged)s as before", **told
    )
    return str(said)


def refusal(code: str, told: dict[str, Any]) -> str:
    """Return why files are not taken."""
    return labels.said(labels.REFUSALS, code, told)


def seen(it: Table, source: str, zone: str) -> list[Seen]:
    """Return the first rows of a table of deals, as they will be taken."""
    matcher, place, found = Matcher(source), ZoneInfo(zone), []
    for number, cells in islice(it.data(), LOOKED_AT):
        id_ = cell_text(cells, it.settings.mapping.get("id", ()), rules.ID_MOST)
        kind = rules.furniture(cells, it.headers, id_)
        if kind == "blank":
            continue
        some = " · ".join(text for cell in cells[:4] if (text := rules.text_of(cell, 40)))
        if kind:
            found.append(Seen(number, some, [], labels.said(labels.REASONS, kind, {})))
            continue
        try:
            made = resolve(understand(cells, number, it.settings, place), matcher, place)
        except BadRowError as error:
            why = labels.said(labels.REASONS, error.code, error.told)
            found.append(Seen(number, some, [], why))
        else:
            name = f"{made.values['name']} ({made.row.id})"
            doubts = [labels.said(labels.DOUBTS, *doubt) for doubt in made.row.doubts]
            cells_ = _cells(made.values, made.said, it.settings)
            found.append(Seen(number, name, cells_, doubts=doubts))
        if len(found) == SHOWN:
            break
    return found


def _cells(values: dict[str, Any], said: dict[str, str], settings: Settings) -> Choices:
    amount = values.get("amount")
    currency = values.get("currency") or settings.currency or CURRENCY
    created, stage_id = values.get("created_at"), values.get("stage_id")
    stage = pipelines.stage(stage_id) if stage_id else None
    told = [
        (gettext("Customer"), values.get("account", "")),
        (gettext("Stage"), stage_name(stage) if stage else values.get("stage", "")),
        (gettext("Outcome"), words.label(outcomes.OUTCOMES, values.get("outcome", "open"))),
        (gettext("Amount"), money(amount, currency) if amount is not None else ""),
        (gettext("Created on"), locale.day(created)),
        (gettext("Closes on"), locale.day(values.get("closes_on"))),
    ]
    told += [(gettext("Only as words"), ", ".join(said.values()))] if said else []
    return [(label, value) for label, value in told if value]


def columns(row: DealImport) -> list[tuple[str, str, str]]:
    """Return each field with its words and the column chosen for it ("" for none)."""
    mapping = row.settings.get("mapping", {})
    return [
        (what, words.label(labels.FIELDS, what), str(mapping[what][0]) if mapping.get(what) else "")
        for what in rules.FIELDS
    ]


def column_choices(row: DealImport) -> Choices:
    """Return the columns of a table to choose from."""
    names = row.found.get("names", [])
    found = [(str(n), name or gettext("Column %(n)s", n=n + 1)) for n, name in enumerate(names)]
    return [("", gettext("In no column")), *found]


def unknown(row: DealImport) -> list[Word]:
    """Return the words that match nothing, with what they could stand for."""
    matcher, offered, found = Matcher(row.source), {}, []
    to_add = {rules.tight(name) for name in row.found.get("products", [])}
    for place, (kind, word, rows, near) in enumerate(row.found.get("words", [])):
        if kind == "product" and rules.tight(word) in to_add:
            continue  # it is asked about with the products
        if kind not in offered:
            targets: dict[str, str] = {}
            for told, target in matcher.offered(kind).items():
                targets.setdefault(target, told)
            offered[kind] = sorted(targets.items(), key=lambda it: it[1].casefold())
        choices = [("", gettext("Leave it as words")), *offered[kind]]
        label = words.label(labels.KINDS, kind)
        found.append(Word(f"word-{place}", label, word, rows, choices, near))
    return found


def how(row: DealImport) -> list[tuple[str, str, Choices, str]]:
    """Return how a file is read: name, words, choices, chosen."""
    kept = Settings.of(row.settings)
    found = [
        ("order", gettext("Dates"), _choices(labels.ORDERS), kept.order),
        ("decimal", gettext("Numbers"), _choices(labels.DECIMALS), kept.decimal),
    ]
    if kept.encoding != "xlsx":
        encodings = [(it, it.upper()) for it in rules.ENCODINGS]
        found += [
            ("encoding", gettext("Encoding"), encodings, kept.encoding),
            ("delimiter", gettext("Between columns"), _choices(labels.DELIMITERS), kept.delimiter),
        ]
    return found


def _choices(table: words.Table) -> Choices:
    return [(value, str(label)) for value, label in table.items()]


def report(row: DealImport) -> dict[str, Any]:
    """Return what the page of a run shows."""
    rejected = queries.report(row.id, "rejected", REPORTED)
    noted = queries.noted(row.id)
    total = noted.get("rejected", 0)
    unmatched = [
        (words.label(labels.KINDS, kind), sorted(said.items(), key=lambda it: -it[1]))
        for kind, said in row.counts.get("unmatched", {}).items()
    ]
    return {
        "told": service.told(row),
        "rejected": [(it.row, labels.said(labels.REASONS, it.reason, it.told)) for it in rejected],
        "rejected_total": total,
        "doubts": [
            (it.row, labels.said(labels.DOUBTS, it.reason, it.told))
            for it in queries.report(row.id, "doubt", REPORTED)
        ],
        "doubts_total": noted.get("doubt", 0),
        "unmatched": unmatched,
        "tables": [
            (name.partition(": ")[2], counts)
            for name, counts in row.counts.get("tables", {}).items()
        ],
        "total": row.found.get("rows", 0),
        "later": service.counts_later(row),
        "refusal": refusal(row.refusal["code"], row.refusal["told"]) if row.refusal else "",
    }


def preview(row: DealImport, zone: str) -> dict[str, Any]:
    """Return what the page of files that were sent shows."""
    made = sending.preview(row, LOOKED_AT)
    return {
        "seen": seen(made.deals, row.source, zone) if made.deals else [],
        "how": how(row) if made.deals else [],
        "columns": columns(row) if made.deals else [],
        "column_choices": column_choices(row),
        "unknown": unknown(row),
        "kept": Settings.of(row.settings),
        "found": row.found,
    }

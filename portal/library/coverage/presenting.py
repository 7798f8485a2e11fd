"""What the coverage page shows: counts that are filters, and a cell a language of each asset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for

from portal.config import Language
from portal.library.coverage.standing import Covered
from portal.library.rules import Kind
from portal.library.translation.labels import STATUSES
from portal.library.translation.presenting import lag_counts, status_label
from portal.library.translation.rules import Status
from portal.web import locale, paging, words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the coverage page is narrowed to; None stands for any."""

    kind: str | None
    language: str | None
    status: Status | None
    newest: bool


def read_wanted() -> Wanted:
    """Read from the address what the coverage page is narrowed to; what is odd is any."""
    kind, code, status = (request.args.get(name) for name in ("kind", "language", "status"))
    return Wanted(
        kind=kind if kind in set(Kind) else None,
        language=code if code in set(Language) else None,
        status=Status(status) if status in set(Status) else None,
        newest=request.args.get("sort") == "newest",
    )


@dataclass(frozen=True, slots=True)
class CountView:
    """A language on the coverage page: how many assets stand how, each a filter."""

    code: str
    name: str
    counts: Sequence[tuple[str, str, int, str, bool]]  # (status, label, number, address, current)


def count_views(counts: Mapping[str, Mapping[Status, int]], wanted: Wanted) -> list[CountView]:
    """Show how many assets stand how in each language."""
    path = url_for("coverage.index")
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    return [
        CountView(
            code=code,
            name=locale.NAMES[Language(code)],
            counts=[
                (
                    status.value,
                    words.label(STATUSES, status),
                    number,
                    paging.with_args(path, args, {"language": code, "status": status.value}),
                    (code, status) == (wanted.language, wanted.status),
                )
                for status, number in told.items()
            ],
        )
        for code, told in counts.items()
    ]


@dataclass(frozen=True, slots=True)
class Cell:
    """A language of an asset on the coverage page."""

    code: str
    name: str
    status: str
    label: str
    is_original: bool
    url: str


@dataclass(frozen=True, slots=True)
class CoveredView:
    """An asset on the coverage page."""

    url: str
    title: str
    language: str
    kind: str
    kind_label: str
    cells: Sequence[Cell]


def covered_views(covered: Sequence[Covered], wanted: Wanted) -> list[CoveredView]:
    """Show a page of assets with how their languages stand."""
    lags = lag_counts(
        [(it.asset_id, it.source, head) for it in covered for head in it.heads.values()]
    )
    return [
        CoveredView(
            url=url_for("publishing.show", slug=it.slug),
            title=it.title,
            language=it.language,
            kind=it.kind,
            kind_label=words.label(words.KINDS, it.kind),
            cells=[
                Cell(
                    code=code.value,
                    name=locale.NAMES[code],
                    status=it.statuses[code].value,
                    label=status_label(it.statuses[code], lags.get((it.asset_id, code.value), 0)),
                    is_original=code == it.language,
                    url=url_for(
                        "writing.edit" if code == it.language else "translation.edit",
                        slug=it.slug,
                        language=code.value,
                    ),
                )
                for code in Language
                if wanted.language in (None, code.value)
            ],
        )
        for it in covered
    ]


def kind_choices() -> list[tuple[str, str]]:
    """Return every kind with its name."""
    return [(kind.value, words.label(words.KINDS, kind)) for kind in Kind]

"""`portal search evaluate`, `replay` and `roll-up`: how good it is, what would move, its log."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from portal import clock
from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.cli.search import engine_of, finder_of, search
from portal.config import Config
from portal.db import db
from portal.errors import Invalid
from portal.library.models import Asset
from portal.search import evaluation, laboratory, rules
from portal.search.evaluation import Judged, Outcome, Part, Question
from portal.search.log import searched
from portal.search.log import service as log
from portal.search.moves import Compared, Moves, rank_of
from portal.usage.rules import midnight

MONTH = 30
LIMIT = 1000
DAY = click.DateTime(["%Y-%m-%d"])


@search.command()
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--limit", type=click.IntRange(1, rules.MAX_PAGE_SIZE), default=10, show_default=True)
@AS_JSON
def evaluate(file: TextIO, limit: int, *, as_json: bool) -> None:
    """Measure relevance over FILE, and say which queries went worst and what came instead.

    FILE is JSON lines of {"query", "relevant": [slug…], "language"?, "reader"?, "kind"?}.
    """
    with unit() as app:
        try:
            questions = list(evaluation.read_questions(file))
        except UnicodeDecodeError as error:
            raise refuse(f"the file is not UTF-8: {error.reason} at byte {error.start}") from error
        finder = finder_of(app)

        def ask(it: Question, most: int) -> list[str]:
            return finder.slugs(it.query, it.language, most, it.reader)

        outcome = evaluation.evaluate(questions, ask, limit=limit)
    if as_json:
        echo_json(asdict(outcome))
    else:
        _say(outcome)


def _say(outcome: Outcome) -> None:
    limit = outcome.limit
    for name, value in (
        ("queries", f"{outcome.queries}"),
        (f"MRR@{limit}", f"{outcome.mrr:.4f}"),
        (f"recall@{limit}", f"{outcome.recall:.4f}"),
        ("without result", f"{outcome.without_result:.1%}"),
        ("p50", f"{outcome.p50_ms:.2f} ms"),
        ("p95", f"{outcome.p95_ms:.2f} ms"),
    ):
        click.echo(f"{name:<16}{value}")
    _say_parts("by language", outcome.languages, limit)
    _say_parts("by kind", outcome.kinds, limit)
    if outcome.worst:
        click.echo("\nworst")
    for it in outcome.worst:
        click.echo(_told(it))


def _say_parts(heading: str, parts: Mapping[str, Part], limit: int) -> None:
    if parts:
        click.echo(f"\n{heading:<16}queries   MRR@{limit}   without result")
    for name, part in parts.items():
        told = f"{part.queries:>7}   {part.mrr:>6.4f}   {part.without_result:>14.1%}"
        click.echo(f"{name:<16}{told}")


def _told(it: Judged) -> str:
    place = f"at place {it.rank}" if it.rank else "not found"
    language = f" [{it.language}]" if it.language else ""
    came = ", ".join(it.came) or "nothing"
    return f"  {it.query!r}{language}: {place}; wanted {', '.join(it.relevant)}; came {came}"


@search.command()
@click.option("--since", type=DAY, help="The first day; thirty days ago if not given.")
@click.option("--until", type=DAY, help="The last day; today if not given.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=LIMIT, show_default=True,
    help="Different searches, those asked most often first.",
)  # fmt: skip
@click.option(
    "--set", "weights", multiple=True, metavar="NAME=VALUE",
    help=f"A weight to try: {', '.join(laboratory.KNOBS)}.",
)  # fmt: skip
@AS_JSON
def replay(
    since: datetime | None,
    until: datetime | None,
    limit: int,
    weights: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Run the searches of a time under other weights, and say what would move; writes nothing."""
    with unit() as app:
        config: Config = app.config["PORTAL"]
        changed = laboratory.read_weights(weights)
        start, end = _span(since, until, ZoneInfo(config.timezone))
        asked = searched.searched(start, end, limit)
        finder_of(app)  # refuses when there is no index
        found = laboratory.replay(engine_of(app), asked, changed)
        names = _slugs(found)
    if as_json:
        echo_json(_as_json(found, changed, names))
        return
    for name, value in changed.items():
        click.echo(f"{name:<16}{laboratory.KNOBS[name].value:g} → {value:g}")
    _say_moves(found, names)


def _say_moves(found: Moves, names: Mapping[int, str]) -> None:
    for name, said in (
        ("searches", f"{found.searches} ({found.different} different)"),
        ("first changed", f"{found.first_changed:.1%}"),
        ("same of ten", f"{found.overlap:.1%}"),
        ("without result", f"{found.without_before:.1%} → {found.without_after:.1%}"),
        ("opened", f"{found.opened}, MRR {found.mrr_before:.4f} → {found.mrr_after:.4f}"),
    ):
        click.echo(f"{name:<16}{said}")
    if found.moved:
        click.echo("\nmoved most")
    for row in (_row(it, names) for it in found.moved):
        before, after = ", ".join(row["before"]), ", ".join(row["after"])
        click.echo(f"  {row['query']!r} ×{row['times']}: {before} → {after}")
        if row["opened"]:
            places = f"{row['rank_before'] or '–'} → {row['rank_after'] or '–'}"
            click.echo(f"      opened {row['opened']}: place {places}")


def _span(
    since: datetime | None, until: datetime | None, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """Return the moments from the first day to the end of the last one."""
    today = clock.now().astimezone(zone).date()
    last: date = until.date() if until else today
    first: date = since.date() if since else last - timedelta(days=MONTH - 1)
    if first > last:
        raise Invalid("--since is later than --until")
    if last.year >= 9999 or first.year < 2:  # noqa: PLR2004  # what a zone can be applied to
        raise Invalid("these days are out of reach")
    return midnight(first, zone).astimezone(UTC), midnight(last + timedelta(days=1), zone)


def _slugs(found: Moves) -> dict[int, str]:
    """Return the slugs of what is told of."""
    ids = {
        i
        for it in found.moved
        for i in (*it.before[:3], *it.after[:3], it.favourite)
        if i is not None
    }
    query = select(Asset.id, Asset.slug).where(Asset.id.in_(sorted(ids)))
    return {row.id: row.slug for row in db.session.execute(query)}


def _row(it: Compared, names: Mapping[int, str]) -> dict[str, Any]:
    def told(found: Any) -> list[str]:  # noqa: ANN401  # ids
        return [names.get(i, str(i)) for i in found[:3]]

    favourite = it.favourite
    return {
        "query": it.query,
        "times": it.times,
        "overlap": round(it.overlap, 4),
        "before": told(it.before),
        "after": told(it.after),
        "opened": names.get(favourite, str(favourite)) if favourite is not None else None,
        "rank_before": rank_of(it.before, favourite),
        "rank_after": rank_of(it.after, favourite),
    }


def _as_json(
    found: Moves, changed: Mapping[str, float], names: Mapping[int, str]
) -> dict[str, Any]:
    told = asdict(found)
    told["moved"] = [_row(it, names) for it in found.moved]
    return {"weights": dict(changed), **told}


@search.command("roll-up")
@click.option("--rebuild", is_flag=True, help="Forget what is kept and count everything again.")
@AS_JSON
def roll_up(*, rebuild: bool, as_json: bool) -> None:
    """Count the searches by days up to now, for the log; the worker does so by itself."""
    with unit() as app:
        config: Config = app.config["PORTAL"]
        days = log.roll_up(config.timezone, commit=db.session.commit, anew=rebuild)
    if as_json:
        echo_json({"days": days})
    else:
        click.echo(f"{days} day(s) counted.")

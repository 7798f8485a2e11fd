"""`portal search …`: ask from the shell, measure relevance, keep the index in step."""

import re
from dataclasses import asdict
from html import unescape
from typing import cast

import click
from flask import Flask, current_app

from portal.cli import refusals
from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.config import Language
from portal.db import db
from portal.errors import Conflict
from portal.library.links import asset_path
from portal.library.rules import Kind
from portal.search import indexable, repairing, rules, service
from portal.search.engine import Engine, Found, IndexDamagedError, Query
from portal.search.finding import Finder, FoundHit
from portal.search.hints import service as hinting
from portal.search.priors import service as weighing
from portal.search.repairing import Differences, Repaired

LANGUAGES = click.Choice([language.value for language in Language])
KINDS = click.Choice([kind.value for kind in Kind])


@click.group()
def search() -> None:
    """Ask the index, and keep it in step with the library."""


class _Telling:
    """An engine that refuses when the index is damaged, where a page would find nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def search(self, query: Query) -> Found:
        """Answer, or raise Conflict."""
        try:
            return self._engine.search(query)
        except IndexDamagedError as error:
            raise Conflict(refusals.INDEX_DAMAGED) from error


def engine_of(app: Flask) -> Engine:
    """Return the engine the portal searches with."""
    engine: Engine = app.extensions["arsenal.finder"].engine
    return engine


def finder_of(app: Flask) -> Finder:
    """Return a finder that tells when the index is damaged; refuse when it is missing."""
    engine = engine_of(app)
    if engine.generation() < 0 and next(indexable.all_published_facts(), []):
        raise Conflict(refusals.INDEX_MISSING)
    return Finder(cast("Engine", _Telling(engine)), app.extensions["arsenal.finder"].priors)


def follow(app: Flask) -> int | None:
    """Tell the index what changed, or build it when there is none; None: another one is at it."""
    engine = engine_of(app)
    return (service.drain if engine.generation() >= 0 else service.catch_up)(engine)


def _row(hit: FoundHit) -> dict[str, object]:
    base = current_app.config["PORTAL"].base_url
    snippet = hit.snippet
    return {
        "slug": hit.card.slug,
        "language": hit.card.language,
        "kind": hit.card.kind,
        "title": hit.card.title,
        "section": snippet.heading,
        "snippet": unescape(re.sub(r"</?mark>", "", snippet.html)),
        "url": base + asset_path(hit.card.slug, hit.card.language, anchor=snippet.anchor),
        "score": round(hit.score, 4),
    }


@search.command()
@click.argument("text")
@click.option("--language", type=LANGUAGES, help="Only texts in this language.")
@click.option("--kind", type=KINDS, help="Only assets of this kind.")
@click.option("--limit", type=click.IntRange(1, rules.MAX_PAGE_SIZE), default=10, show_default=True)
@AS_JSON
def query(text: str, language: str | None, kind: str | None, limit: int, *, as_json: bool) -> None:
    """Search for TEXT as the search page does."""
    given = {"language": language, "kind": kind}
    filters = {name: [value] for name, value in given.items() if value}
    with unit() as app:
        reader = Language(language or app.config["PORTAL"].language)
        answer = finder_of(app).find(rules.ask(text, filters=filters, size=limit, prefer=reader))
        rows = [_row(hit) for hit in answer.hits]
    if as_json:
        echo_json({"total": answer.total, "results": rows})
        return
    for number, row in enumerate(rows, start=1):
        section = f" › {row['section']}" if row["section"] else ""
        click.echo(f"{number:>2}. {row['title']}{section}  [{row['kind']}, {row['language']}]")
        click.echo(f"    {row['snippet']}\n    {row['url']}")
    click.echo(f"{answer.total} found in {answer.elapsed_ms:.1f} ms.")


@search.command()
@AS_JSON
def priors(*, as_json: bool) -> None:
    """Count anew what searches lead to; the nightly job does the same."""
    with unit():
        report = weighing.refresh()
        phrases = hinting.refresh()
    if as_json:
        echo_json({**asdict(report), "phrases": phrases})
        return
    click.echo(f"{report.searches} search(es) looked at, {report.assets} asset(s) opened or shown.")
    click.echo(f"{phrases} search(es) may be suggested to everybody.")
    for place, likely in enumerate(report.places[:10], start=1):
        click.echo(f"place {place:>2}: {likely:.1%} opened")


@search.command()
@AS_JSON
def drain(*, as_json: bool) -> None:
    """Tell the index what changed; the timer's command that guarantees it follows."""
    with unit() as app:
        done = follow(app)
    if done is None:
        raise refuse("another process is writing the index; it does this work too")
    if as_json:
        echo_json({"changes": done})
    else:
        click.echo(f"{done} change(s) worked off.")


@search.command()
@AS_JSON
def rebuild(*, as_json: bool) -> None:
    """Build the index anew beside the old one, then swap."""
    with unit() as app:
        count = service.rebuild(engine_of(app))
    if as_json:
        echo_json({"texts": count})
    else:
        click.echo(f"{count} text(s) indexed.")


@search.command()
@click.option("--repair", "mend", is_flag=True, help="Mend what differs, and only that.")
@AS_JSON
def verify(*, mend: bool, as_json: bool) -> None:
    """Count the differences between index and library; status 1 when there are any left."""
    with unit() as app:
        engine = engine_of(app)
        found = after = repairing.verify(engine)
        done = None
        if mend and not found.clean:
            db.session.rollback()  # what was read is over: others may write meanwhile
            done = repairing.repair(engine)
            after = repairing.verify(engine)
    if as_json:
        repaired = asdict(done) if done else None
        echo_json({**asdict(found), "repaired": repaired, "clean": after.clean})
    else:
        _say(found, done, after)
    if not after.clean:
        again = "what differs has changed meanwhile, or the disk is not to be trusted: try again"
        raise refuse(again if done else "Run `portal search verify --repair`.")


def _say(found: Differences, done: Repaired | None, after: Differences) -> None:
    """Tell what was found, what was done about it, and how it is now."""
    click.echo(
        "The index can not be read."
        if found.damaged
        else f"{found.checked} texts checked: {found.missing} missing, {found.extra} too many, "
        f"{found.stale} out of date; {found.waiting} change(s) wait to be drained."
    )
    if done and done.rebuilt:
        click.echo(f"The index was built anew beside the old one: {after.checked} text(s).")
    elif done:
        click.echo(
            f"Repaired: {done.added} added, {done.removed} removed, "
            f"{done.replaced} brought up to date."
        )
    if done and after.clean:
        click.echo("Index and library agree now.")

"""Imports by the page: files kept between their preview and their job, and that job."""

from collections.abc import Mapping, Sequence
from secrets import token_hex

from portal import clock
from portal.db import db
from portal.deals.importing import products, queries, service
from portal.deals.importing.matching import Matcher
from portal.deals.importing.models import DealImport, DealImportFile
from portal.deals.importing.reading import Given
from portal.deals.importing.rules import RefusedError, Settings
from portal.deals.pipelines.service import ready
from portal.errors import Conflict
from portal.jobs import Job
from portal.jobs import queries as at_work
from portal.jobs import service as jobs
from portal.library.publishing.acting import Actor

JOB = "deal-import"
BYTES_MOST = 20_000_000
FILES_MOST, SUGGESTED_MOST = 10, 40
LOOKED_AT = 20_000
"""Rows looked at before a preview; the job looks at all of them."""


def take(files: Sequence[tuple[str, bytes]], by: int) -> DealImport:
    """Keep files that were sent, and what looking through them shows; flushed.

    Raises:
        RefusedError: when nothing can be made of them.
    """
    row = DealImport(
        token=token_hex(16), fingerprint="", source="", by_id=by, at=clock.now(),
        state="preview", settings={}, counts={}, found={}, cursor=0,
    )  # fmt: skip
    row.files = [
        DealImportFile(position=place, name=name[:255], content=content)
        for place, (name, content) in enumerate(files)
    ]
    ready()
    look(row, Settings())
    db.session.add(row)
    db.session.flush()
    return row


def given(row: DealImport) -> list[Given]:
    """Return the files of an import."""
    return [Given(it.name, content=it.content) for it in row.files]


def look(row: DealImport, said: Settings) -> service.Plan:
    """Look through the files of an import again, read as said; keep what that shows.

    Raises:
        RefusedError: when nothing can be made of them so.
    """
    made = service.plan(
        given(row), said, {}, remembered=queries.mappings(), strict=False, most=LOOKED_AT
    )
    row.source = made.source
    row.settings = made.deals.settings.kept() if made.deals else {"source": made.source}
    matcher = Matcher(made.source)
    suggestions = matcher.suggestions(made.survey.words)
    near = sorted(suggestions, key=lambda it: (not it[3], it[0], -it[2]))
    row.found = {
        "files": [it.given.name for it in (*made.beside, *filter(None, [made.deals]))],
        "beside": [[it.companion, it.given.name] for it in made.beside],
        "rows": made.survey.rows,
        "certain": made.is_certain,
        "names": made.deals.names if made.deals else [],
        "words": [list(it) for it in near[:SUGGESTED_MOST]],
        "more": max(0, len(near) - SUGGESTED_MOST),
        "products": products.unknown(made.beside, matcher),
    }
    return made


def preview(row: DealImport, most: int) -> service.Plan:
    """Return the plan of an import as it is kept, without looking at every row again."""
    return service.plan(
        given(row), Settings.of(row.settings), {}, remembered={}, strict=False, most=most
    )


def confirm(
    row: DealImport,
    said: Settings,
    aliases: Mapping[tuple[str, str], str],
    adds: Actor | None = None,
) -> None:
    """Let the import run as a job, with these aliases remembered; flushed.

    `adds`: who adds the products that the tables beside the deals name.

    Raises:
        RefusedError: when it can not be read so.
        Conflict: when it runs already.
    """
    if row.state != "preview":
        raise Conflict("this import has begun already")
    made = look(row, said)
    if made.deals is not None and not made.deals.settings.mapping.get("id"):
        raise RefusedError("no-id-chosen")
    if adds is not None:
        products.add(adds, row.found["products"], made.source, made.survey.words)
    service.check_targets(made.source, aliases)
    for (kind, word), target in aliases.items():
        service.accept(made.source, kind, word, target)
    row.at = clock.now()
    service.start(row, made)
    jobs.enqueue(JOB, {"import": row.id}, key=_key(row))


def _key(row: DealImport) -> str:
    return f"{JOB}:{row.id}"


def halted(row: DealImport) -> str:
    """Return why a run does not go on: "command" may, "failed" will be tried again, "stopped"."""
    if row.state != "running":
        return ""
    if row.by_id is None and not row.files:
        return "command"
    waits = at_work.waiting_for(_key(row))
    if waits is not None:
        return "failed" if waits.error else ""
    return "" if at_work.is_live(_key(row)) else "stopped"


def again(row: DealImport) -> None:
    """Let a run go on now, where it was; flushed. One that does go on is left alone."""
    if halted(row) in {"failed", "stopped"}:
        jobs.enqueue(JOB, {"import": row.id}, key=_key(row))


def drop(row: DealImport) -> None:
    """Forget files that are not to be imported after all; flushed."""
    if row.state == "preview":
        db.session.delete(row)
        db.session.flush()


def work(job: Job, zone: str) -> str:
    """Take in the files of an import, going on where it was interrupted."""
    row = queries.by_id(int(job.payload["import"]))
    if row is None or row.state != "running":
        return "nothing to do"
    files, settings = given(row), Settings.of(row.settings)
    db.session.rollback()  # looking through the files keeps nobody waiting
    try:
        made = service.plan(files, settings, {}, remembered={})
        row = queries.by_id(row.id)
        if row is None:
            return "nothing to do"
        row.found = row.found | {"rows": made.survey.rows}
        run = service.Run(made, row, zone)
        run.carry(job.checkpoint)
    except RefusedError as error:
        db.session.rollback()
        row = queries.by_id(int(job.payload["import"]))
        if row is not None:
            row.state, row.refusal = "refused", {"code": error.code, "told": dict(error.told)}
            row.finished_at, row.files = clock.now(), []
        return error.code
    row = queries.by_id(int(job.payload["import"]))
    return ", ".join(f"{k} {v}" for k, v in service.told(row).items()) if row else ""

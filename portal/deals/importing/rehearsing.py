"""Says what an import would do: the same reading and comparing, and nothing written or held."""

from collections.abc import Mapping

from portal import clock
from portal.db import db
from portal.deals.importing import companions, rules
from portal.deals.importing.models import DealImport
from portal.deals.importing.service import CHUNK, Plan, Progress, Run
from portal.deals.importing.survey import Table
from portal.deals.importing.tallying import Noted, tallied
from portal.deals.importing.writing import compared
from portal.deals.pipelines.queries import pipelines
from portal.deals.pipelines.service import ready
from portal.deals.rules import key_of


def rehearse(
    made: Plan, zone: str, aliases: Mapping[tuple[str, str], str], progress: Progress | None = None
) -> tuple[DealImport, list[Noted]]:
    """Return a run as it would end, which is not kept, and what it would say of rows.

    In a transaction that only reads nobody waits for it, but in a portal that has no stages yet.
    """
    if not pipelines():
        ready()
    settings = made.deals.settings.kept() if made.deals else {}
    row = DealImport(source=made.source, at=clock.now(), settings=settings, counts={}, cursor=0)
    run, noted = Run(made, row, zone), list[Noted]()
    for (kind, word), target in aliases.items():
        run.matcher.learnt.targets[kind, key_of(word)] = target
    with db.session.no_autoflush:  # what tables beside the deals say is in the session alone
        tables = {
            f"{it.companion}: {it.given.name}": companions.carry(
                it, made.source, run.matcher, row.at, rehearses=True
            )
            for it in made.beside
        }
        row.counts = {"tables": tables}
        if made.deals is not None:
            noted = _rows(run, made.deals, row, progress)
    return row, noted


def _rows(run: Run, deals: Table, row: DealImport, progress: Progress | None) -> list[Noted]:
    noted: list[Noted] = []
    for lot in rules.lots(deals.data(), CHUNK):
        taken, said = run.taken(deals, lot)
        noted += said
        row.counts = tallied(row.counts, taken, said, compared(run.source, taken))
        if progress:
            progress(min(row.counts["rows"], run.plan.survey.rows), run.plan.survey.rows)
    return noted

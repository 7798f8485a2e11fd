"""`portal audit …`: whether the audit log is as it was written, and all of it as a file."""

import json
import sys
from typing import Any

import click

from portal.audit import queries, rules, service
from portal.audit.checking import Report, Trouble
from portal.audit.rules import Details, Entry, Point
from portal.cli.helpers import AS_JSON, echo_json, unit
from portal.db import reading

SAYS = {
    Trouble.CHANGED: "was changed",
    Trouble.MOVED: "stands where it was not written",
    Trouble.REMOVED: "is gone",
    Trouble.UNLINKED: "does not follow the one before it: one of the two was written anew",
    Trouble.CUT: "was cut off at the end",
    Trouble.BEYOND: "was added past the head",
    Trouble.HEAD: "does not fit the head: the head was changed or removed",
    Trouble.DETAILS: "has other names or addresses than it was written with",
    Trouble.HIDDEN: "lost names or addresses, and no entry says so",
    Trouble.ANCHOR: "is not what the anchor says: the chain was cut off or written anew",
}


class Anchor(click.ParamType):  # type: ignore[type-arg]  # in some versions
    """A place of the chain as `portal audit verify` prints it."""

    name = "number:hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """Return the place."""
        found = rules.point(str(value))
        if found is None:
            self.fail("write it as it was printed: number:hash", param, ctx)
        return found


@click.group()
def audit() -> None:
    """The audit log: who did what, chained so that no change goes unnoticed."""


@audit.command()
@click.option(
    "--anchor", "anchors", multiple=True, type=Anchor(),
    help="A head printed before and kept elsewhere: shows a chain cut off or written anew.",
)  # fmt: skip
@AS_JSON
def verify(anchors: tuple[Point, ...], *, as_json: bool) -> None:
    """Read the whole log and tell what was changed, moved, removed or cut off; status 1 then.

    Prints the head: keep it elsewhere (in the monitoring, on paper) and give it as --anchor later.
    """
    with unit(), reading():
        report = service.verify(anchors)
    if as_json:
        echo_json(_facts(report))
    else:
        _say(report)
    if not report.good:
        raise click.exceptions.Exit(1)


def _facts(report: Report) -> dict[str, object]:
    return {
        "good": report.good,
        "entries": report.entries,
        "head": str(report.head),
        "forgotten": report.forgotten,
        "findings": [
            {"trouble": it.trouble.value, "number": it.sequence, "last": it.last}
            for it in report.findings
        ],
        "more": report.more,
    }


def _say(report: Report) -> None:
    for it in report.findings:
        place = f"{it.sequence}-{it.last}" if it.trouble.spans else f"{it.sequence or it.last}"
        home = f" (it belongs at {it.last})" if it.trouble is Trouble.MOVED else ""
        click.echo(f"{place:>12}  {SAYS[it.trouble]}{home}")
    if report.more:
        click.echo(f"and {report.more} more.")
    said = "as they were written" if report.good else "read; the log is NOT as it was written"
    counted = "1 entry" if report.entries == 1 else f"{report.entries} entries"
    click.echo(f"{counted} {said}. Head: {report.head}")


@audit.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in UTC.")
def export(since: Any) -> None:  # noqa: ANN401  # a naive datetime of click's
    """Print every entry as a line of JSON, with all that its hash is made of, the oldest first."""
    with unit(), reading():
        for entry, details in queries.Chain():
            if since is None or entry.at.replace(tzinfo=None) >= since:
                json.dump(_line(entry, details), sys.stdout, ensure_ascii=False)
                sys.stdout.write("\n")
    with unit():
        service.record("data.exported", kind="audit", key="all", after={"format": "jsonl"})


def _line(entry: Entry, details: Details | None) -> dict[str, object]:
    told = {name: getattr(entry, name) for name in Entry.__slots__}
    told["at"] = entry.at.isoformat(timespec="microseconds")
    apart = {"salt": details.salt, "personal": details.personal} if details else None
    return {**told, "details": apart}

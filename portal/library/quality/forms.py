"""Filters of the page of findings, read from its address."""

from werkzeug.datastructures import MultiDict

from portal.library.claims.forms import id_of
from portal.library.quality.queries import Wanted
from portal.library.quality.rules import Check, Severity
from portal.library.rules import Kind


def wanted_of(args: MultiDict[str, str], person_id: int | None) -> Wanted:
    """Return the findings asked for; what is unknown counts as not asked."""
    name, kind, severity = (args.get(key, "") for key in ("check", "kind", "severity"))
    return Wanted(
        name=name if name in set(Check) else "",
        kind=kind if kind in set(Kind) else "",
        severity=int(severity) if severity in {str(int(s)) for s in Severity} else None,
        owner_id=id_of(args.get("owner")),
        person_id=person_id,
        dismissed=args.get("dismissed") == "1",
    )

"""What was typed so far, as it comes from outside: cut and cleaned, never refused."""

from collections.abc import Mapping

from portal.asset_requests.asking.rules import QUERY_MOST, Draft
from portal.asset_requests.rules import TITLE_MOST
from portal.config import Language
from portal.library.rules import Kind
from portal.library.writing.forms import one_line, storable

SITUATION_MOST = 1500
"""Characters of the situation that are looked at."""
SLUG_MOST = 80


def _line(args: Mapping[str, str], name: str, most: int) -> str:
    return (one_line(args.get(name, "")[: 2 * most]) or "")[:most]


def typed(args: Mapping[str, str]) -> Draft:
    """Return the request as far as it is typed; what is no value of ours is left out."""
    kind, language = args.get("kind", ""), args.get("language", "")
    situation = storable(args.get("situation", "")[: 2 * SITUATION_MOST]) or ""
    return Draft(
        title=_line(args, "title", TITLE_MOST),
        situation=situation[:SITUATION_MOST],
        query=_line(args, "query", QUERY_MOST),
        kind=kind if kind in set(Kind) else None,
        language=language if language in set(Language) else None,
        product=_line(args, "product", SLUG_MOST) or None,
        competitor=_line(args, "competitor", SLUG_MOST) or None,
        industry=_line(args, "industry", SLUG_MOST) or None,
        stage=_line(args, "stage", SLUG_MOST) or None,
    )

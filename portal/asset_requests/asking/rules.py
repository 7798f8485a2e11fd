"""What a request says when it is asked, and what a form may be filled with from where it began."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.accounts.rules import Department
from portal.asset_requests.rules import Complaint, Origin, words_of
from portal.library.rules import Facet

FILTERS = frozenset({"kind", "language", *(facet.value for facet in Facet)})
"""What a search can be narrowed by."""
QUERY_MOST, ANCHOR_MOST, TOKEN_MOST = 300, 200, 40
VALUES_MOST, VALUE_MOST = 20, 100


@dataclass(frozen=True, slots=True)
class Draft:
    """A request before it is asked; facets are slugs of the vocabulary."""

    title: str
    situation: str = ""
    kind: str | None = None
    language: str | None = None
    product: str | None = None
    competitor: str | None = None
    industry: str | None = None
    stage: str | None = None
    department: str = Department.MARKETING.value
    urgent: bool = False
    needed_by: date | None = None
    deal_id: int | None = None
    origin: str = Origin.BLANK.value
    query: str = ""
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    asset_id: int | None = None
    anchor: str = ""
    complaint: str | None = None

    @property
    def said(self) -> str:
        """All its words, for finding requests like it."""
        return words_of(self.title, self.query, self.situation)


def origin_of(*, query: str, asset: bool, competitor: bool, deal: bool) -> Origin:
    """Return where a request was asked from, by what its form was opened with."""
    if asset:
        return Origin.ASSET
    if query:
        return Origin.SEARCH
    if deal:
        return Origin.DEAL
    return Origin.COMPETITOR if competitor else Origin.BLANK


def complaint_of(raw: str | None) -> str | None:
    """Return what is the matter with an asset, if it is one of ours."""
    return raw if raw in set(Complaint) else None


def clean_filters(raw: object) -> dict[str, list[str]]:
    """Return the filters of a search as they may be kept; what is none is left out."""
    if not isinstance(raw, dict):
        return {}
    found: dict[str, list[str]] = {}
    for name, values in raw.items():
        if name not in FILTERS or not isinstance(values, list):
            continue
        good = [v for v in values[:VALUES_MOST] if isinstance(v, str) and 0 < len(v) <= VALUE_MOST]
        good = [v for v in good if v.isprintable()]
        if good:
            found[name] = good
    return found

"""What somebody wishes to see of the assets that help, and what a rep may be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Role
from portal.config import Language
from portal.insights.lift.rules import JUDGED, Verdict
from portal.library.rules import Kind

FEW_DEALS = 200
"""Fewer closed deals can not rank assets: the page leads with ratings."""
WORDS_MOST = 100
FIRST = 20
"""Assets of the other groups shown on the first page."""
POINTS = 100
"""A share of one is shown in points."""


class Group(StrEnum):
    """Which assets are listed: those judged, those with too few deals, those used too late."""

    JUDGED = "judged"
    THIN = "thin"
    DECIDED = "decided"


VERDICTS: Mapping[Group, tuple[str, ...]] = {
    Group.JUDGED: tuple(it.value for it in JUDGED),
    Group.THIN: (Verdict.THIN.value,),
    Group.DECIDED: (Verdict.DECIDED.value,),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which assets somebody wishes to see; what is empty is not asked for."""

    group: Group = Group.JUDGED
    kind: str = ""
    product: str = ""
    competitor: str = ""
    language: str = ""
    words: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether some assets are left out."""
        return any((self.kind, self.product, self.competitor, self.language, self.words))


def wish_of(
    args: Mapping[str, str], *, products: Collection[str], competitors: Collection[str]
) -> Wish:
    """Read what an address wishes for; what is none of ours is left out."""
    group, kind, language = (args.get(name, "") for name in ("group", "kind", "language"))
    product, competitor = args.get("product", ""), args.get("competitor", "")
    said = args.get("q", "")[: 2 * WORDS_MOST]
    words = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return Wish(
        group=Group(group) if group in set(Group) else Group.JUDGED,
        kind=kind if kind in set(Kind) else "",
        product=product if product in products else "",
        competitor=competitor if competitor in competitors else "",
        language=language if language in set(Language) else "",
        words=words[:WORDS_MOST].strip(),
    )


def sees_unpublished(role: Role) -> bool:
    """Whether somebody is told of assets that are not published: drafts, retired ones."""
    return policy.granted(role, Act.FIGURES_OF_DRAFTS)


def sees_money(role: Role) -> bool:
    """Whether somebody is told what the deals that saw an asset are worth, as a sum."""
    return policy.granted(role, Act.FIGURES_MONEY)


def points(share: float | None) -> float | None:
    """Return a share of one in points, None when there is none."""
    return None if share is None else share * POINTS

"""Tables of what is kept to judge assets: the model, counts by stratum, what is said of each asset.

All of it can be made anew from the facts. Counts belong to a `generation`: a new one is written
beside the old and takes its place at once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class LiftModel(Base):
    """The one row that says which generation holds, by which model it was counted, how far.

    `chance`: the model of starting chances; `uses_seen`: the last event of the ledger looked at;
    `seen_at`: until when changes of deals and calls were; `busy_until`: somebody makes it anew.
    """

    __tablename__ = "lift_models"

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(default=0)
    chance: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    deals: Mapped[int] = mapped_column(default=0)
    uses_seen: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]
    fitted_at: Mapped[datetime | None]
    judged_at: Mapped[datetime | None]
    spread: Mapped[float] = mapped_column(default=0.0)
    busy_until: Mapped[datetime | None]


class CountedDeal(Base):
    """A closed deal as it is counted; `facts`: first uses (`counting.FACT`); owner 0: nobody."""

    __tablename__ = "lift_deals"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deal_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int]
    won: Mapped[int]
    band: Mapped[int]
    facts: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def told(self) -> tuple[int, int, int, bytes]:
        """What it counts, but whose number it is."""
        return self.owner_id, self.won, self.band, self.facts


class LiftCell(Base):
    """Countable first uses of an asset in a stratum: deals, and those won."""

    __tablename__ = "lift_cells"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stratum: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    won: Mapped[int]


class LiftPool(Base):
    """Countable first uses of all assets in a stratum; `squares`: of the uses on each deal."""

    __tablename__ = "lift_pools"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stratum: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    won: Mapped[int]
    squares: Mapped[int]


class LiftRep(Base):
    """First uses of an asset on one rep's closed deals: `n` that count, `uses` all of them.

    Deals without an owner are those of rep 0.
    """

    __tablename__ = "lift_reps"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int]
    uses: Mapped[int]


class AssetLift(Base):
    """What is said of an asset; shares (0.1 is 10 points), NULL where nothing can be said.

    `n`: closed deals compared; `uses`: first uses on closed deals, too late ones included;
    `place`: what the page sorts by, from 1.
    """

    __tablename__ = "asset_lifts"
    __table_args__ = (Index(None, "place"), Index(None, "verdict", "place"))

    asset_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(10))
    n: Mapped[int]
    uses: Mapped[int]
    reps: Mapped[int]
    lift: Mapped[float | None]
    error: Mapped[float | None]
    own: Mapped[float | None]
    others: Mapped[float | None]
    best: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    p: Mapped[float | None]
    need: Mapped[int]

"""What a row of each file of a history says, checked; what is reported of it. Pure.

Files are those of `portal history import`; each model is a row, its fields are the columns. A row
that can not be meant is refused with a reason; columns that are none of these are left alone.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from portal.deals.past_uses.rules import REJECTED_MOST, Report
from portal.deals.rules import key_of
from portal.insights.history.values import (
    Amount,
    Comment,
    Currency,
    Email,
    Helped,
    Key,
    MaybeKey,
    MaybePast,
    MaybeTime,
    Past,
    Rep,
    Result,
    Spoken,
    Stage,
    Stars,
    Status,
    Title,
    Version,
    Word,
)

SOURCE_MOST = 60
STAGES_MOST = 100
"""Different stages of one source: more are no stages."""
PEOPLE_TOLD = 1000
CLOSED = "closed"
"""How the names of stages begin that are outcomes."""


# --- rows ---------------------------------------------------------------------------------------


class Row(BaseModel):
    """Parent of the rows: `needed` columns have to be there, the others may be missing."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    needed: ClassVar[tuple[str, ...]] = ()
    ignored: ClassVar[tuple[str, ...]] = ()
    """Columns that are known and not kept."""
    one_line: ClassVar[bool] = True
    """Whether no value has line breaks, so that a stray quotation mark spoils one line only."""


class AssetRow(Row):
    """An asset of the other tool."""

    needed: ClassVar = ("asset_id",)
    one_line: ClassVar = False
    asset_id: Key
    title: Title = ""
    type: Word = ""
    published_at: MaybeTime = None
    archived_at: MaybeTime = None
    version: Version = None


class DealRow(Row):
    """A deal as it stands; `amount` keeps its `currency`, nothing is converted."""

    needed: ClassVar = ("deal_id", "created_at", "status")
    deal_id: Key
    owner: Email = ""
    segment: Word = ""
    region: Word = ""
    product: Word = ""
    competitor: Word = ""
    amount: Amount = None
    currency: Currency = ""
    created_at: Past
    closed_at: MaybePast = None
    status: Status
    loss_reason: Word = ""


class StageRow(Row):
    """A deal entered a stage; a name that begins with “Closed” says that it ended."""

    needed: ClassVar = ("deal_id", "stage", "entered_at")
    deal_id: Key
    stage: Stage
    entered_at: Past

    @property
    def ends(self) -> bool:
        """Whether the stage is an outcome."""
        return key_of(self.stage).startswith(CLOSED)


class UseRow(Row):
    """Somebody did something with an asset, perhaps for a deal."""

    needed: ClassVar = ("use_id", "at", "asset_id")
    ignored: ClassVar = ("seconds",)
    use_id: Key
    at: Past
    rep: Email = ""
    asset_id: Key
    action: Word = "viewed"
    deal_id: MaybeKey = ""
    version: Version = None
    language: Spoken = None


class RatingRow(Row):
    """A rep's stars for an asset, perhaps on a call."""

    needed: ClassVar = ("at", "rep", "asset_id", "stars")
    one_line: ClassVar = False
    rating_id: MaybeKey = ""
    at: Past
    rep: Rep
    asset_id: Key
    call_id: MaybeKey = ""
    deal_id: MaybeKey = ""
    stars: Stars
    helped: Helped = None
    comment: Comment = ""
    call_outcome: Result = None
    language: Spoken = None


FILES: Mapping[str, type[Row]] = {
    "assets.csv": AssetRow, "deals.csv": DealRow, "deal_stages.csv": StageRow,
    "uses.csv": UseRow, "ratings.csv": RatingRow,
}  # fmt: skip
"""In the order they are taken in: later ones name what is in earlier ones."""


def read(kind: type[Row], cells: Mapping[str, str], now: datetime) -> Any:  # noqa: ANN401  # a `kind`
    """Return what a row says.

    Raises:
        ValueError: when it can not be meant; with the reason.
    """
    try:
        return kind.model_validate(cells, context={"now": now})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        cause = first.get("ctx", {}).get("error")
        raise ValueError(str(cause or f"{first['loc'][0]}: {first['msg']}")) from error


def digest_of(*facts: object) -> str:
    """Return what stands for facts; begins with a letter no digest of another import has."""
    told = json.dumps(facts, sort_keys=True, default=str, ensure_ascii=False)
    return "h" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:63]


def key_for(source: str, what: str) -> str:
    """Return by what something of a source is known again when it is loaded again."""
    return hashlib.sha256(f"{source}\x00{what}".encode("utf-8", "replace")).hexdigest()


# --- what is reported ---------------------------------------------------------------------------


@dataclass(slots=True)
class FileReport(Report):
    """What became of the rows of a file; `repeated`: of an id that a later row has as well."""

    file: str = ""
    updated: int = 0
    repeated: int = 0
    noted: int = 0
    notes: list[dict[str, object]] = field(default_factory=list)
    unknown_columns: Sequence[str] = ()

    def note(self, row: int, note: str) -> None:
        """Tell what is odd about a row that was taken."""
        self.noted += 1
        if len(self.notes) < REJECTED_MOST:
            self.notes.append({"row": row, "note": note})

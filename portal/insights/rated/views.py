"""The pages of what reps say: by asset and owner, and what they wrote; as files as well."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests.rules import number_of
from portal.insights.rated import presenting, queries, rules
from portal.insights.rated.rules import Line, Sort
from portal.insights.rules import read_direction
from portal.library.rules import Kind
from portal.web import paging, sending, words

bp = Blueprint("rated", __name__, url_prefix="/insights/ratings")

PAGE_SIZE = 40
SENT_MOST = 20_000
"""The latest ratings with words that go into one file."""
COLUMNS = (
    (Sort.TITLE.value, _("Title"), "asc"),
    (Sort.RATING.value, _("Rating"), "desc"),
    (Sort.VOICES.value, _("People"), "desc"),
    (Sort.FLAGS.value, _("Open remarks"), "desc"),
    (Sort.AGE.value, _("Oldest"), "desc"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: a kind, an owner (0: nobody), an order."""

    kind: str
    owner: int | None
    sort: Sort
    direction: str

    @property
    def args(self) -> list[tuple[str, str]]:
        """The same as an address says it."""
        told = {
            "kind": self.kind, "owner": "" if self.owner is None else str(self.owner),
            "sort": self.sort.value, "dir": self.direction,
        }  # fmt: skip
        return [(name, value) for name, value in told.items() if value]

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """Of which assets, as an address says it."""
        return [(name, value) for name, value in self.args if name in {"kind", "owner"}]

    def has(self, line: Line) -> bool:
        """Whether an asset is wanted."""
        return self.kind in ("", line.kind) and self.owner in (None, line.owner_id or 0)


def _wish() -> Wish:
    kind, owner = request.args.get("kind", ""), request.args.get("owner", "")
    sort = rules.read_sort(request.args.get("sort"))
    return Wish(
        kind if kind in set(Kind) else "",
        0 if owner == "0" else number_of(owner),
        sort,
        read_direction(request.args.get("dir"), sort),
    )


@bp.get("")
@allows(Act.FIGURES_DESK)
def index() -> ResponseReturnValue:
    """Show what reps say of each asset; `by=owner` gives the files by owner."""
    wish, now = _wish(), clock.now()
    every = presenting.lines(now)
    found = rules.in_order([it for it in every if wish.has(it)], wish.sort, wish.direction)
    table, owners = presenting.table(found), presenting.owners_table(rules.owners(every))
    if (kind := request.args.get("format")) in sending.FORMATS:
        return sending.sent(owners if request.args.get("by") == "owner" else table, kind)
    path = url_for("rated.index")
    page = paging.paging(
        total=len(found),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, wish.args),
    )
    files = [paging.with_args(path, wish.args, {"format": kind}) for kind in sending.FORMATS]
    return render_template(
        "insights/rated/index.html",
        wish=wish,
        rows=presenting.rows(found[page.offset : page.offset + page.size]),
        columns=paging.sort_links(
            COLUMNS, path=path, args=wish.args, current=wish.sort.value, direction=wish.direction
        ),
        table=table,
        owners=owners,
        kinds=sorted({(it.kind, words.label(words.KINDS, it.kind)) for it in every}),
        people=sorted({(it.owner_id or 0, it.owner) for it in every}, key=lambda it: it[1]),
        remarks=presenting.remarks(queries.flags(wish.kind, wish.owner), now),
        written_url=paging.with_args(url_for("rated.written"), wish.narrowed, {}),
        written=queries.count_written(wish.kind, wish.owner),
        files=files,
        owner_files=[
            paging.with_args(path, (), {"by": "owner", "format": kind}) for kind in sending.FORMATS
        ],
        paging=page,
    )


@bp.get("/written")
@allows(Act.FIGURES_DESK)
def written() -> ResponseReturnValue:
    """Show what reps wrote with their ratings, the latest first; nobody's name."""
    wish = _wish()
    args, path = wish.narrowed, url_for("rated.written")
    if (kind := request.args.get("format")) in sending.FORMATS:
        every = queries.written(wish.kind, wish.owner, limit=SENT_MOST, offset=0)
        return sending.sent(presenting.written_table(presenting.written(every)), kind)
    page = paging.paging(
        total=queries.count_written(wish.kind, wish.owner),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, args),
    )
    found = queries.written(wish.kind, wish.owner, limit=page.size, offset=page.offset)
    return render_template(
        "insights/rated/written.html",
        written=presenting.written(found),
        back=paging.with_args(url_for("rated.index"), args, {}),
        paging=page,
        files=[paging.with_args(path, args, {"format": it}) for it in sending.FORMATS],
    )

"""What helps to win: the list of assets, as a page and as files, and what its figures mean."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.insights.helps import forms, labels, presenting, queries, rules
from portal.insights.helps.labels import on_page
from portal.insights.helps.presenting import Shown
from portal.insights.helps.queries import Line
from portal.insights.helps.rules import Group, Wish
from portal.insights.lift import queries as lift
from portal.insights.lift.models import LiftModel
from portal.library.models import FacetTerm
from portal.web import locale, paging, sending

bp = Blueprint("insights_lift", __name__, url_prefix="/insights")

PAGE_SIZE = 50


@bp.get("")
@allows(Act.FIGURES_SEE)
def home() -> ResponseReturnValue:
    """Lead to the first page of the insights."""
    return redirect(url_for("insights_lift.index"), 303)


@bp.get("/helps")
@allows(Act.FIGURES_SEE)
def index() -> ResponseReturnValue:
    """Show which assets help to win: those judged, or those too thin, or those used too late."""
    terms = queries.terms()
    wish = rules.wish_of(
        request.args,
        products={it.slug for it in terms["product"]},
        competitors={it.slug for it in terms["competitor"]},
    )
    unpublished = rules.sees_unpublished(current_user.role)
    asked = request.args.get("format")
    if asked in sending.FORMATS:
        found = queries.lines(wish.group, wish, unpublished=unpublished)
        return sending.sent(presenting.table(_shown(found), wish.group), asked)
    return _page(wish, terms, unpublished=unpublished)


def _shown(lines: Sequence[Line]) -> list[Shown]:
    return presenting.shown(lines, clock.now() - presenting.LATELY)


def _page(
    wish: Wish, terms: Mapping[str, Sequence[FacetTerm]], *, unpublished: bool
) -> ResponseReturnValue:
    path = url_for("insights_lift.index")
    args = [(k, v) for k, v in _args(wish).items() if v]
    counts = queries.counts(wish, unpublished=unpublished)
    page = paging.paging(
        total=counts[wish.group],
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(path, args),
    )
    rows = _shown(
        queries.lines(
            wish.group, wish, unpublished=unpublished, limit=page.size, offset=page.offset
        )
    )
    first = page.number == 1 and not wish.narrowed and wish.group is Group.JUDGED
    files = tuple(paging.with_args(path, args, {"format": it}) for it in sending.FORMATS)
    kept = lift.model()
    return render_template(
        "insights/helps/index.html",
        wish=wish,
        choices=forms.choices(terms),
        groups=forms.group_links(wish, counts, path, args),
        counts={group.value: n for group, n in counts.items()},
        first_page=first,
        table=None if wish.group is Group.JUDGED else on_page(presenting.table(rows, wish.group)),
        rows=rows,
        judged=presenting.judged(rows, files) if rows and wish.group is Group.JUDGED else "",
        paging=page,
        deals=kept.deals if kept else 0,
        judged_at=kept.judged_at if kept else None,
        names=labels.NAMES,
        files=files,
        **_beside(kept, counts[Group.JUDGED], first=first, unpublished=unpublished),
    )


def _beside(
    kept: LiftModel | None, judged: int, *, first: bool, unpublished: bool
) -> dict[str, Any]:
    """Return what only the first page shows: funnel, best rated, thin, what is missing."""
    deals = kept.deals if kept else 0
    told: dict[str, Any] = {
        "few": deals < rules.FEW_DEALS,
        "few_deals": rules.FEW_DEALS,
        "manages": policy.granted(current_user.role, Act.DEALS_IMPORT),
        "funnel": None,
        "best_rated": (),
        "missing": None,
    }
    if not first:
        return told
    told["funnel"] = presenting.funnel(kept.judged_at if kept else None, unpublished=unpublished)
    if deals < rules.FEW_DEALS:
        told["best_rated"] = presenting.best_rated(rules.FIRST, unpublished=unpublished)
    if not judged:
        told["missing"] = queries.missing(kept)
    return told


def _args(wish: Wish) -> dict[str, str]:
    group = wish.group.value if wish.group is not Group.JUDGED else ""
    return {
        "group": group, "kind": wish.kind, "product": wish.product,
        "competitor": wish.competitor, "language": wish.language, "q": wish.words,
    }  # fmt: skip


@bp.get("/helps/definitions")
@allows(Act.FIGURES_SEE)
def definitions() -> ResponseReturnValue:
    """Say what the figures mean and how they come about."""
    told = [(key, str(labels.NAMES[key]), str(it)) for key, it in labels.DEFINITIONS.items()]
    return render_template("insights/helps/definitions.html", told=told, today=locale.today())

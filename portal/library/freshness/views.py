"""Pages of freshness: what is due by week, still true in one click, intervals, who looks after."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.errors import Invalid
from portal.library.freshness import presenting, queries, rules, service
from portal.library.freshness.forms import BackForm, CareForm, whole
from portal.library.handover import queries as handover
from portal.library.publishing import acting
from portal.library.publishing.acting import Actor
from portal.library.rules import Kind
from portal.usage import queries as usage
from portal.usage.rules import DEFAULT_WINDOW, INTEGER_MOST, window_of
from portal.web import locale, paging, words

bp = Blueprint("freshness", __name__, url_prefix="/desk")

PAGE_SIZE = 60
WEEKS = 6
"""How many weeks ahead the list of checks looks."""


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _used() -> dict[int, int]:
    """Return how often each asset was viewed in the last month."""
    config: Config = current_app.config["PORTAL"]
    window = window_of(DEFAULT_WINDOW, now=clock.now(), zone=ZoneInfo(config.timezone))
    return {asset_id: use.views for asset_id, use in usage.uses(window).items()}


@bp.get("/freshness")
@allows(Act.ASSET_DESK)
def index() -> ResponseReturnValue:
    """Show what is due, overdue and soon due, week by week, the most used first."""
    today, args = locale.today(), request.args
    chooses = policy.granted(current_user.role, Act.DESK_OF_ALL)
    mine = not chooses or args.get("whose") == "mine"
    kind = args.get("kind") if args.get("kind") in set(Kind) else None
    owner_id = whole(args.get("owner"), least=0, most=INTEGER_MOST) if chooses else None
    last = rules.week_of(today) + timedelta(days=7 * WEEKS - 1)
    found = queries.due(
        last, person_id=current_user.id if mine else None, owner_id=owner_id, kind=kind
    )
    used = _used() if found else {}
    ordered = presenting.in_order(found, used, today)
    kept = [(name, value) for name, value in args.items() if name != "page"]
    page = paging.paging(
        total=len(ordered),
        number=paging.number_of(args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("freshness.index"), kept),
    )
    shown = ordered[page.offset : page.offset + page.size]
    titles = queries.titles([it.id for it in shown], locale.code())
    return render_template(
        "library/freshness/index.html",
        weeks=presenting.weeks(shown, titles, used, today),
        due=sum(rules.freshness(it.checked_on, it.months, today).is_due for it in found),
        total=len(found),
        horizon=last,
        mine=mine,
        chooses=chooses,
        kind=kind,
        kinds=[(k.value, words.label(words.KINDS, k)) for k in Kind],
        owner_id=owner_id,
        owners=queries.owners() if chooses else (),
        left=handover.left() if policy.granted(current_user.role, Act.HAND_OVER) else (),
        paging=page,
    )


@bp.post("/<slug>/confirm")
@allows(Act.ASSET_CONFIRM)
def confirm(slug: str) -> ResponseReturnValue:
    """Say that an asset is still true, today."""
    form = BackForm()
    asset = acting.seen(_actor(), slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid
    service.confirm(_actor(), asset, today=locale.today())
    return redirect(form.target(url_for("publishing.show", slug=slug)), 303)


@bp.post("/<slug>/care")
@allows(Act.ASSET_DESK)
def care(slug: str) -> ResponseReturnValue:
    """Set who owns an asset, who stands in, and how often it is checked."""
    form = CareForm()
    asset = acting.seen(_actor(), slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid(
            gettext(
                "An interval has %(least)s to %(most)s months.", least=rules.LEAST, most=rules.MOST
            )
        )
    try:
        service.assign(_actor(), asset, "owner", form.owner.data)
        service.assign(_actor(), asset, "backup", form.backup.data)
    except Invalid as error:
        raise Invalid(gettext("Choose somebody who is here and may write.")) from error
    service.set_own_interval(_actor(), asset, form.months.data)
    return redirect(url_for("publishing.show", slug=slug, _anchor="care"), 303)


@bp.get("/intervals")
@allows(Act.INTERVALS_KEEP)
def intervals() -> ResponseReturnValue:
    """Show how often assets of each kind are checked."""
    return _intervals({})


def _intervals(wrong: dict[str, str]) -> str:
    kept, counts = queries.intervals(), queries.counts()
    lines = [
        {
            "kind": kind.value,
            "label": words.label(words.KINDS_MANY, kind),
            "months": wrong.get(kind.value)
            or (kept[kind.value].months if kind.value in kept else rules.DEFAULTS[kind]),
            "is_wrong": kind.value in wrong,
            "usual": presenting.months_label(rules.DEFAULTS[kind]),
            "set": kept.get(kind.value),
            "count": counts.get(kind.value, 0),
        }
        for kind in Kind
    ]
    return render_template(
        "library/freshness/intervals.html", lines=lines, least=rules.LEAST, most=rules.MOST
    )


@bp.post("/intervals")
@allows(Act.INTERVALS_KEEP)
def set_intervals() -> ResponseReturnValue:
    """Set how often assets of each kind are checked."""
    if not BackForm().validate_on_submit():
        raise Invalid
    said = {kind: request.form[kind.value] for kind in Kind if kind.value in request.form}
    months = {k: whole(text, least=rules.LEAST, most=rules.MOST) for k, text in said.items()}
    wrong = {kind.value: said[kind][:20] or " " for kind, value in months.items() if value is None}
    if wrong:
        return _intervals(wrong), 422
    for kind, value in months.items():
        service.set_interval(_actor(), kind, value or rules.DEFAULTS[kind])
    return redirect(url_for("freshness.intervals"), 303)

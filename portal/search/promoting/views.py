"""Pages of promotions: the list, a new one, one with its history."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Conflict, Invalid, NotFound
from portal.library.collections import queries as collections
from portal.library.links import slug_in
from portal.library.models import Asset
from portal.library.rules import SLUG_LIMIT
from portal.search import rules as searching
from portal.search.promoting import labels, presenting, queries, rules, service
from portal.search.promoting.forms import EndForm, PromotionForm
from portal.search.promoting.models import Promotion
from portal.search.promoting.queries import Listed
from portal.search.promoting.service import RefusedError, Wanted
from portal.usage.rules import INTEGER_MOST
from portal.web import locale, paging

bp = Blueprint("promotions", __name__, url_prefix="/search/promotions")

PAGE_SIZE = 30


@bp.get("")
@allows(Act.PROMOTIONS_KEEP)
def index() -> ResponseReturnValue:
    """List what is promoted now, or was."""
    name, today = request.args.get("list", ""), locale.today()
    which = Listed(name) if name in set(Listed) else Listed.NOW
    counts = {each.value: queries.count(each, today) for each in Listed}
    page = paging.paging(
        total=counts[which],
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("promotions.index"), [("list", which.value)]),
    )
    found = queries.page(which, today, page.size, page.offset)
    return render_template(
        "search/promoting/index.html",
        which=which.value,
        counts=counts,
        promotions=[presenting.view(it, today) for it in found],
        paging=page,
    )


@bp.get("/new")
@allows(Act.PROMOTIONS_KEEP)
def new() -> ResponseReturnValue:
    """Show the form, with the search and the asset one comes from."""
    form = PromotionForm(formdata=None)
    form.query.data = searching.clean(request.args.get("q", ""), rules.QUERY_MOST)
    form.asset.data = searching.clean(request.args.get("asset", ""), SLUG_LIMIT)
    form.ends_on.data = locale.today() + rules.USUAL
    return _draw_new(form)


def _draw_new(form: PromotionForm) -> str:
    asset = _asset(form)
    return render_template(
        "search/promoting/new.html",
        form=form,
        asset=presenting.title_of(asset) if asset else None,
        latest=rules.latest(locale.today()),
        today=locale.today(),
    )


def _asset(form: PromotionForm) -> Asset | None:
    slug = slug_in(form.asset.data or "")
    return collections.published(slug) if slug and len(slug) <= SLUG_LIMIT else None


def _wanted(form: PromotionForm) -> Wanted:
    return Wanted(form.query.data or "", form.reason.data or "", form.ends_on.data)


def _refuse(form: PromotionForm, error: RefusedError) -> None:
    field, words = labels.TROUBLES[error.trouble]
    form[field].errors = [words]


@bp.post("")
@allows(Act.PROMOTIONS_KEEP)
def add() -> ResponseReturnValue:
    """Promote an asset for a search."""
    form = PromotionForm()
    asset = _asset(form)
    good = form.validate_on_submit()
    if asset is None:
        form.asset.errors = [gettext("There is no such asset, or it is not published.")]
    if not good or asset is None:
        return _draw_new(form), 422
    try:
        service.promote(current_user.id, asset.id, _wanted(form), locale.today())
    except RefusedError as error:
        _refuse(form, error)
        return _draw_new(form), 422
    return redirect(url_for("search.page", q=form.query.data), 303)


def _found(promotion_id: int, *, lock: bool = False) -> Promotion:
    found = queries.promotion(min(promotion_id, INTEGER_MOST), lock=lock)
    if found is None:
        raise NotFound
    return found


def _draw(it: Promotion, form: PromotionForm, trouble: str = "") -> str:
    return render_template(
        "search/promoting/show.html",
        it=presenting.view(it, locale.today()),
        edits=presenting.edits(it),
        form=form,
        trouble=trouble,
        latest=rules.latest(locale.today()),
        today=locale.today(),
    )


@bp.get("/<int:promotion_id>")
@allows(Act.PROMOTIONS_KEEP)
def show(promotion_id: int) -> ResponseReturnValue:
    """Show a promotion, to be changed, with its history."""
    it = _found(promotion_id)
    form = PromotionForm(
        formdata=None, query=it.query, ends_on=it.ends_on, reason=it.reason, version=it.version
    )
    return _draw(it, form)


@bp.post("/<int:promotion_id>")
@allows(Act.PROMOTIONS_KEEP)
def save(promotion_id: int) -> ResponseReturnValue:
    """Change a promotion; when somebody else did meanwhile, show what was typed and say so."""
    form, it = PromotionForm(), _found(promotion_id, lock=True)
    if not form.validate_on_submit():
        return _draw(it, form), 422
    try:
        service.change(current_user.id, it, _wanted(form), form.version.data or 0, locale.today())
    except RefusedError as error:
        _refuse(form, error)
        return _draw(it, form), 422
    except Conflict:
        form.version.data, form.version.raw_data = it.version, None
        trouble = gettext("Somebody has changed it meanwhile; see below. Save again to keep yours.")
        return _draw(it, form, trouble), 409
    return redirect(url_for("promotions.index"), 303)


@bp.post("/<int:promotion_id>/ended")
@allows(Act.PROMOTIONS_KEEP)
def end(promotion_id: int) -> ResponseReturnValue:
    """End a promotion now."""
    if not EndForm().validate_on_submit():
        raise Invalid
    service.end(current_user.id, _found(promotion_id, lock=True))
    return redirect(url_for("promotions.index"), 303)

"""The page of claims: what is without source, too old or contradictory; what was decided."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import Invalid, NotFound
from portal.library.claims import contradictions, forms, presenting, queries, service, surroundings
from portal.library.claims.forms import ALL, DECIDED, WhyForm
from portal.library.claims.queries import Wanted
from portal.library.claims.rules import Problem
from portal.library.models import Asset
from portal.library.publishing.acting import Actor
from portal.library.publishing.presenting import kind_choices
from portal.library.publishing.queries import asset_by_slug
from portal.library.queries import name_of
from portal.library.rules import SLUG_LIMIT
from portal.web import locale, paging

bp = Blueprint("claims", __name__, url_prefix="/desk/claims")

PAGE_SIZE = 25
DIFFERING = (Problem.CONTRADICTION, Problem.TRANSLATION)


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


@bp.get("/")
@allows(Act.CLAIMS_SETTLE)
def index() -> ResponseReturnValue:
    """List claims by what is wrong with them."""
    competitors = surroundings.competitors()
    current = forms.list_of(request.args)
    asset = _asset(request.args.get("asset", ""))
    wanted = forms.wanted_of(
        request.args, {slug for slug, _ in competitors}, asset.id if asset else None
    )
    differing = {problem: contradictions.groups(problem, wanted) for problem in DIFFERING}
    counts = {problem.value: n for problem, n in queries.counts(wanted, clock.now().date()).items()}
    counts |= {problem.value: len(groups) for problem, groups in differing.items()}
    counts |= {ALL: queries.total(wanted), DECIDED: surroundings.ruling_count()}
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    page = paging.paging(
        total=counts[current],
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("claims.index"), args),
    )
    return render_template(
        "library/claims/index.html",
        tabs=presenting.tabs(counts, current),
        current=current,
        help=presenting.help_of(current),
        ages=presenting.ages() if current == Problem.OLD.value else [],
        wanted=wanted,
        asset=asset,
        kinds=kind_choices(),
        competitors=[(s, name_of(names, s, locale.code())) for s, names in competitors],
        owners=surroundings.owners(),
        form=WhyForm(formdata=None),
        paging=page,
        **_lines(current, wanted, differing, page),
    )


def _asset(slug: str) -> Asset | None:
    """Return the asset whose claims are asked for, if any."""
    usable = 0 < len(slug) <= SLUG_LIMIT and "\x00" not in slug
    return asset_by_slug(slug) if usable else None


def _lines(
    current: str,
    wanted: Wanted,
    differing: dict[Problem, list[contradictions.Group]],
    page: paging.Paging,
) -> dict[str, object]:
    """Return what is on a page of a list, as the template gets it."""
    if current == DECIDED:
        rows = surroundings.rulings(limit=page.size, offset=page.offset)
        return {"rulings": [presenting.ruling_view(row) for row in rows]}
    if current in {problem.value for problem in DIFFERING}:
        groups = differing[Problem(current)][page.offset : page.offset + page.size]
        titles = surroundings.titles({c.asset_id for group in groups for c in group.claims})
        return {"groups": [presenting.group_view(group, titles) for group in groups]}
    problem = Problem(current) if current != ALL else None
    claims = queries.with_problem(
        problem, wanted, clock.now().date(), limit=page.size, offset=page.offset
    )
    quotes = surroundings.elsewhere(claims)
    titles = surroundings.titles({claim.asset_id for claim in claims})
    slugs = surroundings.titles_of_slugs({it.slug for found in quotes.values() for it in found})
    return {
        "claims": [
            presenting.claim_view(claim, titles, quotes.get(claim.id, ()), slugs)
            for claim in claims
        ]
    }


def _why() -> str:
    form = WhyForm()
    if not form.validate_on_submit():
        raise Invalid(gettext("Say in a few words why it is fine as it is."))
    return str(form.why.data)


def _back(name: str) -> ResponseReturnValue:
    return redirect(url_for("claims.index", list=name), 303)


@bp.post("/<int:claim_id>/no-claim")
@allows(Act.CLAIMS_SETTLE)
def dismiss(claim_id: int) -> ResponseReturnValue:
    """Decide that a sentence is no claim."""
    if claim_id > forms.ID_MOST:
        raise NotFound
    service.dismiss_claim(_actor(), claim_id, _why())
    return _back(forms.list_of(request.args))


@bp.post("/<problem>/<mark>/no-contradiction")
@allows(Act.CLAIMS_SETTLE)
def dismiss_group(problem: str, mark: str) -> ResponseReturnValue:
    """Decide that claims do not contradict each other."""
    if problem not in {it.value for it in DIFFERING}:
        raise NotFound
    why = _why()
    service.dismiss_contradiction(_actor(), contradictions.group(Problem(problem), mark), why)
    return _back(problem)


@bp.post("/decisions/<int:ruling_id>/ended")
@allows(Act.CLAIMS_SETTLE)
def restore(ruling_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    if ruling_id > forms.ID_MOST:
        raise NotFound
    service.end_ruling(_actor(), ruling_id)
    return _back(DECIDED)

"""The page of an asset's facts: seen and changed by those who write it."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.errors import NotFound
from portal.library.facts import queries, service
from portal.library.facts.forms import FactsForm, facts_form
from portal.library.models import Asset
from portal.library.publishing import acting
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.rules import SLUG_LIMIT, Facet
from portal.web import locale

bp = Blueprint("facts", __name__, url_prefix="/desk")


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, *, lock: bool = False) -> Asset:
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug
    asset = publishing.asset_by_slug(slug, lock=lock) if usable else None
    if asset is None:
        raise NotFound
    acting.require(_actor(), asset, Action.EDIT)
    return asset


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(current_app.config["PORTAL"].timezone)).date()


def _page(asset: Asset, form: FactsForm, *, now: FactsForm | None = None) -> str:
    """Draw the form; `now`: the facts as somebody else has set them meanwhile."""
    titles = {text.language: text.title for text in asset.texts}
    return render_template(
        "library/facts/edit.html",
        asset=asset,
        title=titles.get(locale.code()) or next(iter(titles.values()), asset.slug),
        form=form,
        facets=[(form[f.value], form[f"new_{f.value}"]) for f in Facet],
        adds_words=policy.granted(current_user.role, Act.TERMS_KEEP),
        now=now,
    )


@bp.get("/<slug>/facts")
@allows(Act.ASSET_EDIT)
def edit(slug: str) -> ResponseReturnValue:
    """Show the facts of an asset, to be changed."""
    asset = _asset(slug)
    people, terms = queries.people(asset), queries.offered(asset)
    return _page(asset, facts_form(people, terms, _today(), service.of(asset)))


@bp.post("/<slug>/facts")
@allows(Act.ASSET_EDIT)
def change(slug: str) -> ResponseReturnValue:
    """Change the facts; when somebody else did meanwhile, show theirs beside what was chosen."""
    asset = _asset(slug, lock=True)
    people, terms = queries.people(asset), queries.offered(asset)
    form = facts_form(people, terms, _today())
    if not form.validate_on_submit():
        return _page(asset, form), 422
    try:
        service.change(
            _actor(),
            asset,
            form.facts(),
            was=form.was.data or "",
            new=form.new(),
            language=locale.code().value,
        )
    except service.KindInTheWorksError:
        form.kind.errors = [gettext("Publish or discard the next revision first.")]
        return _page(asset, form), 422
    except service.FactsConflictError:
        now = facts_form(people, terms, _today(), service.of(asset))
        form.was.data = now.was.data
        return _page(asset, form, now=now), 409
    return redirect(url_for("publishing.show", slug=slug), 303)

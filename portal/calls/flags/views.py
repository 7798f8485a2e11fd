"""Pages of remarks: saying that something is wrong or outdated, the list, the owner's answer."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.calls.flags import presenting, queries, rules, service
from portal.calls.flags.forms import AnswerForm, FlagForm
from portal.calls.flags.rules import State, Wrong
from portal.calls.ratings import queries as ratings
from portal.calls.ratings.queries import Rated
from portal.calls.ratings.rules import revision_of
from portal.config import Language
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.library.links import asset_path
from portal.library.rules import SLUG_LIMIT
from portal.web import paging

bp = Blueprint("flags", __name__)

PAGE_SIZE = 30


def _about(slug: str, language: str) -> Rated:
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug and language in set(Language)
    found = ratings.rated(slug, language) if usable else None
    if found is None:
        raise NotFound(gettext("This asset does not exist, or it is not published."))
    return found


def _offer(form: FlagForm, about: Rated) -> FlagForm:
    parts = presenting.headings(about)
    form.anchor.choices = [("", gettext("The whole of it")), *parts]
    return form


def _page(form: FlagForm, about: Rated) -> str:
    url = asset_path(about.slug, about.language)
    return render_template("calls/flags/flag.html", form=form, about=about, url=url)


@bp.get("/assets/<slug>/<language>/flag")
@allows(Act.FLAG)
def flag(slug: str, language: str) -> ResponseReturnValue:
    """Show the form that says what is wrong or outdated."""
    about = _about(slug, language)
    anchor = request.args.get("section", "")
    known = {it for it, _ in presenting.headings(about)}
    form = FlagForm(
        formdata=None,
        once=secrets.token_urlsafe(18),
        revision=str(about.revision),
        anchor=anchor if anchor in known else "",
    )
    return _page(_offer(form, about), about)


@bp.post("/assets/<slug>/<language>/flag")
@keeps_text
@allows(Act.FLAG)
def flag_submit(slug: str, language: str) -> ResponseReturnValue:
    """Say so; the same form sent twice says it once."""
    about = _about(slug, language)
    form = _offer(FlagForm(), about)
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _page(form, about), 422
    made = service.flag(
        current_user.id,
        about,
        token=form.token or secrets.token_urlsafe(18),
        kind=Wrong(form.kind.data),
        words=form.words.data,
        anchor=form.anchor.data or "",
        revision=revision_of(form.revision.data, about.revision),
    )
    return redirect(url_for("flags.index", whose="mine", _anchor=f"f{made.id}"), 303)


def _list(wrong: tuple[int, AnswerForm] | None = None) -> str:
    role, me = current_user.role, current_user.id
    answers = bool(queries.count(me, role, mine=False))
    mine = request.args.get("whose") == "mine" or not answers
    slug = request.args.get("asset", "")[:SLUG_LIMIT].replace("\x00", "")
    args = [("whose", "mine")] if mine else []
    args += [("asset", slug)] if slug else []
    page = paging.paging(
        total=queries.count(me, role, mine=mine, slug=slug),
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("flags.index"), args),
    )
    found = queries.flags(me, role, mine=mine, slug=slug, limit=page.size, offset=page.offset)
    shown = [presenting.view(it, role=role, viewer_id=me) for it in found]
    number, form = wrong or (0, AnswerForm(formdata=None))
    if number and number not in {it.id for it in shown}:
        it = queries.with_asset(number)
        shown = [presenting.view(it, role=role, viewer_id=me), *shown] if it else shown
    return render_template(
        "calls/flags/index.html",
        flags=shown, mine=mine, slug=slug, answers=answers, form=form, wrong=number, paging=page,
    )  # fmt: skip


@bp.get("/ratings/flags")
@allows(Act.FLAG)
def index() -> ResponseReturnValue:
    """List remarks: those one can answer, open ones first, or one's own."""
    return _list()


@bp.post("/ratings/flags/<int:flag_id>")
@keeps_text
@allows(Act.FLAG_ANSWER)
def answer(flag_id: int) -> ResponseReturnValue:
    """Answer a remark."""
    found = queries.locked(flag_id)
    if found is None:
        raise NotFound
    owners = (found.asset.owner_id, found.asset.backup_owner_id)
    if not rules.may_answer(
        role=current_user.role, viewer_id=current_user.id,
        owner_id=owners[0], backup_owner_id=owners[1],
    ):  # fmt: skip
        raise Forbidden
    form = AnswerForm()
    if not form.validate_on_submit():
        if form.errors.get("csrf_token"):
            raise Invalid
        return _list((flag_id, form)), 422
    title, _ = presenting.title_of(found)
    try:
        service.answer(
            flag_id, current_user.id,
            state=State(form.state.data), words=form.words.data or "", title=title,
        )  # fmt: skip
    except Conflict as error:
        raise Conflict(gettext("Somebody has answered this remark meanwhile.")) from error
    return redirect(url_for("flags.index", _anchor=f"f{flag_id}"), 303)

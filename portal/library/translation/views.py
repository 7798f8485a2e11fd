"""Pages of translations: one beside its original, what it follows, which is the original."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal import clock
from portal.accounts.acts import Act
from portal.accounts.gate import allows, keeps_text
from portal.config import Language
from portal.errors import Invalid, NotFound
from portal.library import kinds
from portal.library.conflicts import presenting as conflicts
from portal.library.conflicts.presenting import Met
from portal.library.models import Asset
from portal.library.publishing import acting
from portal.library.publishing import queries as texts
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.forms import LanguageForm
from portal.library.publishing.rules import Action
from portal.library.rules import Kind
from portal.library.service import content_of
from portal.library.translation import drafting, presenting, queries, rules, service
from portal.library.translation.drafting import Opened, opened
from portal.library.translation.forms import FollowForm, TranslationForm
from portal.library.translation.rules import Head
from portal.library.writing import queries as own_queries
from portal.library.writing.forms import NUMBER_MOST
from portal.library.writing.presenting import DraftView, draft_view, time_of_day

bp = Blueprint("translation", __name__, url_prefix="/desk")


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, language: str, *, lock: bool = False) -> Asset:
    if language not in set(Language):
        raise NotFound
    asset = acting.seen(_actor(), slug, lock=lock)
    acting.require(_actor(), asset, Action.EDIT)
    return asset


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a translator works with: the original now and as it was followed, and the text."""

    source: Head
    new: dict[str, Any]
    old: dict[str, Any]
    own: dict[str, Any] | None
    base: int
    number: int  # of the text that is shown; 0 when it is to be begun
    followed: int

    @property
    def is_begun(self) -> bool:
        """Whether there is something to compare the original with."""
        return self.own is not None and self.followed > 0


def _desk(asset: Asset, language: str) -> _Desk:
    """Return what a translation of an asset needs.

    Raises:
        NotFound: when there is nothing to translate from.
    """
    heads = queries.heads(asset.id)
    source = next((it for it in heads if it.language == rules.original(heads)), None)
    if source is None or not source.live or source.language == language:
        raise NotFound(gettext("There is nothing to translate from."))
    head = next((it for it in heads if it.language == language), None)
    followed = rules.followed(head, source) if head else 0
    number = head.live or 0 if head else 0
    known = queries.contents(
        [
            (asset.id, source.language, source.live),
            (asset.id, source.language, followed),
            (asset.id, language, number),
        ]
    )
    return _Desk(
        source=source,
        new=known[asset.id, source.language, source.live],
        old=known.get((asset.id, source.language, followed), dict(presenting.EMPTY)),
        own=known.get((asset.id, language, number)),
        base=head.newest if head else 0,
        number=number,
        followed=followed,
    )


def _draw(
    asset: Asset,
    language: str,
    desk: _Desk,
    form: TranslationForm,
    *,
    draft: DraftView | None = None,
    kept: Opened | None = None,
) -> str:
    own = kept.own if kept else desk.own or presenting.EMPTY
    typed = kept.texts if kept else form.texts()
    lines = rules.lines(desk.old, desk.new, own, language)
    return render_template(
        "library/translation/edit.html",
        asset=asset,
        language=language,
        source=desk.source,
        form=form,
        is_begun=desk.is_begun,
        is_new=desk.own is None,
        followed=desk.followed,
        number=desk.number,
        facts=presenting.facts(desk.old, desk.new, is_begun=desk.is_begun),
        fields=presenting.field_views(desk.old, desk.new, own, is_begun=desk.is_begun),
        lines=presenting.line_views(lines, typed, is_begun=desk.is_begun),
        lag=len(rules.differing(desk.old, desk.new)) if desk.is_begun else 0,
        mine=own_queries.last_saved_by(current_user.id, asset.id, language),
        draft=draft,
        posted=request.method == "POST",
    )


@bp.get("/<slug>/<language>/translation")
@allows(Act.ASSET_EDIT)
def edit(slug: str, language: str) -> ResponseReturnValue:
    """Open a translation beside its original, or begin one."""
    asset = _asset(slug, language)
    desk = _desk(asset, language)
    own, live = desk.own or presenting.EMPTY, desk.source.live or 0
    row = texts.autosave(current_user.id, asset.id, language)
    kept = opened(row.content, own, source=live, number=desk.number) if row else None
    shown = kept.own if kept else own
    form = TranslationForm(
        formdata=None,
        title=shown["title"],
        summary=shown["summary"],
        tags=kept.tags if kept else ", ".join(own["tags"]),
        note=kept.note if kept else "",
        base=row.base if row and kept else desk.base,
        source=live,
        follows=kept.follows if kept else desk.own is None or desk.followed == live,
    )
    draft = draft_view(row, desk.base) if row and kept else None
    return _draw(asset, language, desk, form, draft=draft, kept=kept)


@bp.post("/<slug>/<language>/translation/draft")
@allows(Act.ASSET_EDIT)
def keep_draft(slug: str, language: str) -> ResponseReturnValue:
    """Keep what is being typed, fit or unfit; the answer says when it was kept."""
    form = TranslationForm()
    asset = _asset(slug, language, lock=True)
    desk, base = _desk(asset, language), form.base.data
    if base is None or not 0 <= base <= NUMBER_MOST:
        raise Invalid(gettext("The form is not complete."))
    content = drafting.kept(form.typed(desk.number), desk.own or presenting.EMPTY, desk.new)
    publishing.autosave(_actor(), asset, language, content, base=base)
    return jsonify(at=time_of_day(clock.now()))


@bp.post("/<slug>/<language>/translation/draft/discarded")
@allows(Act.ASSET_EDIT)
def drop_draft(slug: str, language: str) -> ResponseReturnValue:
    """Forget what was typed and never saved."""
    asset = _asset(slug, language, lock=True)
    publishing.forget_autosave(_actor(), asset, language)
    return redirect(url_for("translation.edit", slug=slug, language=language), 303)


@bp.post("/<slug>/<language>/translation")
@allows(Act.ASSET_EDIT)
@keeps_text
def save(slug: str, language: str) -> ResponseReturnValue:
    """Save a translation; when it is told to, it follows the original that was beside it."""
    form = TranslationForm()
    asset = _asset(slug, language, lock=True)
    desk = _desk(asset, language)
    if not form.validate_on_submit():
        return _draw(asset, language, desk, form), 422
    own = desk.own or presenting.EMPTY
    fields = rules.with_leaves(rules.shaped(desk.new["fields"], own["fields"]), form.field_texts())
    fields, extra = kinds.refit(Kind(asset.kind), {**fields, **own["extra"]})
    content = content_of(
        title=form.title.data,
        summary=form.summary.data,
        body=rules.body_of(form.texts(), own["body"], own["title"]),
        tags=form.tag_list(),
        fields=fields,
        extra=extra,
    )
    follows = form.source.data if form.follows.data else None
    try:
        revision = publishing.save(
            _actor(), asset, language, content, base=form.base.data, note=form.note.data
        )
    except publishing.TextConflictError as conflict:
        met = Met(form.base.data, content, conflict.theirs, note=form.note.data, follows=follows)
        return conflicts.page(asset, language, met), 409
    if follows:
        service.follow(_actor(), asset, revision, follows)
    return redirect(url_for("publishing.show", slug=slug), 303)


@bp.post("/<slug>/<language>/translation/right")
@allows(Act.ASSET_EDIT)
def still_right(slug: str, language: str) -> ResponseReturnValue:
    """Say that a translation fits the original as it is now."""
    form = FollowForm()
    asset = _asset(slug, language, lock=True)
    if not form.validate_on_submit():
        raise Invalid
    service.still_right(
        _actor(), asset, language, number=form.number.data, follows=form.follows.data
    )
    return redirect(url_for("publishing.show", slug=slug), 303)


@bp.post("/<slug>/original")
@allows(Act.ORIGINAL_CHOOSE)
def original(slug: str) -> ResponseReturnValue:
    """Make another language the one that is translated from."""
    form = LanguageForm()
    asset = acting.seen(_actor(), slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid
    service.make_original(_actor(), asset, form.language.data)
    return redirect(url_for("publishing.show", slug=slug), 303)

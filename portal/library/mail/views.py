"""Pages of how one is told, and the page a mail leads to that ends mails of its kind."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.guessing import guessable, guessed_right
from portal.config import Config
from portal.errors import Invalid, NotFound
from portal.library.mail import labels, message, posting, queries, rules, service
from portal.library.mail.rules import Way
from portal.library.notices import labels as topics
from portal.library.notices.rules import Kind
from portal.web.forms import Form

bp = Blueprint("mail", __name__)


def _kinds() -> list[Kind]:
    return rules.kinds_for(writes=policy.reaches(current_user.role, Act.ASSET_EDIT))


def _ways(*, sends: bool) -> list[Way]:
    return list(Way) if sends else [Way.PORTAL, Way.MUTED]


@bp.get("/account/notices")
@allows(Act.NOTICE_READ)
def choices() -> ResponseReturnValue:
    """Show how the person is told of each kind of thing."""
    sends = posting.sends()
    chosen = service.shown(service.ways_of(current_user.id), sends=sends)
    return render_template(
        "library/mail/choices.html",
        kinds=[(kind.value, topics.KINDS[kind], chosen[kind].value) for kind in _kinds()],
        ways=[(way.value, labels.WAYS[way]) for way in _ways(sends=sends)],
        sends=sends,
        email=current_user.email,
        is_saved="saved" in request.args,
    )


@bp.post("/account/notices")
@allows(Act.NOTICE_READ)
def choose() -> ResponseReturnValue:
    """Keep how the person wants to be told."""
    if not Form().validate_on_submit():
        raise Invalid
    sends = posting.sends()
    wanted: dict[Kind, Way] = {}
    for kind in _kinds():
        told = request.form.get(kind.value)
        if told is None:
            continue
        if told not in _ways(sends=sends):
            raise Invalid(gettext("There is no such way to be told: choose one of the list."))
        wanted[kind] = Way(told)
    before = service.shown(service.ways_of(current_user.id), sends=sends)
    service.choose(current_user.id, service.changed(before, wanted))
    return redirect(url_for("mail.choices", saved="1"), 303)


@bp.post("/account/notices/mute/<kind>")
@allows(Act.NOTICE_READ)
def mute_kind(kind: str) -> ResponseReturnValue:
    """Tell the person nothing of a kind any more."""
    if kind not in set(_kinds()):
        raise NotFound
    if not Form().validate_on_submit():
        raise Invalid
    service.choose(current_user.id, {Kind(kind): Way.MUTED})
    return redirect(url_for("mail.choices", saved="1"), 303)


def _of(token: str) -> tuple[int, str]:
    config: Config = current_app.config["PORTAL"]
    found = message.of_token(config.secret_key, token)
    if found is None or found[1] not in {*Kind, rules.DIGEST}:
        raise NotFound
    guessed_right()  # we have signed it; before the request's transaction begins
    if not queries.is_here(found[0]):
        raise NotFound
    return found


def _mute_page(kind: str, done: str = "") -> str:
    label = gettext("the notices of a day") if kind == rules.DIGEST else topics.KINDS[kind]
    return render_template(
        "library/mail/mute.html", label=label, done=done, may_mute=kind != rules.DIGEST
    )


@bp.get("/mail/mute/<token>")
@allows(Act.MUTE)
@guessable("mail")
def mute(token: str) -> ResponseReturnValue:
    """Ask whether mails of a kind are to end: programs that look at links must not end them."""
    return _mute_page(_of(token)[1])


@bp.post("/mail/mute/<token>")
@allows(Act.MUTE)
@guessable("mail")
def mute_submit(token: str) -> ResponseReturnValue:
    """End mails of a kind; the token shows who asks, and mail programs send just this (RFC 8058).

    It answers with a page, because they follow no redirect.
    """
    user_id, kind = _of(token)
    is_muted = request.form.get("way") == Way.MUTED and kind != rules.DIGEST
    service.end_mail(user_id, kind, Way.MUTED if is_muted else Way.PORTAL)
    return _mute_page(kind, done="muted" if is_muted else "portal")

"""What a mail says, in its reader's language, with links that work outside the portal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, render_template, url_for
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from portal.accounts.rules import Role
from portal.accounts.tickets import presenting as tickets
from portal.config import Config
from portal.library.mail import message
from portal.library.mail.message import Letter
from portal.library.mail.models import Mail
from portal.library.mail.rules import ACCOUNT_KINDS, DIGEST
from portal.library.notices import labels, presenting
from portal.library.notices.models import Notice
from portal.web import words

MOST = 50
"""Notices a digest spells out; the rest is a number and a link."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a mail."""

    says: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a notice says in full in a mail of its own: as text and as HTML."""

    text: str
    html: Markup


Bodies = Mapping[str, Callable[[Notice], Body | None]]
"""Kind → what writes out a notice of it: `app.extensions["arsenal.mail_bodies"]`."""


@dataclass(frozen=True, slots=True)
class Content:
    """What both parts of a mail show."""

    language: str
    hello: str
    lines: Sequence[Line]
    more: str
    all_url: str
    body: Body | None
    why: str
    mute: str
    mute_url: str
    choose_url: str


def letter(mail: Mail, notices: Sequence[Notice]) -> Letter | None:
    """Write a mail in its person's language; None when it has nothing to say any more."""
    config: Config = current_app.config["PORTAL"]
    language = str(mail.user.language or config.language)
    with current_app.test_request_context(), force_locale(language):
        if mail.kind in ACCOUNT_KINDS:
            return _about_account(mail, config, language)
        content = _content(mail, notices, config, language)
        if mail.kind == DIGEST:
            subject = str(
                ngettext("%(num)d notice for you", "%(num)d notices for you", len(notices))
            )
        else:
            subject = content.lines[0].says
        return Letter(
            subject=subject,
            text=_text(content),
            html=render_template("library/mail/letter.html", mail=content, subject=subject),
            language=language,
            mute_url=content.mute_url,
        )


def _about_account(mail: Mail, config: Config, language: str) -> Letter | None:
    said = tickets.said(mail.user, mail.kind, config)
    if said is None:
        return None
    return Letter(
        subject=said.subject,
        text=said.text(),
        html=render_template("accounts/tickets/letter.html", mail=said, language=language),
        language=language,
        mute_url="",
    )


def _content(mail: Mail, notices: Sequence[Notice], config: Config, language: str) -> Content:
    role, base = Role(mail.user.role), config.base_url
    token = message.token(config.secret_key, mail.user_id, mail.kind)
    views = presenting.notice_views(notices[:MOST])
    more = len(notices) - len(views)
    return Content(
        language=language,
        hello=gettext("Hello %(name)s,", name=mail.user.name),
        lines=[
            Line(
                says=f"{view.title}: {view.says}" if view.title else view.says,
                note=view.note,
                url=base + presenting.leads_to(notice, role),
            )
            for view, notice in zip(views, notices, strict=False)
        ],
        body=_body(mail, notices),
        more=ngettext("and %(num)d more", "and %(num)d more", more) if more else "",
        all_url=base + url_for("notices.index"),
        why=gettext("You get this mail because you use Arsenal at %(url)s.", url=base),
        mute=mute_words(mail.kind),
        mute_url=base + url_for("mail.mute", token=token),
        choose_url=base + url_for("mail.choices"),
    )


def _body(mail: Mail, notices: Sequence[Notice]) -> Body | None:
    bodies: Bodies = current_app.extensions.get("arsenal.mail_bodies", {})
    write = bodies.get(mail.kind)
    return write(notices[0]) if write and len(notices) == 1 else None


def mute_words(kind: str) -> str:
    """Return what ends mails of a kind."""
    if kind == DIGEST:
        return str(gettext("No more mail with the notices of a day"))
    what = words.label(labels.KINDS, kind)
    return str(gettext("No more mail about this: %(kind)s", kind=what))


def _text(content: Content) -> str:
    parts = [content.hello, ""]
    for line in content.lines:
        parts += [line.says, *([line.note] if line.note else []), line.url, ""]
    if content.body:
        parts += [content.body.text, ""]
    if content.more:
        parts += [content.more, content.all_url, ""]
    parts += ["-- ", content.why, f"{content.mute}: {content.mute_url}"]
    parts += [gettext("How you are told: %(url)s", url=content.choose_url)]
    return "\n".join(parts) + "\n"


def trial() -> tuple[str, str]:
    """Return subject and text of a mail that only shows that mail works."""
    config: Config = current_app.config["PORTAL"]
    with force_locale(str(config.language)):
        return (
            gettext("A mail to try it out"),
            gettext("Mail works: this came from Arsenal at %(url)s.", url=config.base_url),
        )

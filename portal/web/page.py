"""What every page is given: its language, theme, navigation, person, icons, and where files are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from werkzeug.routing import BuildError

from portal.config import Language
from portal.web import (
    assets,
    babel,
    busy,
    charts,
    copying,
    faults,
    figures,
    locale,
    pieces,
    security,
    signing,
    words,
)

ENDPOINTS = {
    "home": "search.page",
    "palette": "search.palette",
    "hints": "hints.show",
    "library": "library.index",
    "usage": "insights.usage_page",
    "experiment": "recommending.experiment",
    "use": "use.overview",
    "insights": "insights_lift.index",
    "desk": "publishing.index",
    "competitors": "competitors.index",
    "collections": "collections.index",
    "note": "library.note",
    "sign_in": "accounts.sign_in",
    "sign_out": "accounts.sign_out",
    "sign_out_everywhere": "accounts.sign_out_everywhere",
    "demo_sign_in": "accounts.demo_sign_in",
    "account": "accounts.account",
    "audit": "auditing.index",
    "password": "accounts.change_password",
    "preferences": "accounts.preferences",
    "notices": "notices.index",
    "requests": "board.index",
    "deals": "deals.index",
    "working": "working.pick",
    "calls": "calls.index",
    "log_call": "calllog.new",
    "voice": "voice.index",
    "board": "board.board",
    "ask": "asking.ask",
    "wins": "talk.wins",
    "agreement": "agreement.show",
    "ledger": "ledger.index",
    "figures": "figures.index",
    "ratings": "ratings.index",
    "flags": "flags.index",
    "teams": "deals.teams",
    "outcomes": "feedback.index",
    "stages": "pipelines.index",
    "deal_import": "deal_import.index",
    "pack": "pack.index",
    "scorecard": "scorecard.index",
    "gaps": "gaps.index",
    "rated": "rated.index",
}
"""The views templates link to; one that is not there makes its link disappear."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the main navigation; who may not go there does not see it."""

    key: str
    link: str
    icon: str
    label: LazyString


NAVIGATION = (
    Entry("search", "home", "search", lazy_gettext("Search")),
    Entry("library", "library", "books", lazy_gettext("Library")),
    Entry("deals", "deals", "deal", lazy_gettext("Deals")),
    Entry("requests", "requests", "ask", lazy_gettext("Requests")),
    Entry("publishing", "desk", "pen", lazy_gettext("Desk")),
    Entry("insights", "insights", "chart", lazy_gettext("Insights")),
)
DESK = """writing revisions conflicts translation coverage background attachments freshness notices
mail people reviewers handover bulk timeline terms claims quality facts promotions
synonyms"""
REQUESTS = "agreement asking board delivering figures ledger requests similar talk wins"
DEALS = """agenda calllog calls changing customers deal_import feedback flags pipelines ratings
voice working"""
INSIGHTS = """covering gaps insights_lift insights_lift_asset insights_slices losses pack rated
recommending scorecard searchlog use"""
BELONGS: Mapping[str, str] = {
    **dict.fromkeys(DESK.split(), "publishing"),
    **dict.fromkeys(REQUESTS.split(), "requests"),
    **dict.fromkeys(DEALS.split(), "deals"),
    **dict.fromkeys(INSIGHTS.split(), "insights"),
    **dict.fromkeys(("competitors", "collections", "pinning"), "library"),
    **dict.fromkeys(("why", "hints"), "search"),
}
"""Parts of the portal that are pages of another one in the navigation: blueprint → its key."""


Way = tuple[str, str, Markup, LazyString]
"""A line of the navigation as it is drawn: key, address, picture, words."""


@dataclass(frozen=True, slots=True)
class Person:
    """The person signed in, as the frame of the page shows them."""

    name: str
    role: str
    role_label: str
    initials: str


def person() -> Person | None:
    """The person signed in, if one has been loaded for this request; asks no database."""
    user = g.get("_login_user")
    if user is None or not getattr(user, "is_authenticated", False):
        return None
    name = str(getattr(user, "name", "") or "")
    role = str(getattr(user, "role", "") or "")
    parts = name.split()
    # First and last: what a Vietnamese given name and a Russian surname both leave recognisable.
    initials = "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()
    return Person(name, role, words.label(words.ROLES, role), initials)


def links(app: Flask) -> dict[str, str]:
    """The addresses of the views every page links to, found once; missing ones are empty."""
    found: dict[str, str] | None = app.extensions.get("arsenal.links")
    if found is None:
        found = {}
        for name, endpoint in ENDPOINTS.items():
            try:
                found[name] = url_for(endpoint)
            except BuildError:
                found[name] = "/" if name == "home" else ""
        app.extensions["arsenal.links"] = found
    return found


def here() -> str:
    """The address of this page, to come back to once a preference is changed."""
    if request.method not in {"GET", "HEAD"} or not request.path.isprintable():
        return "/"
    query = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{query}" if query else request.path


def icons(files: Mapping[str, assets.StaticFile]) -> SimpleNamespace:
    """The sprite's symbols by name, ready to be put into a template: `{{ icon.search }}`."""
    url = files["icons.svg"].url
    return SimpleNamespace(
        **{
            name: Markup(f'<svg class="i" aria-hidden="true"><use href="{url}#{name}"/></svg>')  # noqa: S704
            for name in assets.icon_names(files)
        }
    )


def speakable(html: str) -> Markup:
    """Template filter: a section's HTML with a Copy button beside each sayable sentence."""
    if copying.ANCHOR_MARK not in html:
        return Markup(html)  # noqa: S704  # cleaned by portal.markup
    icon = str(current_app.jinja_env.globals["icon"].copy)  # type: ignore[attr-defined]
    return copying.with_copy_buttons(html, icon, gettext("Copy"), str(locale.code()))


def _everybody(_role: str, _endpoint: str) -> bool:
    return True


def _ways(url: Mapping[str, str], sprite: SimpleNamespace, who: Person | None) -> list[Way]:
    """Return where this person may go from every page."""
    passes = current_app.extensions.get("arsenal.passes", _everybody)  # who may is known above
    return [
        (entry.key, url[entry.link], getattr(sprite, entry.icon), entry.label)
        for entry in NAVIGATION
        if url[entry.link] and who is not None and passes(who.role, ENDPOINTS[entry.link])
    ]


def _nothing() -> None:
    """What a page without a deal has at its top."""


def _share(app: Flask, sprite: SimpleNamespace) -> None:
    """Give every template the person, the language, the theme, and where things are."""
    token = signing.form_token()

    @app.context_processor
    def shared() -> dict[str, object]:
        told: dict[str, object] | None = g.get("arsenal_shared")
        if told is None or told["me"] is None:  # people may sign in on the way
            who, url = person(), links(app)
            told = g.arsenal_shared = {
                "locale": str(locale.code()),
                "theme": locale.theme(),
                "link": url,
                "me": who,
                "unread": getattr(g.get("_login_user"), "unread", 0),
                "here": here,
                "csrf_token": token,
                "active": BELONGS.get(request.blueprint or "", request.blueprint or ""),
                "bar": app.extensions.get("arsenal.bar", _nothing) if who else _nothing,
                "navigation": lambda: _ways(url, sprite, who),
            }
        return told

    app.jinja_env.globals.setdefault("allows", lambda *_: False)  # the gate's, where there is one
    pieces.install(app.jinja_env, most=0 if app.debug else pieces.KEPT)


def install(app: Flask, *, default: Language, timezone: str, secure: bool) -> None:
    """Set up the face of the application: languages, static files, templates, headers, error pages.

    Args:
        app: the application; its `jinja_loader` must know `web/…` and the features' templates.
        default: the interface language of people who have not chosen one.
        timezone: the company's, for times of day.
        secure: whether people come by https.
    """
    files = assets.load()
    app.register_blueprint(assets.blueprint(files))
    babel.install(app, default=default, timezone=timezone, watch=bool(app.debug))
    security.install(app, secure=secure)
    faults.install(app)
    busy.install(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    sprite = icons(files)
    environment.globals.update(
        icon=sprite,
        static={
            "style": files["app.css"].url,
            "script": files["app.js"].url,
            "desk_style": files["desk.css"].url,
            "insights_style": files["insights.css"].url,
            "pack_style": files["pack.css"].url,
            "reading_style": files["reading.css"].url,
            "usage_style": files["usage.css"].url,
            "signing_style": files["signing.css"].url,
            "later_style": files["later.css"].url,
            "later": files["later.js"].url,
            "scripts": {name: file.url for name, file in files.items() if name.endswith(".js")},
            "icon": files["icon.svg"].url,
            "manifest": files["manifest.webmanifest"].url,
        },
        LANGUAGES=locale.NAMES,
        THEMES=locale.THEMES,
        sparkline=charts.sparkline,
        bar=charts.bar,
        figure=figures.cell,
    )
    environment.filters.update(
        day=locale.day, moment=locale.moment, number=locale.number, speakable=speakable
    )
    _share(app, sprite)

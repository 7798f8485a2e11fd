"""The composition root: create_app() is the one place where the parts meet."""

from datetime import timedelta
from functools import cache, partial
from threading import Lock
from typing import Any, cast

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from jinja2 import PackageLoader, PrefixLoader
from sqlalchemy.exc import ArgumentError
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import logs, tracing
from portal.accounts import gate
from portal.accounts import views as accounts
from portal.accounts.auditing import views as auditing
from portal.accounts.confirming import views as confirming
from portal.accounts.factors import views as factors
from portal.accounts.oidc import views as oidc
from portal.accounts.passkeys import views as passkeys
from portal.accounts.people import views as people
from portal.accounts.second import views as second
from portal.accounts.tickets import views as tickets
from portal.asset_requests import queries as asked_for
from portal.asset_requests.agreement import views as agreement
from portal.asset_requests.asking import views as asking
from portal.asset_requests.board import views as board
from portal.asset_requests.delivering import views as delivering
from portal.asset_requests.figures import views as figures
from portal.asset_requests.ledger import views as ledger
from portal.asset_requests.moving import views as requests
from portal.asset_requests.on_deals import presenting as requests_of_deals
from portal.asset_requests.similar import views as similar
from portal.asset_requests.talk import views as talk
from portal.audit import service as audit
from portal.calls.agenda import views as agenda
from portal.calls.feedback import views as feedback
from portal.calls.flags import views as flags
from portal.calls.log import views as calllog
from portal.calls.on_deals import presenting as calls_of_deals
from portal.calls.on_deals import queries as heard
from portal.calls.planning import views as calls
from portal.calls.ratings import presenting as rating
from portal.calls.ratings import views as ratings
from portal.calls.voice import views as voice
from portal.config import Config, ConfigError, load
from portal.db import db, engine_options, prepare, reading
from portal.deals import views as deals
from portal.deals.changing import views as changing
from portal.deals.customers import views as customers
from portal.deals.importing import views as deal_import
from portal.deals.pipelines import views as pipelines
from portal.deals.rivals import presenting as rivals
from portal.deals.working import presenting as at_work
from portal.deals.working import views as working
from portal.insights import views as insights
from portal.insights.behind import views as behind
from portal.insights.covering import views as covering
from portal.insights.gaps import views as gaps
from portal.insights.helps import views as helps
from portal.insights.losses import views as losses
from portal.insights.pack import views as pack
from portal.insights.pack_mail import presenting as pack_letters
from portal.insights.rated import views as rated
from portal.insights.recommending import presenting as suggesting
from portal.insights.recommending import views as recommending
from portal.insights.scorecard import views as scorecard
from portal.insights.slices import views as slices
from portal.insights.telling import presenting as telling
from portal.insights.use import views as use
from portal.library import views as library
from portal.library.attachments import store as files
from portal.library.attachments import views as attachments
from portal.library.background import views as background
from portal.library.bulk import views as bulk
from portal.library.claims import views as claims
from portal.library.collections import views as collections
from portal.library.competitors import views as competitors
from portal.library.conflicts import views as conflicts
from portal.library.coverage import views as coverage
from portal.library.facts import views as facts
from portal.library.freshness import views as freshness
from portal.library.handover import views as handover
from portal.library.keeping import pages as keeping
from portal.library.mail import posting
from portal.library.mail import views as mail
from portal.library.notices import views as notices
from portal.library.pinning import views as pinning
from portal.library.publishing import views as publishing
from portal.library.quality import views as quality
from portal.library.reviewers import views as reviewers
from portal.library.revisions import views as revisions
from portal.library.terms import views as terms
from portal.library.timeline import views as timeline
from portal.library.translation import views as translation
from portal.library.writing import views as writing
from portal.operation.health import views as health
from portal.operation.metrics import meters
from portal.operation.metrics import views as metrics
from portal.privacy import views as privacy
from portal.search import answering, engines, outbox, service
from portal.search import views as search
from portal.search.engine import Engine
from portal.search.explaining import views as why
from portal.search.finding import Finder
from portal.search.hints import views as hints
from portal.search.hints.service import Phrases
from portal.search.log import views as searchlog
from portal.search.priors.service import EVERY, Known
from portal.search.promoting import views as promotions
from portal.search.synonyms import views as synonyms
from portal.usage import recorder
from portal.web import access, arriving, page, shadows, signing

PAGES = (
    accounts, confirming, tickets, people, oidc, factors, second, passkeys, auditing, privacy,
    library, competitors, collections, pinning, attachments, publishing, writing, facts, revisions,
    conflicts, translation, coverage, freshness, notices, mail, reviewers, handover, bulk,
    timeline, terms, claims, quality, background,
    deals, working, changing, customers, pipelines, deal_import, calls, calllog, agenda, voice,
    ratings, flags, feedback, agreement, ledger, board, asking, requests, delivering, similar,
    talk, figures, search, why, promotions, hints, searchlog, synonyms, insights, use, helps,
    behind, slices, pack, scorecard, gaps, covering, losses, rated, recommending, health, metrics,
)  # fmt: skip
"""Every module of views; each has its blueprint `bp`."""
TEMPLATES = "accounts library deals calls asset_requests search insights privacy web".split()


class Portal(Flask):
    """Flask, with one transaction a request."""

    def dispatch_request(self) -> ResponseReturnValue:
        """POST commits when it succeeds; GET never does; what was noted is kept after either."""
        try:
            if not arriving.may_write():
                with reading():
                    response = self.make_response(super().dispatch_request())
                    self._forbid_writes()
                db.session.rollback()
            else:
                response = self.make_response(super().dispatch_request())
                self._finish(response)
        except Exception:
            db.session.rollback()
            raise
        recorder.keep()
        audit.keep()
        return response

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401
        """Log what broke, without the address and the words of whoever asked."""
        access.tell_failure(self, exc_info)

    def _finish(self, response: Response) -> None:
        """Commit, unless the answer is a refusal; then let the index follow, as soon as it is out.

        The server closes an answer when it was sent: nobody waits for the index, and what is
        published can be found some milliseconds later. Should the process end in between, the
        rows of the outbox are there for the next one.
        """
        if response.status_code >= 400:  # noqa: PLR2004
            db.session.rollback()
            return
        changed = outbox.is_waiting(db.session())
        db.session.commit()
        if changed:
            response.call_on_close(partial(self._follow, tracing.current()))

    def _follow(self, request_id: str) -> None:
        """Let the index learn what was committed, without waiting for others who write it."""
        with tracing.doing(request_id), self.app_context():
            try:
                engine = self.extensions["arsenal.finder"].engine
                # An index begun with one change would look complete and lack the rest.
                if engine.generation() >= 0:
                    service.drain(engine, wait=0)
            except Exception:
                db.session.rollback()
                self.logger.exception("the index did not follow; `portal search drain` will do it")

    def _forbid_writes(self) -> None:
        """Tell the developer, in tests, that a GET has tried to change something."""
        if self.testing:
            dirty = [*db.session.new, *db.session.dirty, *db.session.deleted]
            assert not dirty, f"{request.method} {request.path} tried to write {dirty}"  # noqa: S101


def _settings(app: Flask, config: Config) -> None:
    app.config.update(
        PORTAL=config,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config),
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.max_body_mb * 1_000_000,
        MAX_FORM_MEMORY_SIZE=config.max_body_mb * 1_000_000,
        # the prefix has browsers insist on https, on this host and on the whole of it
        SESSION_COOKIE_NAME="__Host-arsenal" if config.secure else "arsenal",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=config.session_days),
        WTF_CSRF_TIME_LIMIT=None,  # as good as the session it belongs to
    )


def _data(app: Flask, config: Config) -> None:
    """Make the data directory and the database's handle; nothing connects yet."""
    try:
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = f"PORTAL_DATA_DIR: {config.data_dir} is no folder and can not be made one"
        raise ConfigError(f"{message} ({error.strerror})") from error
    try:
        db.init_app(app)
    except ImportError as error:
        message = "PORTAL_DATABASE_URL: its driver is missing; install the extra `postgresql`"
        raise ConfigError(message) from error
    except (ArgumentError, ValueError):
        message = "PORTAL_DATABASE_URL must look like postgresql://user:password@host:5432/name"
        raise ConfigError(message) from None  # the cause may repeat a password


def _engine(config: Config) -> Engine:
    """Return an engine that is made at its first use: it may make a folder, which many need not."""
    lock, make = Lock(), cache(partial(engines.ENGINES[config.search], config))

    def made() -> Engine:
        with lock:
            return make()

    return cast("Engine", LocalProxy(made))


def create_app(config: Config) -> Flask:
    """Build the application for these settings.

    Raises:
        ConfigError: when the data directory or the database's address can not be used.
    """
    app = Portal("portal", static_folder=None)
    _settings(app, config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _data(app, config)
    with app.app_context():
        prepare(db.engine, config)
    app.session_interface = signing.Cookies()
    access.install(app, trusted=config.trusted_proxies > 0)
    gate.init_app(app)
    app.before_request(attachments.allow_upload)  # who may pass is known, the form not read yet
    app.before_request(deal_import.allow_upload)  # as well
    CSRFProtect(app).exempt(mail.mute_submit)  # mail programs send it; its token is signed
    app.jinja_loader = PrefixLoader({name: PackageLoader(f"portal.{name}") for name in TEMPLATES})
    page.install(app, default=config.language, timezone=config.timezone, secure=config.secure)
    app.extensions["arsenal.pages"] = keeping.Pages(0 if app.debug else keeping.LIMIT)
    app.extensions["arsenal.files"] = files.of(config)
    _search(app, config)
    oidc.install(app)
    suggesting.install(app)
    telling.install(app)
    app.extensions |= {
        "arsenal.deal_requests": requests_of_deals.of_deal, "arsenal.request": asked_for.by_number,
        "arsenal.deal_calls": calls_of_deals.of_deal, "arsenal.competitor": rivals.of_competitor,
        "arsenal.objections": heard.objections, "arsenal.next_call": heard.next_deal,
        "arsenal.working": at_work.told, "arsenal.bar": at_work.bar,
        "arsenal.sent": audit.sent, "arsenal.post": posting.post_about_account,
        "arsenal.mail_bodies": {"pack": pack_letters.body},
    }  # fmt: skip
    for views in PAGES:
        app.register_blueprint(views.bp)
    shadows.install(app, "/desk/")
    return app


def _search(app: Flask, config: Config) -> None:
    """What searches are answered by, kept by this process."""
    app.extensions["arsenal.finder"] = Finder(_engine(config))
    answering.install(app.extensions)
    rating.install(app)
    # tests undo what they write: there nothing is believed to be as it was
    app.extensions["arsenal.priors"] = app.extensions["arsenal.finder"].priors = Known(
        app.extensions["arsenal.scores"],
        config.timezone,
        lambda: timedelta() if app.testing else EVERY,
    )
    app.extensions["arsenal.phrases"] = Phrases()


def from_environment() -> Flask:
    """Build the application a server runs: settings from the environment, nothing half-told."""
    config = load().check_production()
    logs.install(level=config.log_level, style=config.log_format)
    if config.metrics_token:
        meters.share(config.data_dir, afresh=False)
    return create_app(config)

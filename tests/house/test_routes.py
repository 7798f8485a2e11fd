"""Who may go where: every route is named here, and is asked for as every role."""

from datetime import timedelta

import pytest
from flask import url_for

from portal.accounts import gate, policy, sessions
from portal.accounts.rules import Limits, Role
from portal.operation import schema
from tests import make

PUBLIC = None
REP, CONTRIBUTOR, MARKETER, MANAGER = Role.REP, Role.CONTRIBUTOR, Role.MARKETER, Role.MANAGER

# endpoint → the least role that may pass. A new route needs a line here, and a thought.
LEAST = {
    "accounts.sign_in": PUBLIC,
    "accounts.sign_in_submit": PUBLIC,
    "accounts.demo_sign_in": PUBLIC,  # there is none outside a demo
    "accounts.preferences": PUBLIC,  # language and appearance, kept in cookies
    "health.alive": PUBLIC,  # says "ok"
    "health.ready": PUBLIC,  # one word, unless a token is shown
    "metrics.show": PUBLIC,  # not there, unless a token is shown
    # the second step opens for who has given the password; here, for nobody
    **dict.fromkeys("second.ask second.answer second.set_up second.set_up_submit".split(), PUBLIC),
    **dict.fromkeys(
        "oidc.begin oidc.back passkeys.sign_in passkeys.sign_in_submit".split(), PUBLIC
    ),
    **dict.fromkeys("factors.index factors.app factors.set_up_app factors.remove_app".split(), REP),
    **dict.fromkeys(
        "factors.new_codes oidc.confirm passkeys.confirm passkeys.confirm_submit".split(), REP
    ),
    **dict.fromkeys("passkeys.new passkeys.add passkeys.rename passkeys.remove".split(), REP),
    "accounts.sign_out": REP,
    "accounts.sign_out_everywhere": REP,
    "accounts.end_others": REP,
    "accounts.end_session": REP,  # one's own, which the view looks at
    "accounts.account": REP,
    "accounts.change_password": REP,
    "auditing.index": Role.ADMIN,
    "privacy.index": REP,
    "privacy.mine": REP,  # each their own
    "privacy.erase": Role.ADMIN,
    "privacy.erase_submit": Role.ADMIN,
    "confirming.ask": REP,  # each for themselves
    "confirming.answer": REP,
    **dict.fromkeys(("tickets.forgotten", "tickets.forgotten_submit", "tickets.sent"), PUBLIC),
    **dict.fromkeys(("tickets.invitation", "tickets.reset"), PUBLIC),  # whoever has the link
    **dict.fromkeys(("tickets.invitation_submit", "tickets.reset_submit"), PUBLIC),
    **dict.fromkeys(("people.index", "people.show"), MANAGER),  # they look, admins change
    **dict.fromkeys(("people.invite", "people.invite_submit", "people.change"), Role.ADMIN),
    **dict.fromkeys(("people.deactivate", "people.activate"), Role.ADMIN),
    **dict.fromkeys(("people.end_sessions", "people.send_link"), Role.ADMIN),
    "searchlog.index": MARKETER,  # counts, nobody is named
    "searchlog.look": MARKETER,
    "searchlog.alias": MARKETER,
    "library.show": REP,
    "library.index": REP,
    "library.note": REP,
    "why.show": REP,
    "hints.show": REP,
    "pinning.pin_own": REP,
    **dict.fromkeys(map("promotions.{}".format, "index new add show save end".split()), MARKETER),
    # the desk: who may do what to which asset is told by `publishing.rules.MOVES`
    "publishing.index": CONTRIBUTOR,
    "publishing.show": CONTRIBUTOR,
    "publishing.move": CONTRIBUTOR,
    "publishing.schedule": CONTRIBUTOR,
    "publishing.comment": CONTRIBUTOR,
    "publishing.settle": CONTRIBUTOR,
    "facts.edit": CONTRIBUTOR,
    "facts.change": CONTRIBUTOR,
    "writing.begin": CONTRIBUTOR,
    "writing.begin_submit": CONTRIBUTOR,
    "writing.edit": CONTRIBUTOR,
    "writing.save": CONTRIBUTOR,
    "writing.preview": CONTRIBUTOR,
    "writing.keep_draft": CONTRIBUTOR,
    "writing.drop_draft": CONTRIBUTOR,
    "background.index": MANAGER,  # looks after the portal
    "background.retry": MANAGER,
    "background.drop": MANAGER,
    "attachments.upload": CONTRIBUTOR,
    "attachments.link": CONTRIBUTOR,
    "attachments.remove": CONTRIBUTOR,
    "attachments.read_again": CONTRIBUTOR,
    "attachments.download": REP,  # of assets the person may see
    "attachments.show": REP,
    "attachments.preview": REP,
    "freshness.index": CONTRIBUTOR,
    "freshness.confirm": CONTRIBUTOR,
    "freshness.care": CONTRIBUTOR,
    "freshness.intervals": MANAGER,
    "freshness.set_intervals": MANAGER,
    "notices.index": REP,  # each their own
    "notices.open_notice": REP,
    "notices.read_all": REP,
    "mail.choices": REP,  # each their own
    "mail.choose": REP,
    "mail.mute_kind": REP,
    "mail.mute": PUBLIC,  # for whoever has the mail: its address is signed
    "mail.mute_submit": PUBLIC,
    "reviewers.index": MANAGER,
    "reviewers.name": MANAGER,
    "reviewers.release": MANAGER,
    "handover.index": MANAGER,
    "handover.hand_over": MANAGER,
    "bulk.index": CONTRIBUTOR,
    "bulk.choose": CONTRIBUTOR,
    "bulk.preview": CONTRIBUTOR,
    "bulk.run": CONTRIBUTOR,
    "bulk.show": CONTRIBUTOR,
    "bulk.go_on": CONTRIBUTOR,
    "bulk.undo": CONTRIBUTOR,
    "timeline.show": CONTRIBUTOR,
    "terms.index": CONTRIBUTOR,  # contributors look, marketers keep the words
    "terms.show": CONTRIBUTOR,
    "terms.add": MARKETER,
    "terms.save": MARKETER,
    "terms.merge": MARKETER,
    "terms.retire": MARKETER,
    "terms.undo": MARKETER,
    "competitors.index": REP,
    "competitors.show": REP,
    # everybody makes collections; whose may be changed by whom is told by `collections.rules`
    "collections.index": REP,
    "collections.create": REP,
    "collections.show": REP,
    "collections.edit": REP,
    "collections.save": REP,
    "collections.delete": REP,
    "collections.choose": REP,
    "collections.add": REP,
    "collections.step": REP,
    "collections.order": REP,
    "collections.annotate": REP,
    "collections.take_out": REP,
    **dict.fromkeys(map("pinning.{}".format, "asset pin_asset pin_collection".split()), MARKETER),
    "claims.index": CONTRIBUTOR,
    "claims.dismiss": CONTRIBUTOR,
    "claims.dismiss_group": CONTRIBUTOR,
    "claims.restore": CONTRIBUTOR,
    "quality.index": CONTRIBUTOR,
    "quality.check": CONTRIBUTOR,
    "quality.dismiss": CONTRIBUTOR,
    "quality.reopen": CONTRIBUTOR,
    "revisions.history": CONTRIBUTOR,
    "revisions.show": CONTRIBUTOR,
    "revisions.compare": CONTRIBUTOR,
    "revisions.restore": CONTRIBUTOR,
    "conflicts.settle": CONTRIBUTOR,
    "coverage.index": CONTRIBUTOR,
    "translation.edit": CONTRIBUTOR,
    "translation.save": CONTRIBUTOR,
    "translation.keep_draft": CONTRIBUTOR,
    "translation.drop_draft": CONTRIBUTOR,
    "translation.still_right": CONTRIBUTOR,
    "translation.original": MARKETER,
    "deals.index": REP,  # each their own and their team's
    "deals.add": REP,
    "deals.show": REP,
    "deals.settle": REP,
    "deals.teams": MANAGER,
    "changing.edit": REP,  # the owner’s and managers’, as `deals.rules.may_change`
    "changing.change": REP,
    "customers.show": REP,
    "customers.describe": REP,
    "pipelines.index": MANAGER,
    "pipelines.add": MANAGER,
    "pipelines.edit": MANAGER,
    "pipelines.change": MANAGER,
    "pipelines.reasons": MANAGER,
    "pipelines.change_reasons": MANAGER,
    "working.pick": REP,  # each their own
    "working.choose": REP,
    "calls.index": REP,  # own calls; managers also their teams'
    "calls.show": REP,  # on deals the person sees
    "calls.plan": REP,
    "calls.plan_submit": REP,
    "calls.change": REP,  # one's own, or as a manager
    "calls.change_submit": REP,
    "calls.call_off": REP,
    "calllog.new": REP,
    "calllog.new_submit": REP,
    "calllog.log": REP,
    "calllog.log_submit": REP,
    "agenda.index": REP,
    "agenda.take": REP,
    "agenda.choose": REP,
    "voice.index": REP,  # everybody hears; who answers is told by `voice.rules.may_answer`
    "voice.show": REP,
    "voice.answer": CONTRIBUTOR,
    "voice.asked": CONTRIBUTOR,
    "voice.aside": CONTRIBUTOR,
    "voice.reopen": CONTRIBUTOR,
    "voice.route": CONTRIBUTOR,
    "deal_import.index": MANAGER,  # values of all deals go in there
    "deal_import.send": MANAGER,
    "deal_import.show": MANAGER,
    "deal_import.settle": MANAGER,
    "asking.ask": REP,
    "asking.ask_submit": REP,
    "asking.support": REP,
    "asking.leave": REP,
    "asking.change": REP,  # what may be done to a request: `asset_requests.rules.MOVES`
    "asking.change_submit": REP,
    "asking.merge": CONTRIBUTOR,
    "requests.show": REP,
    "requests.move": REP,
    "requests.assign": CONTRIBUTOR,
    "talk.comment": REP,
    "talk.thank": REP,
    "talk.wins": REP,
    "figures.index": REP,
    "delivering.choose": CONTRIBUTOR,
    "delivering.deliver": CONTRIBUTOR,
    "delivering.begin": CONTRIBUTOR,
    "similar.suggest": REP,  # titles of open requests: whoever waits for the same may join
    "agreement.show": REP,  # both sides see what both have promised, and how they kept it
    "ledger.index": REP,
    "board.index": REP,  # whose requests they see is told by `board.rules.tabs_of`
    "board.board": CONTRIBUTOR,
    "board.move": CONTRIBUTOR,  # what they may do to which is told by the table of moves
    "board.batch": CONTRIBUTOR,
    "board.report": CONTRIBUTOR,  # each their own
    "agreement.propose": MANAGER,  # of Sales or Marketing, told by `agreement.rules`
    "agreement.propose_submit": MANAGER,
    "agreement.settle": MANAGER,
    "ratings.index": REP,  # each their own
    "ratings.save": REP,
    "ratings.asset": REP,
    "ratings.rate": REP,  # everybody but the owner of the asset
    "flags.flag": REP,
    "flags.flag_submit": REP,
    "flags.index": REP,  # those one can answer, and one's own
    "flags.answer": REP,  # owners and marketers, told by `calls.flags.rules`
    "feedback.index": MANAGER,
    "feedback.show": REP,  # the deal's owner; managers read
    "feedback.answer": REP,
    "feedback.skip": REP,
    "search.page": REP,
    "search.palette": REP,
    **dict.fromkeys(map("synonyms.{}".format, "index new add show save remove".split()), MARKETER),
    "insights.usage_page": MARKETER,
    "gaps.index": REP,  # what deals come to only from marketers on
    "covering.index": REP,
    "losses.index": MARKETER,
    "rated.index": MARKETER,
    "rated.written": MARKETER,
    "recommending.experiment": REP,  # counts and shares, of nobody in particular
    "use.overview": MARKETER,
    "use.table": MARKETER,  # by person: managers their team, looked at in the view
    "use.listing": MARKETER,
    "use.asset": REP,  # totals of what is published
    "use.mine": REP,
    "insights_lift.home": REP,
    "insights_lift.index": REP,
    "insights_lift.definitions": REP,
    "insights_lift_asset.show": REP,  # the deals behind: those the person may see
    "insights_slices.index": REP,
    "pack.index": REP,  # for both sides; no sum of fewer than three deals is told
    "pack.archive": REP,
    "pack.show": REP,
    "pack.write": MARKETER,
    "pack.add": MARKETER,
    "pack.settle": REP,  # one's own actions; others' by marketers and above
    "pack.send": MANAGER,
    "pack.wish": REP,  # each their own
    "pack.switch": MANAGER,
    "scorecard.index": REP,
    "scorecard.set_goal": MANAGER,  # of Sales or Marketing, told by `agreement.rules.side_of`
    "scorecard.agree": MANAGER,
    "scorecard.promise": MANAGER,
    "scorecard.settle": MANAGER,
    "web.static_file": PUBLIC,
}

# these lead to the sign-in page those who were let in
LEAVING = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.end_session"}
LEAVING |= {"second.ask", "second.answer", "second.set_up", "second.set_up_submit"}
WHO = [None, *Role]
SAFE = {"GET", "HEAD", "OPTIONS"}
# what a person who passed may get back when the route's arguments are made up
LET_IN = {200, 204, 303, 304, 308, 400, 404, 422}


def routes(app):
    """(endpoint, method, rule) of every route, one a method."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, rule


def address(app, rule):
    """An address of the rule with made-up arguments."""
    samples = {"int": 1, "path": "x", "default": "x", "string": "x", "uuid": "0" * 32}
    with app.test_request_context():
        values = {}
        for name, converter in rule._converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            values[name] = samples.get({"integer": "int", "unicode": "string"}.get(kind, kind), "x")
        return rule.build(values)[1]


def test_every_route_is_named(built):
    named = {rule.endpoint for rule in built.url_map.iter_rules()}
    assert sorted(named - set(LEAST)) == [], "routes without a line in the table"
    assert sorted(set(LEAST) - named) == [], "lines without a route"


def least_of(view):
    """The least role the policy lets pass to a view; None when it lets nobody."""
    act = gate.act_of(view)
    return next((role for role in Role if act is not None and policy.reaches(role, act)), None)


def test_every_route_has_an_act_in_the_policy(built):
    acts = {endpoint: gate.act_of(view) for endpoint, view in built.view_functions.items()}
    assert [endpoint for endpoint, act in acts.items() if act not in policy.TABLE] == []


def test_views_are_marked_as_the_table_says(built):
    for endpoint, view in built.view_functions.items():
        if LEAST.get(endpoint, REP) is PUBLIC:
            assert gate.is_public(view), f"{endpoint} is not marked public"
        else:
            assert not gate.is_public(view), f"{endpoint} is marked public"
            assert least_of(view) is LEAST.get(endpoint, REP), endpoint


@pytest.fixture
def entered(app, db, monkeypatch):
    """A function that gives a browser signed in as a role, or not at all."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(schema, "recorded", schema.head)  # no migration has made these tables
    limits = Limits(idle=timedelta(hours=1), absolute=timedelta(days=1))

    def enter(role):
        browser = app.test_client()
        if role is not None:
            person = make.user(role=role.value)
            token = sessions.start(person.id, address="192.0.2.1", device="", limits=limits)
            db.session.commit()
            with app.app_context(), browser.session_transaction() as cookie:
                cookie["_user_id"] = token
        return browser

    return enter


@pytest.mark.parametrize("role", WHO, ids=lambda role: role.value if role else "anonymous")
def test_who_may_go_where(app, entered, role):
    wrong = []
    for endpoint, method, rule in routes(app):
        least = LEAST.get(endpoint, Role.ADMIN)
        browser, where = entered(role), address(app, rule)
        with app.app_context():  # of its own, as on a server
            response = browser.open(where, method=method)
        status, sent = response.status_code, "/sign-in" in (response.location or "")
        passed = status in LET_IN and (not sent or endpoint in LEAVING)
        if least is PUBLIC:
            good = passed
        elif role is None:
            good = (status == 303 and sent) or status == 401
        elif not role.covers(least):
            good = status == 403
        else:
            good = passed
        if not good:
            wrong.append((endpoint, method, status, response.location))
    assert wrong == []


def test_an_unnamed_route_is_closed_to_strangers(built):
    """Forgetting to mark a view closes it to everybody, and the roles are really looked at."""

    def forgotten():
        return "secret"

    assert not gate.is_public(forgotten)
    assert least_of(forgotten) is None
    assert least_of(gate.requires(MARKETER)(forgotten)) is MARKETER


def test_nothing_changes_by_a_link(built):
    """What a route does when followed is read; a route that answers GET and POST is a form."""
    verbs = ("sign-out", "delete", "remove", "revoke", "end", "set-")
    for rule in built.url_map.iter_rules():
        if any(part.startswith(verbs) for part in rule.rule.split("/")):
            assert "GET" not in rule.methods, f"{rule.rule} can be followed by a prefetch"


def test_no_page_takes_the_place_of_an_asset(built):
    """Whatever an asset is called, as a page or as a part of one: its own pages are reached."""
    rules = list(built.url_map.iter_rules())
    words = sorted({w for rule in rules for w in rule.rule.split("/") if w and "<" not in w})
    assert {"jobs", "claims", "new", "preview", "hand-over"} <= set(words)
    samples = {"language": "en", "number": 1, "facet": "product", "action": "retire"}
    wrong = []
    for endpoint, method, rule in routes(built):
        if "<slug>" not in rule.rule:
            continue
        told = {name: samples.get(name, 1) for name in rule.arguments if name != "slug"}
        for word in words:
            with built.test_request_context():
                where = url_for(endpoint, slug=word, **told, _method=method)
            with built.test_request_context(where, method=method) as asked:
                for hook in built.url_value_preprocessors[None]:
                    hook(asked.request.endpoint, asked.request.view_args)
                found = (asked.request.endpoint, (asked.request.view_args or {}).get("slug"))
            if found != (endpoint, word):
                wrong.append((where, method, found))
    assert wrong == []

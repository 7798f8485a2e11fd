"""A small model of the portal, and a machine that does the same to both, in any order, by HTTP."""

import hashlib
import itertools
import re
from collections import Counter
from types import SimpleNamespace

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import func, select

from portal.accounts import service as accounts
from portal.accounts.models import User
from portal.accounts.passwords import hash_password
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.calls.ratings.models import Rating
from portal.db import db
from portal.deals.models import Deal
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from tests import make
from tests.page import Client

PASSWORD = "a password of the model"
HASH = hash_password(PASSWORD)
PEOPLE = {"writer": "marketer", "rep": "rep", "colleague": "rep", "helper": "contributor"}
WHO = st.sampled_from(sorted(PEOPLE))
COUNT = itertools.count(1)
LINK = re.compile(r'href="/assets/([\w-]+)')
DRAFT, PUBLISHED, CHANGED, RETIRED = "draft", "published", "changed", "retired"
MOVES = {
    "publish": {DRAFT: PUBLISHED, CHANGED: PUBLISHED},
    "retire": {DRAFT: RETIRED, PUBLISHED: RETIRED, CHANGED: RETIRED},
    "restore": {RETIRED: DRAFT},
    "unpublish": {PUBLISHED: DRAFT, CHANGED: DRAFT},
}
OFTEN = ["publish"] * 4 + ["retire"] * 2 + ["restore", "unpublish"]
EDITED = {DRAFT: DRAFT, PUBLISHED: CHANGED, CHANGED: CHANGED}


def word(*parts):
    """A word no other example has, and no spelling brings near another one."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:14]
    return "z" + "".join("bcdfghjklmnpqrst"[int(it, 16)] for it in digest)


class Quick(Client):
    """A browser that does not read pages carefully: thousands are asked for."""

    def _ask(self, method, url, **options):
        with self.app.app_context():
            answer = self.raw.open(url, method=method, buffered=True, **options)
        return SimpleNamespace(
            status=answer.status_code,
            location=answer.location or "",
            text=answer.get_data(as_text=True),
        )

    def get(self, url, **options):
        return self._ask("GET", url, **options)

    def post(self, url, **options):
        return self._ask("POST", url, **options)


class Model(RuleBasedStateMachine):
    """Does to the portal and to the model what chance says, and compares them after each step."""

    app = None  # given by the test
    assets, requests, deals = Bundle("assets"), Bundle("requests"), Bundle("deals")

    def __init__(self):
        super().__init__()
        self.number = next(COUNT)
        self.every = word(self.number)
        self.state, self.newest, self.served, self.base = {}, {}, {}, {}
        self.waiting, self.outcomes, self.of_deal = {}, {}, {}
        self.stars, self.opened = {}, Counter()
        self.ids, self.active, self.entered = (
            {},
            dict.fromkeys(PEOPLE, True),
            dict.fromkeys(PEOPLE, False),
        )
        self.address = f"192.0.{self.number // 250 % 250}.{self.number % 250 + 1}"
        with self.app.app_context():
            if db.session.scalar(select(func.count(User.id)).where(User.role == "admin")) == 0:
                make.user(role="admin")
            for name, role in PEOPLE.items():
                email = f"{name}{self.number}@example.com"
                self.ids[name] = make.user(
                    email, name=name.title(), role=role, password_hash=HASH
                ).id
            watcher = make.user(role="rep")
            db.session.commit()
            self.watcher = Quick(self.app).sign_in(watcher)
            db.session.remove()
        self.browsers = {name: Quick(self.app) for name in PEOPLE}
        self.old = {name: [] for name in PEOPLE}

    def post(self, who, path, **fields):
        return self.browsers[who].post(
            path, data=fields, environ_overrides={"REMOTE_ADDR": self.address}
        )

    def expect(self, who, answer, *, done):
        """As the model says: done; or refused, and where the person is not signed in, led there."""
        if not self.entered[who]:
            assert answer.status == 401 or "/sign-in" in answer.location, (who, answer.status)
        elif done:
            assert answer.status == 303, (who, answer.status, answer.text[-2000:])
            assert "/sign-in" not in answer.location
        else:
            assert answer.status in {403, 404, 409, 422}, (who, answer.status, answer.location)
        return self.entered[who] and done

    # --- people

    @initialize()
    def everybody_comes_in(self):
        for who in PEOPLE:
            self.sign_in(who)

    @rule()
    def who_is_out_comes_in_again(self):
        for who in PEOPLE:
            if self.active[who] and not self.entered[who]:
                self.sign_in(who)

    @rule(who=WHO)
    def sign_in(self, who):
        answer = self.post(
            who, "/sign-in", email=f"{who}{self.number}@example.com", password=PASSWORD
        )
        passed = answer.status == 303
        assert passed == (self.active[who] or self.entered[who]), (who, answer.status)
        if self.active[who]:
            self.entered[who] = True

    @rule(who=WHO)
    def sign_out(self, who):
        if self.entered[who]:
            copied = Quick(self.app)
            kept = self.browsers[who].raw.get_cookie("arsenal")
            copied.raw.set_cookie("arsenal", kept.value)
            self.old[who].append(copied)
        answer = self.post(who, "/sign-out")
        assert "/sign-in" in answer.location
        self.entered[who] = False

    @precondition(lambda self: sum(self.active.values()) > 2)
    @rule(who=st.sampled_from(["colleague", "helper", "rep"]))
    def deactivate(self, who):
        with self.app.app_context():
            accounts.deactivate(db.session.get(User, self.ids[who]))
            db.session.commit()
            db.session.remove()
        self.active[who] = self.entered[who] = False

    # --- assets

    @precondition(lambda self: len(self.state) < 5)
    @rule(target=assets, who=st.sampled_from(["writer"] * 4 + ["helper", "rep"]))
    def begin(self, who):
        title = f"{self.every} {word(self.number, len(self.state))}"
        answer = self.post(who, "/desk/new", kind="faq", language="en", title=title, once=title)
        if not self.expect(who, answer, done=who != "rep"):
            return "none"
        slug = answer.location.split("/desk/")[1].split("/")[0]
        self.state[slug], self.newest[slug], self.served[slug], self.base[slug] = (
            DRAFT,
            title,
            None,
            1,
        )
        self.of_deal[slug] = who
        return slug

    @rule(slug=assets, number=st.integers(0, 3))
    def edit(self, slug, number):
        if slug == "none":
            return
        body = f"## About\n\n{self.every} and {word(self.number, 'body', number)}.\n"
        answer = self.post(
            "writer",
            f"/desk/{slug}/en",
            title=f"{self.every} text",
            body=body,
            base=self.base[slug],
        )
        if self.expect("writer", answer, done=self.state[slug] in EDITED):
            text = f"{self.every} text {body}"
            if text != self.newest[slug]:
                self.newest[slug] = text
                self.base[slug] += 1
                self.state[slug] = EDITED[self.state[slug]]

    @rule(
        slug=assets,
        action=st.sampled_from(OFTEN),
        who=st.sampled_from(["writer"] * 5 + ["rep", "helper"]),
    )
    def move(self, slug, action, who):
        if slug == "none":
            return
        leads = MOVES[action]
        answer = self.post(who, f"/desk/{slug}/moves/{action}", reason="because")
        if self.expect(who, answer, done=who == "writer" and self.state[slug] in leads):
            self.state[slug] = leads[self.state[slug]]
            self.served[slug] = self.newest[slug] if self.state[slug] == PUBLISHED else None

    @rule(slug=assets, who=st.sampled_from(["rep", "colleague"]))
    def open(self, slug, who):
        if slug == "none":
            return
        answer = self.browsers[who].get(f"/assets/{slug}/en")
        if not self.entered[who]:
            assert "/sign-in" in answer.location
        elif self.served[slug] is not None:
            assert answer.status == 200
            self.opened[slug] += 1
        else:
            assert answer.status == 404, (who, slug, self.state[slug], answer.status)

    @rule(slug=assets, who=st.sampled_from(["rep", "colleague"]), stars=st.integers(1, 5))
    def rate(self, slug, who, stars):
        if slug == "none":
            return
        answer = self.post(
            who, f"/assets/{slug}/en/rating", stars=stars, helped="", why="", revision="1"
        )
        known = self.served[slug] is not None or (who, slug) in self.stars
        if not known and self.entered[who] and answer.status == 303:
            known = self.state[slug] == RETIRED  # it was used: that can be said afterwards
        if self.expect(who, answer, done=known or answer.status == 303):
            self.stars[who, slug] = stars

    @rule(who=WHO, number=st.integers(0, 3))
    def search(self, who, number):
        asked = word(self.number, "body", number)
        answer = self.browsers[who].get(f"/?q={asked}")
        if not self.entered[who]:
            assert "/sign-in" in answer.location
        else:
            wanted = {slug for slug, text in self.served.items() if text and asked in text}
            assert found(answer) == wanted, (who, asked)

    # --- requests and deals

    @precondition(lambda self: len(self.waiting) < 4)
    @rule(target=requests, who=WHO)
    def ask(self, who):
        title = f"Wanted {word(self.number, 'request', len(self.waiting))}"
        answer = self.post(who, "/requests/new", title=title, department="marketing", once=title)
        if not self.expect(who, answer, done=True):
            return 0
        number = int(re.search(r"/requests/(\d+)", answer.location)[1])
        self.waiting[number] = {who}
        self.of_deal[number] = who
        return number

    @rule(number=requests, who=WHO, leaving=st.booleans())
    def support(self, number, who, leaving):
        if not number:
            return
        is_own, waits = self.of_deal[number] == who, who in self.waiting[number]
        answer = self.post(who, f"/requests/{number}/{'leave' if leaving else 'support'}")
        if leaving:
            if self.expect(who, answer, done=waits and not is_own):
                self.waiting[number].discard(who)
        elif self.expect(who, answer, done=answer.status == 303 or not is_own):
            self.waiting[number].add(who)

    @precondition(lambda self: len(self.outcomes) < 4)
    @rule(target=deals, who=st.sampled_from(["rep", "colleague"]))
    def add_deal(self, who):
        name = f"Deal {word(self.number, 'deal', len(self.outcomes))}"
        answer = self.post(who, "/deals/", name=name, currency="EUR")
        if not self.expect(who, answer, done=True):
            return 0
        number = int(re.search(r"/deals/(\d+)", answer.location)[1])
        self.outcomes[number] = "open"
        self.of_deal[-number] = who
        return number

    @rule(
        number=deals,
        who=st.sampled_from(["rep", "colleague"]),
        outcome=st.sampled_from(["won", "lost", "open"]),
    )
    def close_deal(self, number, who, outcome):
        if not number:
            return
        answer = self.post(who, f"/deals/{number}", outcome=outcome)
        if self.expect(who, answer, done=self.of_deal[-number] == who):
            self.outcomes[number] = outcome

    # --- what always holds

    @invariant()
    def what_is_found_is_what_is_published(self):
        page = self.watcher.get(f"/?q={self.every}")
        assert page.status == 200
        assert found(page) == {slug for slug, text in self.served.items() if text is not None}

    @invariant()
    def nobody_passes_who_is_deactivated_or_signed_out(self):
        for who, browser in self.browsers.items():
            answer = browser.get("/account")
            assert (answer.status == 200) == self.entered[who], (who, answer.status)
        for copies in self.old.values():
            for copy in copies[-1:]:
                assert copy.get("/account").status != 200, "a copied cookie outlived the sign-out"

    @invariant()
    def everything_is_counted_once(self):
        with self.app.app_context():
            rows = db.session.execute(
                select(Asset.slug, Rating.user_id, Rating.stars)
                .join(Asset, Asset.id == Rating.asset_id)
                .where(Asset.slug.in_(self.state))
            ).all()
            states = dict(
                db.session.execute(
                    select(Asset.slug, Asset.state).where(Asset.slug.in_(self.state))
                ).all()
            )
            uses = dict(
                db.session.execute(
                    select(Asset.slug, func.count()).join(UsageEvent, UsageEvent.asset_id == Asset.id)
                    .where(Asset.slug.in_(self.state), UsageEvent.action == "viewed").group_by(Asset.slug)
                ).all()
            )  # fmt: skip
            supporters = db.session.execute(
                select(RequestSupporter.request_id, RequestSupporter.user_id).where(
                    RequestSupporter.request_id.in_(self.waiting)
                )
            ).all()
            asked = db.session.scalar(
                select(func.count(AssetRequest.id)).where(
                    AssetRequest.requester_id.in_(self.ids.values())
                )
            )
            outcomes = dict(
                db.session.execute(
                    select(Deal.id, Deal.outcome).where(Deal.owner_id.in_(self.ids.values()))
                ).all()
            )
            db.session.remove()
        kept = Counter((user, slug, stars) for slug, user, stars in rows)
        assert kept == Counter(
            (self.ids[who], slug, stars) for (who, slug), stars in self.stars.items()
        )
        assert states == {
            slug: PUBLISHED if it == CHANGED else it for slug, it in self.state.items()
        }
        assert uses == dict(self.opened)
        assert Counter(map(tuple, supporters)) == Counter(
            (n, self.ids[who]) for n, all_ in self.waiting.items() for who in all_
        )
        assert asked == len(self.waiting)
        assert outcomes == self.outcomes


def found(page):
    """The assets that are hits of a page of results."""
    return {LINK.search(hit)[1] for hit in page.text.split('<li class="hit"')[1:]}

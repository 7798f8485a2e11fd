"""A small company with one of everything that somebody must not see or change, each with its mark."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import SignInSession
from portal.accounts.rules import Limits
from portal.calls.feedback.models import DealFeedback
from portal.calls.models import CallPoint
from portal.calls.ratings.models import AssetFlag
from portal.db import db
from portal.deals.importing.models import DealImport
from portal.deals.models import Customer
from portal.insights.pack.models import Pack, PackAction
from portal.library.attachments.models import Attachment
from portal.library.bulk.models import BulkAction
from portal.library.collections.models import Collection, CollectionEntry
from portal.library.notices.models import Notice
from tests import make

MARK = "Zanzibar"
"""In every text that is not for everybody: whoever may not see it must not get it."""


def _add(row):
    db.session.add(row)
    db.session.flush()
    return row


def people():
    """Who is who: owners of things, their mates, and those who are nothing to them."""
    north, south = make.team("North"), make.team("South")
    return SimpleNamespace(
        north=north,
        lan=make.user(name="Lan", department="sales", team_id=north.id),
        mate=make.user(name="Mate", department="sales", team_id=north.id),
        stranger=make.user(name="Stranger", department="sales", team_id=south.id),
        author=make.user(name="Author", role="contributor", department="marketing"),
        colleague=make.user(name="Colleague", role="contributor", department="marketing"),
        other=make.user(name="Other", role="contributor", department="product"),
        reviewer=make.user(name="Reviewer", role="contributor", department="accounting"),
        marketer=make.user(name="Marketer", role="marketer", department="marketing"),
        manager=make.user(name="Manager", role="manager", department="sales", team_id=south.id),
        admin=make.user(name="Admin", role="admin"),
    )


def _assets(who):
    """An asset in each state, all of them the author's; the draft has files nobody has seen."""
    made = {}
    for state in ("draft", "review", "retired", "published"):
        it = make.asset(
            f"zz-{state}", state=state, creator_id=who.author.id, owner_id=who.author.id,
            department="marketing",
        )  # fmt: skip
        title = "Kestrel" if state == "published" else f"{MARK} {state}"
        make.text(it, title=title, body=f"## {title}\n\nWords.\n")
        made[state] = it
    return made


def _file(asset, number):
    return _add(
        Attachment(
            asset_id=asset.id, public_id=f"{number:032x}", name=f"{MARK}.pdf", kind="link",
            url=f"https://{MARK.lower()}.example/", state="added", status="none",
            added_at=clock.now(),
        )
    )  # fmt: skip


def build():
    """Make it all; what addresses need is an attribute."""
    now, who = clock.now(), people()
    assets = _assets(who)
    customer = _add(
        Customer(name=f"{MARK} Foods", name_key="zanzibar foods", created_at=now, updated_at=now)
    )
    deal = make.deal(who.lan, name=f"{MARK} deal", customer_id=customer.id, amount=1000)
    ended = make.deal(
        who.lan, name=f"{MARK} ended", outcome="lost", closed_at=now - timedelta(hours=1)
    )
    _add(DealFeedback(deal_id=ended.id, user_id=who.lan.id, asked_at=now))
    call = make.call(deal, who.lan, note=f"{MARK} note")
    planned = make.call(
        deal, who.lan, state="planned", at=now + timedelta(hours=3), note=f"{MARK} note"
    )
    point = _add(
        CallPoint(
            call_id=call.id, kind="objection", words="too dear", words_key="too dear",
            department="product", at=now,
        )
    )  # fmt: skip
    asked = make.request(who.lan, deal=deal, title="For Kestrel")
    private = _add(
        Collection(
            name=f"{MARK} list", description="", language="en", reach="private",
            owner_id=who.lan.id, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    teams = _add(
        Collection(
            name=f"{MARK} team", description="", language="en", reach="team", owner_id=who.lan.id,
            team_id=who.north.id, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    entry = _add(
        CollectionEntry(collection_id=private.id, asset_id=assets["published"].id, position=1)
    )
    flag = _add(
        AssetFlag(
            token="f1", asset_id=assets["published"].id, user_id=who.lan.id, language="en",
            kind="wrong", words="odd", at=now, state="open",
        )
    )  # fmt: skip
    notice = _add(
        Notice(
            user_id=who.author.id, at=now, topic="review", asset_id=assets["draft"].id,
            detail={"reason": MARK},
        )
    )  # fmt: skip
    pack = _add(Pack(kind="week", first_on=now.date() - timedelta(days=now.weekday())))
    action = _add(
        PackAction(
            pack_id=pack.id, token="p1", words="Do it", owner_id=who.lan.id, due_on=now.date(),
            made_at=now, made_by_id=who.marketer.id,
        )
    )  # fmt: skip
    bulk = _add(
        BulkAction(
            at=now, user_id=who.author.id, action="retire", detail={"reason": MARK},
            token="b" * 32, total=0, finished_at=now,
        )
    )  # fmt: skip
    imported = _add(
        DealImport(
            token="a" * 32, fingerprint="0" * 64, source=MARK, by_id=who.manager.id, at=now,
            state="done", counts={}, finished_at=now,
        )
    )  # fmt: skip
    done = make.request(
        who.lan, title="Delivered", state="delivered", assignee_id=who.author.id,
        delivered_id=assets["published"].id,
    )  # fmt: skip
    limits = Limits(timedelta(hours=1), timedelta(days=1))
    sessions.start(who.lan.id, address="192.0.2.1", device="", limits=limits)
    session = db.session.scalar(select(SignInSession).where(SignInSession.user_id == who.lan.id))
    return SimpleNamespace(
        person=who.lan,
        session=session, done=done, who=who, **assets, file=_file(assets["draft"], 0xABC), customer=customer, deal=deal,
        ended=ended, call=call, planned=planned, point=point, request=asked, private=private,
        teams=teams, entry=entry, flag=flag, notice=notice, pack=pack, action=action, bulk=bulk,
        imported=imported,
    )  # fmt: skip

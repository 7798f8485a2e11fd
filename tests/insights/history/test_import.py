"""A history taken in: what becomes of each file's rows, of awkward ones, and of the same again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.calls.models import Call, CallUse
from portal.calls.ratings.models import Rating
from portal.deals.importing.rules import RefusedError
from portal.deals.models import Deal, Pipeline, StageChange
from portal.insights.history.models import HistoryAsset
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from tests import make
from tests.insights.history.conftest import counts

ASSETS = (
    "asset_id,title,type,published_at,archived_at,version,colour\n"
    "77,Why Kestrel loses,Battle card,2025-01-05T08:00:00+07:00,,v3,red\n"
    "78,Old film,Webinar,2024-01-05T08:00:00Z,2025-03-01T00:00:00Z,1,\n"
)
DEALS = (
    "deal_id,owner,segment,region,product,competitor,amount,currency,created_at,closed_at,status,loss_reason\n"
    "D1,lan@example.com,large,North,Vault,Kestrel,1200.50,USD,2026-01-05T09:00:00Z,2026-03-02T09:00:00Z,won,\n"
    "D2,gone@example.com,small,South,,,,,2026-01-06T09:00:00Z,2026-02-02T09:00:00Z,lost,too dear\n"
    "D3,,,,,,,VND,2026-02-06T09:00:00+07:00,,open,\n"
)
STAGES = (
    "deal_id,stage,entered_at\n"
    "D1,Proposal,2026-02-01T09:00:00Z\n"
    "D1,Discovery,2026-01-05T09:00:00Z\n"
    "D1,Closed Won,2026-03-02T09:00:00Z\n"
    "D2,Discovery,2026-01-06T09:00:00Z\n"
)
USES = (
    "use_id,at,rep,asset_id,action,deal_id,version,seconds\n"
    "u1,2026-01-20T10:00:00+07:00,LAN@example.com,77,opened,D1,v3,60\n"
    "u2,2026-02-03T10:00:00Z,lan@example.com,kestrel,copied,D1,,\n"
    "u3,2026-02-03T10:00:02Z,lan@example.com,kestrel,copied,D1,,\n"
    "u4,2026-03-09T10:00:00Z,lan@example.com,78,printed,D1,,\n"
    "u5,2026-01-20T10:00:00Z,gone@example.com,78,shared,NEVER,,\n"
)
RATINGS = (
    "rating_id,at,rep,asset_id,call_id,deal_id,stars,helped,comment,call_outcome\n"
    "r1,2026-02-03T12:00:00Z,lan@example.com,77,c1,D1,5,yes,good,good\n"
    'r2,2026-02-03T12:00:00Z,lan@example.com,78,,,2,no,"two\nlines",\n'
    "r3,2026-02-04T12:00:00Z,lan@example.com,78,,,4,yes,,\n"
    "r4,2026-02-01T12:00:00Z,lan@example.com,78,,,1,no,,\n"
)
ALL = {"assets": ASSETS, "deals": DEALS, "deal_stages": STAGES, "uses": USES, "ratings": RATINGS}


def rows(db, model, *columns):
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(model.id))]


def test_the_same_again_changes_nothing(db, carry):
    make.asset("kestrel")
    make.user("lan@example.com")
    first = carry(**ALL)
    assert counts(first["assets"]) == (2, 2, 0, 0, 0, 0)
    assert counts(first["deals"]) == (3, 3, 0, 0, 0, 0)
    assert counts(first["deal_stages"]) == (4, 4, 0, 0, 0, 0)
    assert counts(first["uses"]) == (5, 5, 0, 0, 0, 0)
    assert counts(first["ratings"]) == (4, 2, 1, 1, 0, 0)
    again = carry(**ALL)
    assert {name: (it.created, it.updated, it.refused) for name, it in again.items()} == dict.fromkeys(ALL, (0, 0, 0))  # fmt: skip
    assert [again[name].unchanged for name in ALL] == [2, 3, 4, 5, 4]


def test_assets_without_a_text_are_kept_where_no_rep_finds_them(db, carry):
    ours = make.asset("kestrel")
    carry(assets=ASSETS + "kestrel,Kestrel there,FAQ,,,\n".replace(",,,\n", ",,,,\n"))
    told = {it.external_id: it for it in db.session.scalars(select(HistoryAsset))}
    made = db.session.get(Asset, told["77"].asset_id)
    assert (made.state, made.kind, made.texts[0].title) == ("retired", "battlecard", "Why Kestrel loses")  # fmt: skip
    assert (told["78"].type, told["78"].kind, told["77"].kind) == ("Webinar", "other", "battlecard")
    assert told["78"].archived_at == datetime(2025, 3, 1, tzinfo=UTC)
    assert (told["kestrel"].asset_id, told["kestrel"].own) == (ours.id, False)
    assert carry(assets=ASSETS)["assets"].unknown_columns == ["colour"]
    later = carry(assets=ASSETS.replace("Old film", "Newer film"))
    assert counts(later["assets"]) == (2, 0, 1, 1, 0, 0)
    assert db.session.get(Asset, told["78"].asset_id).texts[0].title == "Newer film"


def test_deals_bring_what_the_starting_chance_depends_on(db, carry):
    lan = make.user("lan@example.com")
    make.term("product", "vault")
    carry(deals=DEALS, deal_stages=STAGES)
    won, lost, is_open = db.session.scalars(select(Deal).order_by(Deal.id))
    assert (won.owner_id, won.segment, won.region, won.amount, won.currency) == (lan.id, "large", "North", Decimal("1200.50"), "USD")  # fmt: skip
    assert [(it.facet, it.slug) for it in won.terms] == [("competitor", "kestrel"), ("product", "vault")]  # fmt: skip
    assert won.said == {"competitor": "Kestrel"}
    assert (lost.outcome, lost.loss_words, lost.stage) == ("lost", "too dear", "Discovery")
    assert (is_open.outcome, is_open.closed_at, is_open.currency) == ("open", None, "VND")
    gone = db.session.get(User, lost.owner_id)
    assert (gone.email, gone.role, gone.active, gone.password_hash) == ("gone@example.com", "rep", False, None)  # fmt: skip


def test_stages_are_ordered_by_their_first_appearance_and_closings_are_noted(db, carry):
    carry(deals=DEALS, deal_stages=STAGES)
    way = db.session.scalars(select(Pipeline).where(Pipeline.name == "crm")).one()
    assert [(it.names["en"], it.outcome) for it in way.stages] == [("Discovery", "open"), ("Proposal", "open"), ("Closed Won", "won")]  # fmt: skip
    won = db.session.scalars(select(Deal).where(Deal.external_id == "D1")).one()
    assert (won.stage, won.pipeline_id, won.stage_row.outcome) == ("Closed Won", way.id, "won")
    assert [(it.stage, it.outcome) for it in won.changes] == [("Discovery", "open"), ("Proposal", "open"), ("Closed Won", "won")]  # fmt: skip
    lost = db.session.scalars(select(Deal).where(Deal.external_id == "D2")).one()
    assert [(it.stage, it.outcome, it.at) for it in lost.changes][1] == ("", "lost", lost.closed_at)


def test_closings_of_deals_get_their_stages_when_these_come_later(db, carry):
    carry(deals=DEALS)
    assert counts(carry(deal_stages=STAGES)["deal_stages"]) == (4, 3, 1, 0, 0, 0)
    won = db.session.scalars(select(Deal).where(Deal.external_id == "D1")).one()
    assert [(it.stage, it.outcome) for it in won.changes][1:] == [("Proposal", "open"), ("Closed Won", "won")]  # fmt: skip
    assert won.stage == "Closed Won"


def test_a_deal_that_was_opened_again_counts_by_its_last_closing(db, carry):
    again = (
        "D1,Closed Lost,2026-02-10T09:00:00Z\nD1,Proposal,2026-02-20T09:00:00Z\n"
        "D1,Closed Won,2026-04-01T09:00:00Z\n"
    )
    carry(deals=DEALS, deal_stages=STAGES + again)
    won = db.session.scalars(select(Deal).where(Deal.external_id == "D1")).one()
    assert won.closed_at == datetime(2026, 4, 1, 9, tzinfo=UTC)
    assert sum(it.outcome != "open" for it in won.changes) == 3


def test_uses_are_facts_with_the_stage_of_their_time(db, carry):
    make.asset("kestrel")
    report = carry(**ALL)["uses"]
    told = rows(db, UsageEvent, UsageEvent.action, UsageEvent.stage, UsageEvent.revision, UsageEvent.deal_id.is_(None))  # fmt: skip
    assert told == [
        ("viewed", "Discovery", 3, False), ("copied", "Proposal", None, False),
        ("copied", "Proposal", None, False), ("printed", "Closed Won", None, False),
        ("viewed", None, None, True),
    ]  # fmt: skip
    assert [it["note"] for it in report.notes] == [
        "kept without its deal: there is no deal NEVER", "“shared” is kept as viewed",
    ]  # fmt: skip


def test_a_use_gets_its_deal_and_stage_when_these_come_later(db, carry):
    make.asset("kestrel")
    carry(uses=USES.replace("77,", "kestrel,").replace("78,", "kestrel,"))
    assert set(rows(db, UsageEvent, UsageEvent.deal_id, UsageEvent.stage)) == {(None, None)}
    done = carry(deals=DEALS, deal_stages=STAGES, uses=USES.replace("77,", "kestrel,").replace("78,", "kestrel,"))  # fmt: skip
    assert counts(done["uses"]) == (5, 0, 4, 1, 0, 0)
    assert [it[0] for it in rows(db, UsageEvent, UsageEvent.stage)] == ["Discovery", "Proposal", "Proposal", "Closed Won", None]  # fmt: skip


def test_ratings_are_one_a_rep_asset_and_call_and_the_newest_counts(db, carry):
    make.asset("kestrel")
    carry(**ALL)
    on_call, without = db.session.scalars(select(Rating).order_by(Rating.call_id.is_(None)))
    assert (on_call.stars, on_call.helped, on_call.why) == (5, "helped", "good")
    assert (without.stars, without.call_id, without.deal_id) == (4, None, None)
    call = db.session.get(Call, on_call.call_id)
    assert (call.result, call.state, call.stage, call.deal_id) == ("advanced", "logged", "Proposal", on_call.deal_id)  # fmt: skip
    assert rows_of_uses(db) == [(call.id, on_call.asset_id)]


def rows_of_uses(db):
    return [tuple(row) for row in db.session.execute(select(CallUse.call_id, CallUse.asset_id))]


def test_bad_rows_are_refused_with_their_reasons(db, carry):
    make.asset("kestrel")
    head = USES.partition("\n")[0] + "\n"
    bad = (
        "a,2026-01-20T10:00:00,lan@example.com,kestrel,viewed,,,\n"
        "b,2027-01-20T10:00:00Z,lan@example.com,kestrel,viewed,,,\n"
        "c,0001-01-01T00:00:00Z,lan@example.com,kestrel,viewed,,,\n"
        "d,2026-01-20T10:00:00Z,nobody,kestrel,viewed,,,\n"
        "e,2026-01-20T10:00:00Z,lan@example.com,no-such,viewed,,,\n"
        ",2026-01-20T10:00:00Z,lan@example.com,kestrel,viewed,,,\n"
        f"{'g' * 121},2026-01-20T10:00:00Z,lan@example.com,kestrel,viewed,,,\n"
        "h,2026-01-20T10:00:00Z\n"
        + "x" * 200_000 + "\n"
        '"j,2026-01-20T10:00:00Z,lan@example.com,kestrel,viewed,,,\n'
        "k\x00,2026-01-20T10:00:00Z,lan@example.com,kestrel,viewed,,99999999999999999999,\n"
    )  # fmt: skip
    report = carry(uses=head + bad)["uses"]
    assert {it["row"]: it["reason"] for it in report.rejected} == {
        2: "at “2026-01-20T10:00:00” does not say its time zone",
        3: "at “2027-01-20T10:00:00Z” is in the future",
        4: "at “0001-01-01T00:00:00Z” is no time between 1990 and 2100",
        5: "rep “nobody” is no e-mail address",
        6: "there is no asset no-such",
        7: "use_id is empty",
        8: "use_id is longer than 120 characters",
        9: "2 values for 8 columns",
        10: "longer than 100,000 characters",
        11: "1 values for 8 columns",
    }
    assert counts(report) == (11, 1, 0, 0, 0, 10)


def test_of_two_rows_of_one_id_the_later_counts(db, carry):
    again = DEALS + DEALS.splitlines()[1].replace("large", "small") + "\n"
    assert counts(carry(deals=again)["deals"]) == (4, 3, 0, 0, 1, 0)
    assert counts(carry(deals=again)["deals"]) == (4, 0, 0, 3, 1, 0)
    assert db.session.scalars(select(Deal.segment).where(Deal.external_id == "D1")).one() == "small"
    other = carry(deals=DEALS)["deals"]
    assert counts(other) == (3, 0, 1, 2, 0, 0)


def test_deals_that_can_not_be_are_refused(db, carry):
    head = "deal_id,created_at,closed_at,status,amount,currency\n"
    bad = (
        "a,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,won,,\n"
        "b,2026-02-01T00:00:00Z,2026-03-01T00:00:00Z,perhaps,,\n"
        "c,2026-02-01T00:00:00Z,,open,-5,\n"
        "d,2026-02-01T00:00:00Z,,open,1e300,\n"
        "e,2026-02-01T00:00:00Z,,open,5,euro\n"
        "f,2026-02-01T00:00:00Z,,won,5,\n"
        "g,2026-02-01T00:00:00Z,,open,5,ZZZ\n"
    )
    report = carry(deals=head + bad)["deals"]
    assert counts(report) == (7, 1, 0, 0, 0, 6)
    assert report.notes == [{"row": 7, "note": "it is won, and does not say since when"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_files_come_as_other_systems_write_them(db, carry, encoding):
    text = DEALS.replace("North", "Север, юг и дальний восток".replace(",", "")).replace(",", ";")
    carry(deals=text.replace("\n", "\r\n").encode(encoding))
    assert db.session.scalars(select(Deal.region).where(Deal.external_id == "D1")).one() == "Север юг и дальний восток"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("deal_id,status\nD1,won\n", "no-columns"),
        ("", "empty"),
        ("\n\n\n", "empty"),
        (b"%PDF-1.4 deals", "pdf"),
        (b"PK\x03\x04book", "no-text"),
    ],
)
def test_a_file_that_is_no_such_table_stops_all_before_anything_is_written(db, carry, text, code):
    with pytest.raises(RefusedError) as refused:
        carry(assets=ASSETS, deals=text)
    assert refused.value.code == code
    assert db.session.scalars(select(StageChange.id)).all() == []
    assert db.session.scalars(select(HistoryAsset.id)).all() == []

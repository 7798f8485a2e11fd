"""Tables of deals taken in: what becomes of rows, of the same again, and of what is known here."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal import clock
from portal.deals.importing import queries, service
from portal.deals.importing.matching import Matcher
from portal.deals.importing.reading import Given
from portal.deals.importing.rules import RefusedError, Settings
from portal.deals.models import Customer, Deal, DealTerm, StageChange
from portal.jobs.models import QueuedJob
from tests import make


@pytest.fixture
def carry(db):
    """Take in files given as (name, text or bytes); returns the run."""

    def do(*files, columns=None, **said):
        given = [
            Given(name, content=text if isinstance(text, bytes) else text.encode())
            for name, text in files
        ]
        made = service.plan(
            given, Settings().but(**said), columns or {}, remembered=queries.mappings()
        )
        row = service.begin(made, None)
        service.Run(made, row, "Asia/Ho_Chi_Minh").carry(db.session.flush)
        return queries.by_id(row.id)

    return do


def one(db, external_id="A1"):
    db.session.expire_all()
    return db.session.scalars(select(Deal).where(Deal.external_id == external_id)).one()


def counts(run):
    return tuple(run.counts.get(name, 0) for name in ("rows", "created", "updated", "unchanged"))


def reasons(run):
    return [(it.row, it.reason) for it in queries.report(run.id, "rejected")]


HEAD = "ID,Deal name,Company,Owner,Stage,Amount,Currency,Created,Close date,Product,Competitor\n"
ROW = "A1,Delta cold store,Delta Foods,Minh Anh,{stage},1200.50,USD,2026-11-01,{close},{product},Kestrel\n"


def table(stage="Demo", close="2026-12-20", product="Vault"):
    return HEAD + ROW.format(stage=stage, close=close, product=product)


def test_a_row_becomes_a_deal_with_what_is_known_here(db, carry):
    team = make.team()
    owner = make.user("minh@example.com", name="Minh Anh", team_id=team.id)
    make.term("competitor", "kestrel")
    make.term("product", "vault")
    run = carry(("deals.csv", table()))
    assert counts(run) == (1, 1, 0, 0)
    deal = one(db)
    assert (deal.source, deal.name, deal.account) == ("file", "Delta cold store", "Delta Foods")
    assert (deal.owner_id, deal.team_id) == (owner.id, team.id)
    assert (deal.amount, deal.currency) == (Decimal("1200.50"), "USD")
    assert (deal.stage, deal.outcome, deal.closes_on) == ("Demo", "open", date(2026, 12, 20))
    assert deal.stage_row.slug == "demo"
    assert deal.created_at == datetime(2026, 10, 31, 17, tzinfo=UTC)  # midnight in Vietnam
    assert [(it.facet, it.slug) for it in deal.terms] == [
        ("competitor", "kestrel"),
        ("product", "vault"),
    ]
    assert deal.said is None
    assert deal.customer.name == "Delta Foods"
    assert [(it.stage, it.outcome, it.at) for it in deal.changes] == [
        ("Demo", "open", deal.created_at)
    ]


def test_what_is_not_known_here_stays_as_words(db, carry):
    run = carry(("deals.csv", table(stage="Waiting for legal")))
    deal = one(db)
    assert deal.said == {
        "owner": "Minh Anh",
        "product": "Vault",
        "competitor": "Kestrel",
        "stage": "Waiting for legal",
    }
    assert (deal.stage, deal.stage_id, deal.outcome) == ("Waiting for legal", None, "open")
    assert run.counts["unmatched"]["person"] == {"Minh Anh": 1}


def test_the_same_again_changes_nothing(db, carry):
    carry(("deals.csv", table()))
    before = one(db).updated_at
    run = carry(("deals.csv", table()))
    assert counts(run) == (1, 0, 0, 1)
    assert one(db).updated_at == before
    assert len(one(db).changes) == 1


def test_a_later_file_wins_and_the_history_says_so(db, carry):
    make.term("product", "vault")
    make.term("product", "ledger")
    carry(("deals.csv", table()))
    run = carry(("deals.csv", table(stage="Closed won", close="2026-11-20", product="Ledger")))
    assert counts(run) == (1, 0, 1, 0)
    deal = one(db)
    assert (deal.outcome, deal.stage) == ("won", "Won")
    assert deal.closed_at == datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert [(it.facet, it.slug) for it in deal.terms] == [("product", "ledger")]
    assert [(it.stage, it.outcome) for it in deal.changes] == [("Demo", "open"), ("Won", "won")]
    assert deal.changes[1].at == deal.closed_at
    carry(("deals.csv", table(stage="Closed won", close="2026-11-20", product="Ledger")))
    assert len(one(db).changes) == 2


def test_a_column_that_is_missing_takes_nothing_away(db, carry):
    make.term("competitor", "kestrel")
    carry(("deals.csv", table()))
    run = carry(("less.csv", "ID,Stage\nA1,Proposal\n"))
    assert counts(run) == (1, 0, 1, 0)
    deal = one(db)
    assert (deal.amount, deal.account, deal.stage) == (
        Decimal("1200.50"),
        "Delta Foods",
        "Proposal",
    )
    assert [it.slug for it in deal.terms] == ["kestrel"]


def test_a_deal_that_is_not_in_a_file_stays(db, carry):
    carry(("deals.csv", table()))
    carry(("other.csv", "ID,Stage\nB2,Demo\n"))
    assert one(db).stage == "Demo"


def test_of_two_rows_of_one_deal_the_later_counts(db, carry):
    text = "ID,Stage,Amount\nA1,Demo,5\nB2,Demo,1\nA1,Closed lost,7\n"
    run = carry(("deals.csv", text))
    assert counts(run) == (3, 2, 0, 0)
    assert reasons(run) == [(2, "repeated")]
    assert run.counts["refused"] == 0  # nothing a person has to see to
    assert (one(db).outcome, one(db).amount) == ("lost", 7)
    assert counts(carry(("deals.csv", text))) == (3, 0, 0, 2)


def test_deals_that_have_just_ended_ask_their_owners_in_one_job(db, carry):
    make.user("minh@example.com", name="Minh Anh")
    today = clock.now().date()
    rows = [
        ("A1", "Won", today), ("B2", "Lost", today - timedelta(days=10)),
        ("C3", "Won", today - timedelta(days=20)), ("D4", "Demo", today),
    ]  # fmt: skip
    text = "ID,Owner,Stage,Close date\n" + "".join(f"{i},Minh Anh,{s},{d}\n" for i, s, d in rows)
    text += f"E5,Nobody,Won,{today}\n"
    carry(("deals.csv", text))
    jobs = db.session.scalars(select(QueuedJob).where(QueuedJob.name == "deal_ended")).all()
    assert [it.payload["deals"] for it in jobs] == [[one(db, "A1").id, one(db, "B2").id]]
    carry(("deals.csv", text))
    assert len(db.session.scalars(select(QueuedJob)).all()) == len(jobs)


def test_reasons_for_losing_are_coded_or_stay_words(db, carry):
    text = "ID,Stage,Loss reason\nA1,Lost,Too expensive\nB2,Lost,The dog ate it\nC3,Demo,price\n"
    carry(("deals.csv", text))
    assert one(db).loss_reason.slug == "price"
    assert (one(db, "B2").loss_words, one(db, "B2").said) == (
        "The dog ate it",
        {"reason": "The dog ate it"},
    )
    assert (one(db, "C3").loss_reason_id, one(db, "C3").outcome) == (None, "open")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A1,Demo,-5,2026-01-01,", "negative"),
        ("A1,Demo,(5),2026-01-01,", "negative"),
        ("A1,Demo,many,2026-01-01,", "amount"),
        ("A1,Demo,99999999999999999999,2026-01-01,", "amount"),
        ("A1,Won,5,2026-01-02,2026-01-01", "closed-first"),
        ("A1,Demo,5,2026-13-45,", "date"),
        ("A1,Demo,5,1066-10-14,", "date-range"),
        ("A1,Demo,5,9999-12-31,", "date-range"),
        (",Demo,5,2026-01-01,", "no-id"),
        ("ID,Stage,Amount,Created,Closed at", "header-again"),
        ("Total,,500,,", "totals"),
        ("Итого:,,500,,", "totals"),
        ("Confidential – do not distribute,,,,", None),
    ],
)
def test_rows_that_can_not_be_are_refused_with_the_reason(db, carry, row, reason):
    text = f"ID,Stage,Amount,Created,Close date\nB2,Demo,1,2026-01-01,\n{row}\n"
    run = carry(("deals.csv", text))
    if reason is not None:
        assert reasons(run) == [(3, reason)]
        assert counts(run) == (2, 1, 0, 0)
    assert one(db, "B2").amount == 1


def test_words_that_are_headers_elsewhere_make_no_header(db, carry):
    run = carry(("deals.csv", "ID,Stage,Loss reason\nA1,Won,Price\nB2,Closed,Competitor\n"))
    assert counts(run) == (2, 2, 0, 0)


def test_a_deal_that_is_opened_again_has_no_end(db, carry):
    carry(("a.csv", "ID,Stage,Close date,Loss reason\nA1,Lost,2026-11-01,price\n"))
    carry(("b.csv", "ID,Stage\nA1,Demo\n"))
    deal = one(db)
    assert (deal.outcome, deal.closed_at, deal.loss_reason_id) == ("open", None, None)
    assert [it.outcome for it in deal.changes] == ["lost", "open"]


def test_names_of_odd_letters_are_kept(db, carry):
    odd = "\ufdfa" * 200  # each becomes eighteen letters in a key
    text = f"ID,Company,Owner,Stage,Product\nA1,{odd},{odd},{odd},{odd}\n"
    assert counts(carry(("d.csv", text))) == (1, 1, 0, 0)
    assert counts(carry(("d.csv", text))) == (1, 0, 0, 1)


def test_of_two_accounts_of_one_person_the_active_one_owns(db, carry):
    make.user(name="Minh Anh", active=False)
    right = make.user(name="Minh Anh")
    carry(("deals.csv", table()))
    assert one(db).owner_id == right.id


def test_a_formula_is_text(db, carry):
    carry(("deals.csv", "ID,Deal name,Stage\nA1,=HYPERLINK(1),Demo\n"))
    assert one(db).name == "=HYPERLINK(1)"


def test_nuls_and_controls_are_blanks(db, carry):
    carry(
        ("deals.csv", b"ID,Deal name,Stage\nA1,Del\x00ta\x07 Foods,Demo\n" + b"B2,ok,Demo\n" * 90)
    )
    assert one(db).name == "Delta Foods"


def test_two_people_of_one_name_are_not_told_apart(db, carry):
    make.user(name="Minh Anh")
    make.user(name="Minh Anh")
    carry(("deals.csv", table()))
    assert one(db).owner_id is None
    assert one(db).said["owner"] == "Minh Anh"


def test_names_meet_without_marks_and_in_any_order(db, carry):
    owner = make.user(name="Nguyễn Lan")
    carry(("deals.csv", 'ID,Owner,Stage\nA1,Lan Nguyen,Demo\nB2,"Nguyễn, Lan",Demo\n'))
    assert (one(db).owner_id, one(db, "B2").owner_id) == (owner.id, owner.id)


def test_somebody_of_a_longer_name_is_suggested(db):
    make.user("lan@example.com", name="Nguyễn Thị Lan")
    make.user("h.tran@example.com", name="Trần Quang Huy")
    matcher = Matcher("x")
    words = {"person": {"Lan Nguyen": 2, "H Tran": 1, "Somebody": 1}}
    assert matcher.suggestions(words) == [
        ("person", "Lan Nguyen", 2, "lan@example.com"),
        ("person", "H Tran", 1, "h.tran@example.com"),
        ("person", "Somebody", 1, ""),
    ]


def test_an_owner_is_found_by_mail_first(db, carry):
    right = make.user("minh@example.com", name="Somebody Else")
    make.user(name="Minh Anh")
    carry(("deals.csv", "ID,Owner,Owner email,Stage\nA1,Minh Anh,MINH@example.com,Demo\n"))
    assert one(db).owner_id == right.id


def test_a_near_spelling_is_suggested_and_remembered(db, carry):
    make.term("product", "gtx-pro", en="GTX Pro")
    text = HEAD + ROW.format(stage="Demo", close="", product="GTXPro")
    made = service.plan([Given("d.csv", content=text.encode())], Settings(), {}, remembered={})
    matcher = Matcher(made.source)
    assert ("product", "GTXPro", 1, "gtx-pro") in matcher.suggestions(made.survey.words)
    carry(("d.csv", text))
    assert one(db).said["product"] == "GTXPro"
    service.accept(made.source, "product", "GTXPro", "gtx-pro")
    assert counts(carry(("d.csv", text))) == (1, 0, 1, 0)
    assert [it.slug for it in one(db).terms] == ["gtx-pro"]


def test_several_products_in_a_cell(db, carry):
    make.term("product", "vault")
    make.term("product", "ledger")
    text = "ID,Stage,Product\nA1,Demo,Vault; Ledger; Other\n"
    carry(("deals.csv", text))
    assert [it.slug for it in one(db).terms] == ["ledger", "vault"]
    assert one(db).said == {"product": "Other"}


def test_columns_said_by_hand_are_remembered(db, carry):
    text = "Ключ;Что;Где\nA1;Проект;Демо\n"
    with pytest.raises(RefusedError) as refused:
        carry(("own.csv", text))
    assert refused.value.code == "no-id-column"
    columns = {"id": "Ключ", "name": "Что", "stage": "Где"}
    carry(("own.csv", text), columns=columns, source="own")
    assert counts(carry(("own.csv", text))) == (1, 0, 0, 1)
    assert (one(db).source, one(db).name, one(db).stage) == ("own", "Проект", "Demo")


def test_a_customer_learns_industry_country_and_size(db, carry):
    make.term("industry", "retail")
    carry(
        ("d.csv", "ID,Company,Stage,Industry,Country,Employees\nA1,Delta,Demo,Retail,Kenya,120\n")
    )
    customer = db.session.scalars(select(Customer)).one()
    assert (customer.industry, customer.country, customer.employees) == ("retail", "Kenya", 120)


def test_a_chunk_that_was_kept_is_not_done_again(db, carry, monkeypatch):
    """Interrupted after the first chunk and begun again: the same as undisturbed."""
    monkeypatch.setattr(service, "CHUNK", 2)
    text = "ID,Stage\n" + "".join(f"N{n},Demo\n" for n in range(5)) + ",Demo\n"
    given = [Given("d.csv", content=text.encode())]
    made = service.plan(given, Settings(), {}, remembered={})
    row = service.begin(made, None)
    run, commits = service.Run(made, row, "UTC"), []

    def stop():
        commits.append(1)
        if len(commits) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.carry(stop)
    assert queries.by_id(row.id).cursor == 5
    again = carry(("d.csv", text))
    assert again.id == row.id
    assert counts(again) == (6, 5, 0, 0)
    assert reasons(again) == [(7, "no-id")]
    assert len(db.session.scalars(select(StageChange)).all()) == 5
    assert not db.session.scalars(select(DealTerm)).all()
    assert counts(carry(("d.csv", text))) == (6, 0, 0, 5)  # a new run: that one has ended

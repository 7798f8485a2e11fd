"""Amounts, dates, headers, endings and near spellings, as people and systems write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deals.importing import rules
from portal.deals.importing.rules import BadRowError, RefusedError
from portal.deals.importing.understanding import currency_of
from portal.deals.importing.values import Evidence, moment, money

ZONE = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "decimal", "amount", "currency"),
    [
        ("1200.50", "", "1200.50", ""),
        ("1,200.50", "", "1200.50", ""),
        ("1.200,50", "", "1200.50", ""),
        ("1 200,50 ₽", "", "1200.50", "RUB"),
        ("$48,000", "", "48000", "USD"),
        ("48000|USD", "", "48000", "USD"),
        ("120.000.000 đ", "", "120000000", "VND"),
        ("1.234", ",", "1234", ""),
        ("1.234", ".", "1.23", ""),
        ("1,234", ",", "1.23", ""),
        ("EUR 5", "", "5", "EUR"),
        ("1'200", "", "1200", ""),
        ("0", "", "0", ""),
        (12.5, "", "12.50", ""),
        (7, ",", "7", ""),
    ],
)
def test_amounts(text, decimal, amount, currency):
    assert money(text, decimal) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("-5", "negative"), ("(5.00)", "negative"), ("−1 000", "negative"), (-3, "negative"),
     ("5-", "negative"), ("about 5", "amount"), ("5 apples", "amount"), ("1e99", "amount"),
     (float("inf"), "amount"), (float("nan"), "amount"), (True, "amount"), ("9" * 40, "amount"),
     ("," * 50_000, "amount")],
)  # fmt: skip
def test_what_is_no_amount(text, reason):
    with pytest.raises(BadRowError) as bad:
        money(text, "")
    assert bad.value.code == reason


@pytest.mark.parametrize("empty", ["", "  ", "-", "—", None])
def test_no_amount_at_all(empty):
    assert money(empty, "") == (None, "")


NOV = datetime(2026, 11, 2, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("2026-11-02", "dmy", NOV),
        ("02.11.2026", "dmy", NOV),
        ("11/2/2026", "mdy", NOV),
        ("2/11/26", "dmy", NOV),
        ("02.11.2026 15:30:10", "dmy", NOV.replace(hour=15, minute=30, second=10)),
        ("11/02/2026 3:30 PM", "mdy", NOV.replace(hour=15, minute=30)),
        ("2026-11-02T00:00:00Z", "ymd", datetime(2026, 11, 2, tzinfo=UTC)),
        ("2026-11-02T03:00:00.123+0300", "ymd", datetime(2026, 11, 2, tzinfo=UTC)),
        ("2 Nov 2026", "ymd", NOV),
        ("Nov 2, 2026", "ymd", NOV),
        ("2 ноября 2026", "dmy", NOV),
        (date(2026, 11, 2), "ymd", NOV),
        (datetime.fromisoformat("2026-11-02"), "ymd", NOV),
        (46328, "ymd", NOV),
        ("1793577600000", "ymd", datetime(2026, 11, 2, tzinfo=UTC)),
    ],
)
def test_moments(text, order, wanted):
    assert moment(text, order, ZONE) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [("soon", "date"), ("2026-02-30", "date"), ("31.02.2026", "date"), ("99/99/9999", "date"),
     ("0000-01-01", "date"), ("1066-10-14", "date-range"), ("9999-12-31", "date-range"),
     ("2026-11-02 25:99", "date"), (10.0**30, "date"), ("9" * 13, "date-range")],
)  # fmt: skip
def test_what_is_no_moment(text, reason):
    with pytest.raises(BadRowError) as bad:
        moment(text, "dmy", ZONE)
    assert bad.value.code == reason


@given(st.text(max_size=40), st.sampled_from(rules.ORDERS))
def test_any_text_is_a_moment_or_refused(text, order):
    try:
        assert moment(text, order, ZONE) is None or moment(text, order, ZONE).tzinfo
    except BadRowError as bad:
        assert bad.code in {"date", "date-range"}


@given(st.text(max_size=70), st.sampled_from(["", ".", ","]))
def test_any_text_is_an_amount_or_refused(text, decimal):
    try:
        amount, _ = money(text, decimal)
        assert amount is None or amount >= 0
    except BadRowError as bad:
        assert bad.code in {"amount", "negative"}


@pytest.mark.parametrize(
    ("dates", "americans", "wanted"),
    [
        (["01/02/2026", "13/02/2026"], True, ("dmy", True)),
        (["01/02/2026", "01/13/2026"], False, ("mdy", True)),
        (["01/02/2026"], True, ("mdy", False)),
        (["01/02/2026"], False, ("dmy", False)),
        (["01.02.2026"], True, ("dmy", True)),
        (["2026-02-01"], True, ("ymd", True)),
        ([], True, ("dmy", True)),
    ],
)
def test_the_order_of_dates_is_found(dates, americans, wanted):
    evidence = Evidence()
    for it in dates:
        evidence.date(it)
    assert evidence.order(americans=americans) == wanted


@pytest.mark.parametrize(
    ("amounts", "wanted"),
    [(["1,234.50"], "."), (["1.234,50"], ","), (["12,5"], ","), (["1,234"], ""), (["1.234.567"], ","),
     (["5"], ""), (["1,234", "7.50"], ".")],
)  # fmt: skip
def test_the_mark_of_decimals_is_found(amounts, wanted):
    evidence = Evidence()
    for it in amounts:
        evidence.amount(it)
    assert evidence.decimal() == wanted


@pytest.mark.parametrize(
    ("said", "code"),
    [("USD", "USD"), ("usd", "USD"), ("€", "EUR"), ("₽", "RUB"), ("Доллар США", "USD"),
     ("US Dollar", "USD"), ("Российский рубль", "RUB"), ("Euro", "EUR"), ("USD - U.S. Dollar", "USD"),
     ("đồng", "VND"), ("", ""), ("shells", ""), ("QQQ", ""), ("X" * 3, "")],
)  # fmt: skip
def test_currencies_by_code_sign_or_name(said, code):
    assert currency_of(said) == code


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("Closed Won", "won"), ("Won", "won"), ("Выиграна", "won"), ("Успешно реализовано", "won"),
     ("Thắng", "won"), ("Closed Lost", "lost"), ("Закрыто и не реализовано", "lost"),
     ("Thua", "lost"), ("No decision", "no-decision"), ("Prospecting", None), ("Engaging", None),
     ("Wonderland", None)],
)  # fmt: skip
def test_endings_by_their_words(words, wanted):
    assert rules.ending(words) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"stage": "Odd", "won": True}, "won"),
        ({"stage": "Odd", "won": False, "closed": True}, "lost"),
        ({"stage": "Odd", "won": False, "closed": False}, "open"),
        ({"stage": "Demo", "of_stage": "open", "status": "Lost"}, "lost"),
        ({"stage": "x", "of_stage": "won", "status": "Open"}, "won"),
        ({"stage": "Closed won"}, "won"),
        ({"stage": ""}, "open"),
    ],
)
def test_how_a_deal_stands(said, wanted):
    told = {"stage": "", "of_stage": None, "status": "", "won": None, "closed": None} | said
    assert rules.outcome_of(**told) == wanted


def test_near_spellings():
    offered = {"GTX Pro": "gtx-pro", "GTX Plus Pro": "gtx-plus-pro", "MG Special": "mg"}
    assert rules.nearest("GTXPro", offered) == "gtx-pro"
    assert rules.nearest("MG-Speciall", offered) == "mg"
    assert rules.nearest("Vault", offered) is None
    assert rules.nearest("", offered) is None


def test_names_that_differ_in_a_number_are_others():
    assert rules.nearest("GTK 50", {"GTK 500": "a"}) is None
    assert rules.nearest("GTK500", {"GTK 500": "a"}) == "a"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["ID", "Stage"]], 0),
        ([["Report of deals"], [], ["ID", "Stage", "Amount"]], 2),
        ([["Deals", "", "Money"], ["ID", "Stage", "Amount"], ["A1", "Demo", 5]], 1),
        ([["Ключ", "Что"], ["A1", "b"]], 0),
        ([["ID", "Stage", "Name"], ["A1", "Demo", "Grand Total Logistics"]], 0),
    ],
)
def test_the_header_row_is_found(rows, place):
    assert rules.header_row(rows) == place


@pytest.mark.parametrize(
    ("rows", "code"),
    [([["A1", "2026-01-01"], ["B2", "2026-01-02"]], "no-header"), ([], "no-header"),
     ([["one"]], "no-header"), ([["A1", "Won", "Price", 5]], "no-header"), ([["Row Labels", "Sum of Amount"]], "pivot"),
     ([["Сумма по полю Бюджет", ""], ["Названия строк", "Итог"]], "pivot")],
)  # fmt: skip
def test_what_has_no_header_row(rows, code):
    with pytest.raises(RefusedError) as refused:
        rules.header_row(rows)
    assert refused.value.code == code

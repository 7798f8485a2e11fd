"""The pages of the agreement: shown to all, changed by both sides, nothing typed is lost."""

import pytest

from portal.asset_requests.agreement import forms, queries
from portal.asset_requests.agreement import terms as agreed
from tests import make

ZONE = "UTC"


@pytest.fixture
def as_manager(visitor, db):
    """A function that gives a browser of a manager of a department."""

    def of(department, **values):
        person = make.user(role="manager", department=department, **values)
        browser = visitor()
        browser.sign_in(person)
        return browser

    return of


def typed(**changes):
    shown = forms.shown(agreed.first(ZONE))
    sent = {**shown.text, "country": shown.countries, "based_on": "1", "note": "quicker"}
    return sent | {name.replace("__", "."): value for name, value in changes.items()}


def test_everybody_sees_what_is_promised_before_anybody_has_signed(as_):
    said = as_("rep").get("/requests/agreement").words()
    assert "Version 1, which came with the portal" in said
    assert "8 working hours" in said
    assert "Propose a change" not in said


def test_one_proposes_and_the_other_signs(as_manager, as_):
    sales, marketing = as_manager("sales", name="Sam"), as_manager("marketing", name="Mai")
    assert sales.get("/requests/agreement/propose").status == 200
    answer = sales.post("/requests/agreement/propose", data=typed(context="4"))
    assert answer.status == 303
    page = as_("rep").get("/requests/agreement").words()
    assert "Proposed by Sam (Sales)" in page
    assert "4 working hours" in page
    assert "Sign" not in page
    proposal = queries.proposal().id
    refused = sales.post("/requests/agreement/sign", data={"proposal": proposal})
    assert refused.status == 403
    signed = marketing.post("/requests/agreement/sign", data={"proposal": proposal})
    assert signed.status == 303
    page = marketing.get("/requests/agreement").words()
    assert "signed by Sam (Sales) and Mai (Marketing)" in page
    assert "What version 2 changed" in page
    assert marketing.post("/requests/agreement/sign", data={"proposal": proposal}).status == 409
    former = marketing.get("/requests/agreement?version=1").words()
    assert "a newer one is in force" in former


@pytest.mark.parametrize("said", ["3", "0", "x", "99999999999999", "٣"])
def test_a_version_there_is_not(as_, said):
    assert as_("rep").get(f"/requests/agreement?version={said}").status == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("context", "0"), ("context", "a"), ("context", "99999999999999999999"), ("context", ""),
        ("deliver__faq__usual", "-1"), ("week__0", "8-7"), ("zone", "Mars/Olympus"), ("zone", "../x"),
        ("zone", ""), ("closed", "2026-13-01"), ("opened", "tomorrow"), ("note", "x" * 1001),
        ("based_on", "x"), ("based_on", "99999999999999999999"), ("zone", "Asia"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_refused_and_kept(as_manager, name, value):
    answer = as_manager("sales").post(
        "/requests/agreement/propose", data=typed(**{name: value, "week__1": "7-9"})
    )
    assert answer.status == 422
    assert 'value="7-9"' in answer.text
    assert queries.proposal() is None


def test_a_week_without_work_is_refused(as_manager):
    sent = typed(**{f"week__{n}": "" for n in range(7)})
    answer = as_manager("sales").post("/requests/agreement/propose", data=sent)
    assert answer.status == 422
    assert "At least one hour" in answer.words()


def test_nothing_changed_and_somebody_faster_are_told(as_manager):
    sales = as_manager("sales")
    answer = sales.post("/requests/agreement/propose", data=typed())
    assert "Nothing is changed yet" in answer.words()
    sales.post("/requests/agreement/propose", data=typed(context="4"))
    answer = sales.post("/requests/agreement/propose", data=typed(context="5"))
    assert answer.status == 409
    assert 'name="context"' in answer.text
    assert 'value="5"' in answer.text


def test_those_who_sign_for_neither_are_told(as_manager):
    assert as_manager("product").get("/requests/agreement/propose").status == 422


def test_what_the_form_shows_is_what_it_reads(app, db):
    from werkzeug.datastructures import MultiDict

    terms = agreed.first(ZONE)
    shown = forms.shown(terms)
    sent = MultiDict([*shown.text.items(), *(("country", code) for code in shown.countries)])
    with app.test_request_context():
        _typed, read = forms.read(sent)
    assert read == terms

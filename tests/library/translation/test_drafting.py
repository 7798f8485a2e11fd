"""What a translator types is kept as it is typed: opened again, told apart, dropped, saved."""

import pytest

from portal.library.publishing import queries
from portal.library.translation.drafting import Typed, kept, opened
from tests import make
from tests.library.editing import inputs
from tests.library.translation.test_rules import EN, VI
from tests.library.translation.test_views import sent

URL = "/desk/setup/vi/translation"
NEW = {"title": "Setup", "summary": "", "body": EN, "tags": [], "fields": {}, "extra": {}}
OWN = {"title": "Cài đặt", "summary": "", "body": VI, "tags": [], "fields": {}, "extra": {}}


@pytest.fixture
def client(as_, asset):
    return as_("marketer")


def keep(client, **changes):
    form = sent(client.get(URL))
    form["text"] = [*form["text"][:-1], form["text"][-1] + "\nĐang gõ dở <b>.\n"]
    page = client.post(URL + "/draft", data=form | changes)
    assert page.status == 200
    return form | changes


def test_what_was_typed_is_there_again_and_told(client):
    typed = keep(client, title="Tiêu đề mới", note="dở dang", tags="a, b")
    page = client.get(URL)
    assert "You have unsaved changes from" in page.words()
    again = sent(page)
    assert [text.strip() for text in again["text"]] == [text.strip() for text in typed["text"]]
    for name in ("title", "note", "tags", "base", "source"):
        told = typed[name] if isinstance(typed[name], str) else typed[name][0]
        assert again[name] == [told]


def test_half_a_translation_stays_where_it_was_typed(client, asset):
    url = URL.replace("/vi/", "/ru/")
    form = sent(client.get(url))
    assert len(form["text"]) > 2
    form["text"] = [*form["text"][:-1], "## Позже\n\nТолько последнее."]
    assert client.post(url + "/draft", data=form).status == 200
    texts = sent(client.get(url))["text"]
    assert texts[-1].strip() == "## Позже\n\nТолько последнее."
    assert "Позже" not in "".join(texts[:-1])


def test_the_editor_opens_what_the_translator_typed(client):
    keep(client, title="Tiêu đề mới")
    told = inputs(client.get("/desk/setup/vi"))
    assert told["title"] == "Tiêu đề mới"
    assert "Đang gõ dở <b>." in told["body"]


def test_when_the_original_went_on_nothing_typed_is_lost(client, asset, db):
    keep(client, title="Tiêu đề mới")
    make.text(asset, "en", title="Setup guide", body=EN + "\n## More\n\nMore.\n",
              existing=next(text for text in asset.texts if text.language == "en"))  # fmt: skip
    db.session.commit()
    form = sent(client.get(URL))
    assert form["title"] == ["Tiêu đề mới"]
    assert "Đang gõ dở <b>." in "".join(form["text"])
    assert "follows" not in form


def test_saving_and_dropping_end_it(client, asset):
    form = keep(client, title="Tiêu đề mới")
    assert client.post(URL + "/draft/discarded").status == 303
    assert sent(client.get(URL))["title"] == ["Hướng dẫn"]
    keep(client)
    assert client.post(URL, data=form).status == 303
    assert queries.newest(asset.id, "vi").title == "Tiêu đề mới"
    assert "unsaved" not in client.get(URL).words()


def test_a_session_that_ended_loses_nothing(client, visitor):
    form = sent(client.get(URL)) | {"title": "Tiêu đề mới"}
    page = visitor().post(URL, data=form)
    assert page.status == 401
    assert "Tiêu đề mới" in page.text


@pytest.mark.parametrize("base", ["", "-1", "9" * 30, "x"])
def test_a_base_that_can_not_be_is_refused(client, base):
    assert client.post(URL + "/draft", data={"title": "x", "base": base}).status == 422


def test_the_same_as_is_saved_is_no_news():
    texts = ["", *(f"## {part}" for part in VI.split("## ")[1:])]
    typed = Typed(OWN["title"], "", "", "", texts, {}, 2, 1, follows=True)
    assert opened(kept(typed, OWN, NEW), OWN, source=2, number=1) is None
    other = opened(
        kept(Typed("Khác", "", "", "", texts, {}, 2, 1, follows=True), OWN, NEW),
        OWN,
        source=3,
        number=1,
    )
    assert (other.texts, other.follows, other.own["title"]) == ([], False, "Khác")

"""Attachments over HTTP: who may, what is refused in which words, what is handed out how."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.library.attachments import extracting, queries
from portal.library.attachments.models import Attachment
from portal.library.publishing.models import AssetEvent
from portal.usage.models import UsageEvent
from tests import make
from tests.library.attachments.conftest import PHRASE, docx, pdf, png, pptx, repacked
from tests.page import Client


@pytest.fixture(autouse=True)
def _worker(monkeypatch):
    """A worker that does at once what a request has left to do."""
    post = Client.post

    def posted(client, url, **options):
        answer = post(client, url, **options)
        store = client.app.extensions["arsenal.files"]
        with client.app.app_context():
            for number in list(extracting.all_waiting()):
                extracting.run(number, store)
        return answer

    monkeypatch.setattr(Client, "post", posted)


JSON = {"Accept": "application/json"}
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def send(client, body, name="deck.pdf", *, slug="card", headers=JSON, **fields):
    data = {"file": (io.BytesIO(body), name), **fields}
    return client.post(f"/desk/{slug}/attachments", data=data, headers=headers)


def told(answer):
    return answer.response.get_json()


@pytest.fixture
def asset(db):
    asset = make.asset("card", state="published")
    make.text(asset)
    db.session.commit()
    return asset


@pytest.fixture
def draft(db):
    asset = make.asset("draft", state="draft")
    make.text(asset)
    db.session.commit()
    return asset


@pytest.fixture
def desk(as_):
    return as_("marketer")


@pytest.fixture
def rep(visitor, db):
    return visitor().sign_in(make.user(role="rep"))


def publish(desk, slug="card"):
    assert desk.post(f"/desk/{slug}/moves/publish").status == 303


def row(db, public_id):
    db.session.expire_all()
    return db.session.scalars(select(Attachment).where(Attachment.public_id == public_id)).one()


def test_a_script_is_told_where_the_file_is(desk, asset):
    answer = send(desk, png(), "Báo giá [1].png")
    assert answer.status == 201
    got = told(answer)
    assert got["name"] == "Báo giá [1].png"
    assert got["url"] == f"/files/{got['id']}/show"
    assert got["markdown"] == f"![Báo giá \\[1\\]]({got['url']})"
    assert "markdown" in told(send(desk, pdf("x"), "a.pdf"))


def test_a_form_is_led_back(desk, asset):
    answer = desk.post(
        "/desk/card/attachments",
        data={"file": [(io.BytesIO(pdf("x")), "a.pdf"), (io.BytesIO(png()), "b.png")]},
    )
    assert (answer.status, answer.location) == (303, "/desk/card#files")
    shown = desk.get("/desk/card").words()
    assert "a.pdf" in shown
    assert "b.png" in shown
    assert "Readers get it when the asset is published" in shown


def test_a_form_is_kept_as_a_whole_or_not(desk, asset, db):
    answer = desk.post(
        "/desk/card/attachments",
        data={"file": [(io.BytesIO(pdf("x")), "a.pdf"), (io.BytesIO(b""), "b.pdf")]},
    )
    assert answer.status == 422
    assert "b.pdf is empty" in answer.words()
    assert queries.held(asset.id) == []


def test_an_image_of_ours_goes_through_the_sanitiser(desk, asset):
    got = told(send(desk, png(), "a.png"))
    from portal import markup

    document = markup.render(got["markdown"], title="x")
    assert f'src="{got["url"]}"' in document.sections[0].html
    answer = desk.get(got["url"])
    assert "img-src 'self'" in desk.get("/desk/card").headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "image/png"


# --- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        (b"", "a.pdf", "empty"),
        (b"hello", "a.pdf", "not a file we take"),
        (b"<html><script>alert(1)</script>", "a.html", "not a file we take"),
        (b'<svg onload="alert(1)" xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "programs"),
        (b'<?xml version="1.0"?><!-- x --><svg xmlns="x"/>', "a.png", "programs"),
        (b"%PDF-1.7 x", "a.png", "not what its name says: it holds pdf"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "it holds png"),
        (b"PK\x03\x04 broken", "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "old Office format"),
    ],
)
def test_what_is_not_taken(desk, asset, body, name, words):
    answer = send(desk, body, name)
    assert answer.status == 422
    assert words in told(answer)["error"]
    assert queries.held(asset.id) == []


def test_macros_are_refused(desk, asset):
    answer = send(desk, repacked(docx("x"), {"word/vbaProject.bin": b"x"}), "a.docx")
    assert "macros" in told(answer)["error"]


def test_the_collected_uploads_are_refused_or_harmless(desk, asset):
    folder = SHARED / "hostile" / "hostile-uploads"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/hostile")
    for path in sorted(folder.iterdir()):
        answer = send(desk, path.read_bytes(), path.name)
        assert answer.status == (201 if path.suffix in {".png", ".jpg"} else 422), path.name


def test_a_length_too_large_is_refused_before_the_body_is_read(desk, asset):
    class Unread(io.BytesIO):
        def read(self, *_):
            pytest.fail("read")

        readline = readinto = read

    answer = desk.post(
        "/desk/card/attachments",
        headers=JSON,
        input_stream=Unread(),
        environ_overrides={"CONTENT_LENGTH": "200000000"},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status == 413
    assert "larger than 50 MB" in told(answer)["error"]


def test_a_file_larger_than_other_forms_is_taken(desk, asset):
    assert send(desk, pdf("x") + b"%" * 5_000_000, "a.pdf").status == 201


def test_other_forms_are_not_larger(desk, asset):
    answer = desk.post("/desk/card/comments", data={"body": "x" * 3_000_000})
    assert answer.status == 413


@pytest.mark.parametrize("name", ["../../x.pdf", "x\u202efdp.pdf", "a" * 300 + ".pdf", "a\x01.pdf"])
def test_odd_names_are_cleaned(desk, asset, name):
    got = told(send(desk, pdf("x"), name))
    assert len(got["name"]) <= 150
    assert got["name"].isprintable()
    assert "/" not in got["name"]
    said = desk.get(f"/files/{got['id']}").headers["Content-Disposition"]
    assert said.startswith("attachment; filename=")


@pytest.mark.parametrize(("role", "status"), [("contributor", 403), ("marketer", 201)])
def test_who_may(as_, asset, role, status):
    assert send(as_(role), pdf("x")).status == status


def test_a_contributor_attaches_to_what_is_theirs(client, db):
    person = make.user(role="contributor")
    make.text(make.asset("theirs", state="draft", creator_id=person.id))
    db.session.commit()
    client.sign_in(person)
    assert send(client, pdf("x"), slug="theirs").status == 201
    assert told(send(client, pdf("x"), slug="nothing"))["error"]


def test_a_retired_asset_is_left_alone(desk, db):
    make.text(make.asset("old", state="retired"))
    db.session.commit()
    answer = send(desk, pdf("x"), slug="old")
    assert answer.status == 409
    assert "retired" in told(answer)["error"]


@pytest.mark.parametrize("url", ["http://x.example/", "javascript:alert(1)", "x" * 3000])
def test_links_are_https(desk, asset, url):
    assert desk.post("/desk/card/attachments/links", data={"url": url}).status == 422


def test_a_link_is_followed_and_counted(desk, rep, asset, db):
    url = "https://video.example/watch?v=1"
    assert desk.post("/desk/card/attachments/links", data={"url": url}).status == 303
    publish(desk)
    found = queries.visible(asset.id)[0]
    assert "video.example" in rep.get("/assets/card/en").words()
    answer = rep.get(f"/files/{found.public_id}")
    assert (answer.status, answer.location) == (303, url)
    assert downloads(db, found.public_id) == 1


# --- handed out ----------------------------------------------------------------------------------


def downloads(db, public_id):
    query = select(UsageEvent).where(
        UsageEvent.action == "downloaded", UsageEvent.section == public_id
    )
    return len(db.session.scalars(query).all())


def test_readers_get_it_with_the_publication(desk, rep, asset, db):
    got = told(send(desk, pdf("x")))
    path = f"/files/{got['id']}"
    assert rep.get(path).status == 404
    assert desk.get(path).status == 200
    assert "deck.pdf" not in rep.get("/assets/card/en").words()
    publish(desk)
    assert rep.get(path).status == 200
    shown = rep.get("/assets/card/en").words()
    assert "deck.pdf" in shown
    assert "1 page" in shown
    desk.post("/desk/card/moves/unpublish", data={"reason": "x"})
    assert rep.get(path).status == 404


def test_a_removed_one_stays_until_the_publication(desk, rep, asset):
    got = told(send(desk, pdf("x")))
    publish(desk)
    desk.post(f"/desk/card/attachments/{got['id']}/removed")
    assert rep.get(f"/files/{got['id']}").status == 200
    publish(desk)
    assert rep.get(f"/files/{got['id']}").status == 404
    assert desk.get(f"/files/{got['id']}").status == 404


def test_discarding_brings_back_what_was(desk, rep, asset):
    first = told(send(desk, pdf("x")))["id"]
    publish(desk)
    desk.post(f"/desk/card/attachments/{first}/removed")
    second = told(send(desk, pdf("y")))["id"]
    desk.post("/desk/card/moves/discard")
    assert rep.get(f"/files/{first}").status == 200
    assert desk.get(f"/files/{second}").status == 404


def test_a_replaced_one_leads_on(desk, rep, asset, db):
    first = told(send(desk, pdf("x")))["id"]
    publish(desk)
    second = told(send(desk, pdf("y"), replaces=first))["id"]
    assert rep.get(f"/files/{first}").status == 200
    publish(desk)
    answer = rep.get(f"/files/{first}")
    assert (answer.status, answer.location) == (303, f"/files/{second}")
    actions = db.session.scalars(select(AssetEvent.action).order_by(AssetEvent.id)).all()
    assert [a for a in actions if "file" in a or "tach" in a] == ["attach", "replace-file"]


def test_nothing_of_an_attachment_runs(desk, asset):
    got = told(send(desk, pdf("x"), "Giá.pdf"))
    headers = desk.get(f"/files/{got['id']}").headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Gi%C3%A1.pdf" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in headers["Cache-Control"]


def test_neither_hash_nor_name_is_in_the_address(desk, asset, db):
    got = told(send(desk, pdf("x")))
    kept = row(db, got["id"])
    assert kept.digest not in str(got)
    assert kept.digest not in desk.get(got["url"]).headers["ETag"]


@pytest.mark.parametrize("odd", ["x", "0" * 32, "../../etc", "A" * 32, "0" * 5000])
def test_made_up_addresses(desk, odd):
    for view in ("", "/show", "/preview"):
        assert desk.get(f"/files/{odd}{view}").status == 404


def test_parts_of_a_video(desk, rep, asset, db):
    body = b"\0\0\0\x18ftypisom" + bytes(range(256)) * 4000
    got = told(send(desk, body, "demo.mp4"))
    publish(desk)
    first = rep.get(got["url"], headers={"Range": "bytes=0-99"})
    assert first.status == 206
    assert first.headers["Content-Range"] == f"bytes 0-99/{len(body)}"
    assert first.response.data == body[:100]
    last = rep.get(got["url"], headers={"Range": "bytes=-100"})
    assert last.response.data == body[-100:]
    assert rep.get(got["url"], headers={"Range": f"bytes={len(body)}-"}).status == 416
    stale = rep.get(got["url"], headers={"Range": "bytes=5-9", "If-Range": '"other"'})
    assert stale.status == 200
    assert downloads(db, got["id"]) == 1  # what goes on is no other download


def test_downloads_are_counted_for_readers_and_shown(desk, rep, asset, db):
    got = told(send(desk, pdf("x")))
    desk.get(f"/files/{got['id']}")
    publish(desk)
    before = downloads(db, got["id"])
    answer = rep.get(f"/files/{got['id']}")
    again = rep.get(f"/files/{got['id']}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert downloads(db, got["id"]) == before + 1
    assert "1 download" in desk.get("/desk/card").words(".//*[@id='files']")


def test_the_preview_follows_the_same_rule(desk, rep, asset):
    got = told(send(desk, png(), "a.png"))
    assert desk.get(f"/files/{got['id']}/preview").headers["Content-Type"] == "image/webp"
    assert rep.get(f"/files/{got['id']}/preview").status == 404
    publish(desk)
    assert rep.get(f"/files/{got['id']}/preview").status == 200


def test_why_a_text_could_not_be_read_is_shown(desk, asset, monkeypatch, db):
    from portal.library.attachments.running import Reading

    with monkeypatch.context() as slowed:
        slowed.setattr(extracting.running, "read", lambda *_: Reading(trouble="slow"))
        got = told(send(desk, pptx("x"), "a.pptx"))
    assert row(db, got["id"]).status == "failed"
    assert "took too long" in desk.get("/desk/card").words()
    assert desk.post(f"/desk/card/attachments/{got['id']}/read").status == 303
    assert row(db, got["id"]).status == "done"


def test_a_file_the_store_has_lost_is_said(desk, asset, db):
    got = told(send(desk, pdf(PHRASE)))
    kept = row(db, got["id"])
    desk.app.extensions["arsenal.files"].delete(kept.digest)
    assert desk.get(f"/files/{got['id']}").status == 404
    desk.post(f"/desk/card/attachments/{got['id']}/read")
    assert row(db, got["id"]).trouble == "missing"

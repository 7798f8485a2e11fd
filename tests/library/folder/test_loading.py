"""What lies beside texts is taken over as far as it can be; the rest is named with its place."""

import os
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.jobs.models import QueuedJob
from portal.library import loading, service
from portal.library.attachments.models import Attachment
from portal.library.attachments.store import LocalStore
from portal.library.claims.models import ClaimRuling
from portal.library.collections.models import Collection
from portal.library.folder.fetching import Place
from portal.library.publishing import queries as publishing
from portal.library.publishing.acting import PORTAL, locked
from portal.library.publishing.service import save
from tests import make
from tests.library.trees import asset, put

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GUIDE = "---\nkind: guide\nstate: published\n---\n# A\n\n## One\n\nText.\n"


@pytest.fixture
def place(tmp_path):
    return Place(LocalStore(tmp_path / "store"), 10_000)


def load(folder, place=None, **options):
    return loading.load_paths([folder], loading.Options(**options), place=place)


def troubles(rejected, folder):
    return {(r.file.removeprefix(f"{folder}/"), r.line, r.reason) for r in rejected}


# ---- attachments


def test_files_that_can_not_be_attached_are_named_and_the_rest_is(db, tmp_path, place):
    folder = put(tmp_path / "in", **{"a.en": GUIDE})
    files = folder / "a.files"
    files.mkdir()
    (files / "good.pdf").write_bytes(PDF)
    (files / "other.pdf").write_bytes(PDF + b"2")
    (files / "big.pdf").write_bytes(PDF + b" " * 10_001)
    (files / "picture.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    (files / "wrong.png").write_bytes(PDF + b"3")
    (files / "empty.pdf").write_bytes(b"")
    (files / "link.pdf").symlink_to(files / "good.pdf")
    (folder / "outside").symlink_to(tmp_path)
    os.mkfifo(files / "pipe.pdf")
    (tmp_path / "secret.pdf").write_bytes(PDF + b"secret")
    (folder / "a.asset.yaml").write_text(
        "attachments:\n"
        "- {file: a.files/good.pdf}\n"
        f"- {{file: a.files/other.pdf, sha256: {'0' * 64}}}\n"
        "- {file: a.files/gone.pdf}\n"
        "- {file: a.files/big.pdf}\n"
        "- {file: a.files/picture.svg}\n"
        "- {file: a.files/wrong.png}\n"
        "- {file: a.files/empty.pdf}\n"
        "- {file: a.files/link.pdf}\n"
        "- {file: outside/secret.pdf}\n"
        "- {file: ../secret.pdf}\n"
        "- {file: /etc/passwd}\n"
        "- {file: a.files/pipe.pdf}\n"
        "- {link: 'http://video.example.com/'}\n"
        "- {link: 'https://video.example.com/v', name: Demo}\n"
        "- 7\n"
    )
    report = load(folder, place)
    assert (report.created, report.rejected) == (2, [])
    assert troubles(report.left_out, folder) == {("a.asset.yaml", line, reason) for line, reason in (
        (3, "'a.files/other.pdf' is not the file that is meant: its SHA-256 is another one"),
        (4, "'a.files/gone.pdf' can not be read (No such file or directory)"),
        (5, "'a.files/big.pdf' is larger than attachments may be"),
        (6, "'a.files/picture.svg' is an SVG, which can carry programs"),
        (7, "'a.files/wrong.png' is not what its name says"),
        (8, "'a.files/empty.pdf' is empty"),
        (9, "'a.files/link.pdf' is reached by a link, which may lead anywhere"),
        (10, "'outside/secret.pdf' is reached by a link, which may lead anywhere"),
        (11, "'../secret.pdf' leads out of the folder"),
        (12, "'/etc/passwd' leads out of the folder"),
        (13, "'a.files/pipe.pdf' is not a regular file"),
        (14, "'http://video.example.com/' is no https address"),
        (16, "expected `key: value` here"),
    )}  # fmt: skip
    rows = db.session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert [(row.name, row.state, row.status) for row in rows] == [
        ("good.pdf", "served", "waiting"), ("Demo", "served", "none"),
    ]  # fmt: skip
    jobs = db.session.scalars(select(QueuedJob).where(QueuedJob.name == "extract")).all()
    assert [job.payload for job in jobs] == [{"attachment": rows[0].id}]
    again = load(folder, place)
    assert again.unchanged == 2
    assert len(db.session.scalars(select(Attachment)).all()) == 2


def test_an_attachment_taken_from_the_list_goes_unless_the_list_has_a_mistake(db, tmp_path, place):
    folder = put(tmp_path / "in", **{"a.en": GUIDE})
    for name in ("one.pdf", "two.pdf"):
        (folder / name).write_bytes(PDF + name.encode())
    told = folder / "a.asset.yaml"
    told.write_text("attachments: [{file: one.pdf}, {file: two.pdf}]\n")
    load(folder, place)

    def held():
        query = select(Attachment.name, Attachment.state).order_by(Attachment.id)
        return [tuple(row) for row in db.session.execute(query)]

    told.write_text("attachments: [{file: one.pdf, name: First.pdf}, {file: three.pdf}]\n")
    load(folder, place)
    assert held() == [("First.pdf", "served"), ("two.pdf", "served")]
    told.write_text("review-months: 3\n")
    load(folder, place)
    assert held() == [("First.pdf", "served"), ("two.pdf", "served")]
    told.write_text("attachments: [{file: one.pdf}]\n")
    load(folder, place)
    assert held() == [("one.pdf", "served"), ("two.pdf", "going")]  # readers have it until then
    assert load(folder, place).unchanged == 2


# ---- texts in the works


def test_a_draft_beside_a_published_text_waits_unseen(db, tmp_path):
    folder = put(tmp_path, **{"a.en": GUIDE, "a.en.draft": "# A\n\n## One\n\nBetter.\n"})
    report = load(folder)
    assert (report.created, report.unchanged) == (2, 0)
    a = asset(db, "a")
    assert (a.change, a.texts[0].body) == ("draft", "# A\n\n## One\n\nText.")
    waiting = publishing.newest(a.id, "en")
    assert (waiting.number, waiting.body) == (2, "# A\n\n## One\n\nBetter.")
    assert waiting.drawn["sections"]
    assert load(folder).unchanged == 2
    assert publishing.newest(a.id, "en").number == 2


def test_what_is_in_the_works_here_stays_above_what_is_loaded(db, tmp_path):
    folder = put(tmp_path, a=GUIDE)
    load(folder)
    author = make.user("minh@example.com", role="manager")
    a = locked("a")
    me = type(PORTAL)(author.id, PORTAL.role)
    mine = service.content_of(title="A", body="Mine.")
    save(me, a, "en", mine, base=1, note="mine")
    put(tmp_path, a=GUIDE.replace("Text.", "From the folder."))
    load(folder)
    a = asset(db, "a")
    assert (a.texts[0].revision, a.change) == (3, "draft")
    assert "From the folder." in a.texts[0].body
    newest = publishing.newest(a.id, "en")
    assert (newest.number, newest.body, newest.author_id, newest.note) == (
        4, "Mine.", author.id, "mine",
    )  # fmt: skip
    assert load(folder).unchanged == 1
    put(
        tmp_path,
        a=GUIDE.replace("# A\n\n## One\n\nText.", "Mine.").replace("kind", "title: A\nkind"),
    )
    load(folder)  # the folder has come to say the same
    a = asset(db, "a")
    assert (a.texts[0].body, a.change) == ("Mine.", None)


def test_a_draft_needs_a_text_beside_it(db, tmp_path):
    folder = put(tmp_path, **{"a.en.draft": "# A", "b.en": "---\nslug: x\n---\n", "b.vi": "# B"})
    (folder / "b.asset.yaml").write_text("review-months: 3\n")
    report = load(folder)
    assert troubles(report.rejected, folder) == {
        ("a.en.draft.md", None, "no text lies beside it that could be loaded"),
        ("b.asset.yaml", None, "the texts beside it belong to several assets"),
    }


# ---- facts


def test_people_times_and_odd_values_are_told_with_their_lines(db, tmp_path):
    make.user("minh@example.com", role="manager")
    folder = put(tmp_path, a=GUIDE)
    (folder / "a.asset.yaml").write_text(
        "backup-owner: gone@example.com\n"
        "review-months: 999\n"
        "publish-at: 2001-01-01T00:00:00Z\n"
        "retire-at: soon\n"
        "change: perhaps\n"
        "pinned-for: [Nowhere]\n"
        "claims: [{verdict: no-claim}]\n"
        "colour: red\n"
        "creator: minh@example.com\n"
    )
    report = load(folder)
    assert {(line, reason.split(":")[0][:32]) for _f, line, reason in troubles(report.left_out, folder)} == {
        (1, "`backup-owner`"), (2, "`review-months` can not be 999"),
        (3, "`publish-at` has passed"), (4, "`retire-at` is 'soon', not a mom"),
        (5, "`change` is 'perhaps', not one o"), (6, "`pinned-for`"),
        (7, "a decision about a claim needs `"), (8, "`colour` is not known"),
    }  # fmt: skip
    assert asset(db, "a").creator_id is not None


def test_a_file_that_is_no_yaml_is_refused_and_the_text_loaded(db, tmp_path):
    folder = put(tmp_path, a=GUIDE)
    (folder / "a.asset.yaml").write_text("reason: 'x\n")
    report = load(folder)
    assert report.created == 1
    assert [r.reason[:5] for r in report.rejected] == ["YAML:"]


def test_times_have_their_jobs(db, tmp_path):
    folder = put(tmp_path, a="---\nkind: guide\n---\n# A")
    soon = clock.now() + timedelta(days=1)
    (folder / "a.asset.yaml").write_text(f"publish-at: '{soon.isoformat()}'\n")
    load(folder)
    assert asset(db, "a").publish_at == soon
    job = db.session.scalar(select(QueuedJob).where(QueuedJob.name == "publish-at"))
    assert job.due_at == soon
    (folder / "a.asset.yaml").write_text("publish-at:\n")
    load(folder)
    assert asset(db, "a").publish_at is None
    assert load(folder).unchanged == 2


def test_a_later_check_stays(db, tmp_path):
    folder = put(tmp_path, a=GUIDE.replace("kind", "checked: 2026-01-05\nkind"))
    load(folder)
    a = asset(db, "a")
    a.checked_on = date(2026, 3, 1)
    db.session.flush()
    assert load(folder).unchanged == 1
    assert asset(db, "a").checked_on == date(2026, 3, 1)
    put(tmp_path, a=GUIDE.replace("kind", "checked: 2026-04-05\nkind"))
    load(folder)
    assert asset(db, "a").checked_on == date(2026, 4, 5)


def test_decisions_are_added_and_never_taken_back(db, tmp_path):
    folder = put(tmp_path, a=GUIDE)
    told = folder / "a.asset.yaml"
    told.write_text(
        "claims:\n- {verdict: no-claim, language: en, sentences: [So.], mark: "
        "a0f0c69d6c03ea5104101cf4, why: w, at: '2026-11-25T07:31:24+00:00'}\n"
    )
    load(folder)
    assert load(folder).unchanged == 2
    told.write_text("claims: []\n")
    assert load(folder).unchanged == 2
    assert len(db.session.scalars(select(ClaimRuling)).all()) == 1


# ---- collections


def test_collections_that_can_not_be_used_are_named(db, tmp_path):
    make.user("minh@example.com")
    folder = put(tmp_path, a=GUIDE)
    lists = folder / "collections"
    lists.mkdir()
    (lists / "a.yaml").write_text("name: 'x\n")
    (lists / "b.yaml").write_text("name: B\nowner: gone@example.com\n")
    (lists / "c.yaml").write_text("name: C\nowner: minh@example.com\nassets: [a, {asset: b}]\n")
    (lists / "d.yaml").write_text("owner: minh@example.com\n")
    (lists / "e.yaml").write_text("name: E\nreach: team\nteam: T\nowner: minh@example.com\n")
    (lists / "f.yaml").write_text("name: F\nassets: [a, a]\n")
    (lists / "g.yaml").write_text("name: G\nreach: moon\n")
    report = load(folder)
    assert report.created == 2
    assert [(r.file.rpartition("/")[2], r.line, r.reason[:30]) for r in report.rejected] == [
        ("a.yaml", 2, "YAML: found unexpected end of "),
        ("b.yaml", 2, "nobody here has the e-mail add"),
        ("d.yaml", 1, "`name` is missing"),
        ("e.yaml", 3, "there is no team 'T' here"),
        ("f.yaml", 2, "'a' is listed twice"),
        ("g.yaml", 2, "`reach` is 'moon', not one of:"),
    ]
    assert [(r.line, r.reason) for r in report.left_out] == [(3, "there is no asset 'b': left out")]
    assert [c.name for c in db.session.scalars(select(Collection))] == ["C"]
    assert load(folder, owner="minh@example.com").created == 1  # what nobody here owns

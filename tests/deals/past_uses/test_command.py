"""`portal usage import`: past uses from a file, each once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.app import create_app
from portal.config import load
from portal.db import db as _db
from portal.deals.past_uses import rules
from portal.usage.models import UsageEvent
from tests import make
from tests.cli.conftest import portal, ready, settings  # noqa: F401  # fixtures

HEADER = "use_id,at,rep,asset_id,action,deal_id,language,version,seconds\n"


@pytest.fixture
def company(ready):  # noqa: F811
    """The command, and an application to look at what it did."""
    app = create_app(load())
    with app.app_context():
        lan = make.user("Lan@example.com")
        make.asset("kestrel")
        deal = make.deal(lan, source="crm", external_id="OPP-7")
        make.deal(lan, source="one", external_id="TWICE")
        make.deal(lan, source="two", external_id="TWICE")
        ours = make.deal(lan)
        from portal.deals.models import StageChange

        for days, stage in ((9, "Discovery"), (3, "Proposal")):
            deal.changes.append(StageChange(at=clock.now() - timedelta(days=days), stage=stage))
        numbers = deal.id, ours.id
        _db.session.commit()
        yield ready, numbers
        _db.session.remove()
        _db.engine.dispose()


def kept():
    rows = _db.session.scalars(select(UsageEvent).order_by(UsageEvent.at)).all()
    found = [(r.action, r.deal_id, r.stage, r.language, r.revision) for r in rows]
    _db.session.rollback()  # SQLite lets nobody write while somebody may
    return found


def days_ago(days):
    return (clock.now() - timedelta(days=days)).isoformat()


def test_uses_are_loaded_once_with_the_stage_of_their_time(company, tmp_path):
    run, (deal, ours) = company
    file = tmp_path / "uses.csv"
    file.write_text(
        "\ufeff" + HEADER
        + f"u1,{days_ago(5)},LAN@EXAMPLE.COM,kestrel,opened,OPP-7,vi,2,60\n"
        + f"u2,{days_ago(2)},lan@example.com,1,copied,OPP-7,en,,\n"
        + f"u3,{days_ago(1)},lan@example.com,kestrel,printed,{ours},,,\n"
        + f"u4,{days_ago(0)},lan@example.com,kestrel,downloaded,,,,\n"
        + f"u4,{days_ago(0)},lan@example.com,kestrel,downloaded,,,,\n"
        + f"u5,{days_ago(1)},nobody@example.com,kestrel,copied,,,,\n"
        + f"u6,{days_ago(1)},lan@example.com,osprey,copied,,,,\n"
        + f"u7,{days_ago(1)},lan@example.com,kestrel,copied,OPP-8,,,\n"
        + f"u8,{days_ago(1)},lan@example.com,kestrel,copied,TWICE,,,\n"
        + 'u9,"\n'
        + "x" * 50_000 + "\n\n",
        "utf-8",
    )  # fmt: skip
    dry = run("usage", "import", file, "--dry-run", "--json")
    assert (dry.status, dry.json["created"], dry.json["unchanged"]) == (1, 4, 1)
    assert kept() == []
    said = run("usage", "import", file, "--json")
    assert said.status == 1
    assert said.json == dry.json | {"rejected": said.json["rejected"]}
    assert [it["row"] for it in said.json["rejected"]] == [11, 12, 7, 8, 9, 10]
    assert "2 deals are called TWICE" in said.json["rejected"][-1]["reason"]
    assert kept() == [
        ("viewed", deal, "Discovery", "vi", 2),
        ("copied", deal, "Proposal", "en", None),
        ("printed", ours, None, None, None),
        ("downloaded", None, None, None, None),
    ]
    again = run("usage", "import", file, "--json")
    assert (again.json["created"], again.json["unchanged"]) == (0, 5)
    assert len(kept()) == 4


def test_chunks_end_anywhere(company, tmp_path, monkeypatch):
    run, _ = company
    monkeypatch.setattr(rules, "CHUNK", 3)
    file = tmp_path / "uses.csv"
    lines = [f"u{n % 8};{days_ago(n)};lan@example.com;kestrel;copied" for n in range(10)]
    file.write_text("use_id;at;rep;asset_id;action\n" + "\n".join(lines), "utf-8")
    for flag, status in (("--dry-run", 0), ("--json", 0)):
        assert run("usage", "import", file, flag).status == status
    assert len(kept()) == 8
    assert "0 created, 10 unchanged" in run("usage", "import", file).out


@pytest.mark.parametrize("text", [b"", b"a,b\n1,2\n", b"use_id,at,rep\n", b"\xff\xfe,\n"])
def test_other_files_are_refused_in_a_line(company, tmp_path, text):
    run, _ = company
    file = tmp_path / "uses.csv"
    file.write_bytes(text)
    said = run("usage", "import", file)
    assert said.status == 1
    assert said.err.startswith("uses.csv: ")
    assert said.err.count("\n") == 1

"""`portal deals import`: real exports, bad files in plain words, killed and begun again."""

import csv
import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook

SHARED = Path(__file__).parents[3] / "shared" / "data" / "crm"
MAVEN = SHARED / "crm-maven-opportunities"
HUBSPOT = SHARED / "crm-hubspot-tables"
given = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")


@given
def test_the_maven_files_in_any_order(ready):
    with (MAVEN / "sales_pipeline.csv").open(encoding="utf-8") as file:
        stages = Counter(row["deal_stage"] for row in csv.DictReader(file))
    first = ready("deals", "import", MAVEN / "sales_teams.csv", "--json")
    assert first.status == 0
    assert first.json["rows"] == 0
    said = ready("deals", "import", MAVEN / "sales_pipeline.csv", "--json").json
    assert said["rejected"] == []
    assert said["rows"] == said["created"] == stages.total()
    assert (said["won"], said["lost"]) == (stages["Won"], stages["Lost"])
    assert said["open"] == stages.total() - stages["Won"] - stages["Lost"]
    everything = [*MAVEN.glob("*.csv")]
    again = ready("deals", "import", *everything, "--json").json
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, stages.total())
    assert again["tables"]["accounts: accounts.csv"]["rows"] == 85


@given
def test_the_hubspot_tables(ready):
    tables = [HUBSPOT / name for name in ("deal_data.csv", "owner_data.csv")]
    tables += [HUBSPOT / "deal_pipeline_stage_data.csv", HUBSPOT / "deal_pipeline_data.csv"]
    said = ready("deals", "import", *tables, "--json").json
    assert said["source"] == "hubspot"
    assert said["rows"] == said["created"] == 44
    assert said["rejected"] == []
    alone = ready("deals", "import", HUBSPOT / "deal_data.csv", "--json").json
    assert alone["unchanged"] == 44


def write(folder, text, name="deals.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


GOOD = "ID,Deal name,Stage,Amount\nA1,Delta,Demo,10\n"
BAD = {
    "empty": (b"", "is empty"),
    "blanks": (b"\xef\xbb\xbf\r\n\r\n", "is empty"),
    "junk": (bytes(random.Random(5).randbytes(5000)), "is no table"),
    "nuls": (b"\x00" * 4000 + b"x", "is no table"),
    "pdf": (b"%PDF-1.7\n...", "is a PDF"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old Excel"),
    "zip": (b"PK\x03\x04" + b"x" * 600, "can not be opened"),
    "no header": ("A1,2026-01-01,10\nB2,2026-01-02,20\n", "has no header row"),
    "pivot": ("Row Labels,Sum of Amount\nDemo,5\nGrand Total,5\n", "pivot report"),
    "сводная": ("Названия строк;Сумма по полю Сумма\nДемо;5\nОбщий итог;5\n", "pivot report"),
    "no id": ("Deal name,Stage\nDelta,Demo\n", "no column that tells deals apart"),
    "columns": ("ID,Stage\nA1," + "," * 600 + "\n", "more than 500 columns"),
    "quotes": ('ID,Stage\nA1,"' + "x\n" * 80_000, "quotation mark"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_plain_words(ready, tmp_path, name):
    content, words = BAD[name]
    said = ready("deals", "import", write(tmp_path, content))
    assert said.status == 1
    assert words in said.err
    assert said.out == ""


def test_a_line_of_100_mb_is_not_read(ready, tmp_path):
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(GOOD.encode())
        for _ in range(100):
            file.write(b"x" * 1_000_000)
    said = ready("deals", "import", path)
    assert said.status == 1
    assert "Line 3 of line.csv is longer than" in said.err


def test_what_was_refused_is_said_by_row(ready, tmp_path):
    path = write(tmp_path, GOOD + "B2,Ember,Demo,-3\n")
    said = ready("deals", "import", path)
    assert said.status == 1
    assert "row 3: the amount is negative (-3)" in said.err
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected" in said.out
    assert ready("deals", "import", path, "--json").json["rejected"] == [
        {"row": 3, "reason": "the amount is negative (-3)"}
    ]


def test_a_dry_run_changes_nothing(ready, tmp_path):
    path = write(tmp_path, GOOD)
    for _ in range(2):
        said = ready("deals", "import", path, "--dry-run", "--json")
        assert (said.status, said.json["created"]) == (0, 1)
    assert ready("deals", "import", path, "--json").json["created"] == 1


def test_columns_and_aliases_by_hand(ready, tmp_path):
    path = write(tmp_path, "Key;What;Where\nA1;Delta;In the kitchen\n")
    assert ready("deals", "import", path).status == 1
    said = ready(
        "deals", "import", path, "--map", "id=Key", "--map", "stage=Where", "--map", "name=What",
        "--alias", "stage:In the kitchen=won", "--json",
    )  # fmt: skip
    assert (said.status, said.json["won"]) == (0, 1)
    wrong = ready("deals", "import", path, "--map", "price=Key")
    assert (wrong.status, "There is no field" in wrong.err) == (1, True)
    wrong = ready("deals", "import", path, "--map", "id=Nothing")
    assert "There is no column “Nothing”. The columns are: Key, What, Where." in wrong.err
    assert ready("deals", "import", path, "--map", "price").status == 2
    assert ready("deals", "import", path, "--alias", "dish:x=y").status == 1


def test_a_workbook_with_formulas(ready, tmp_path):
    book = Workbook()
    book.active.append(["Report of deals"])
    book.active.append(["ID", "Deal name", "Stage", "Amount", "Created"])
    book.active.append([1007, "=1+1", "Won", 12.5, "2026-11-02"])
    book.active.append([1008.0, "Ember", "Lost", None, None])
    book.active.append(["Total", None, None, 12.5])
    book.save(tmp_path / "deals.xlsx")
    said = ready("deals", "import", tmp_path / "deals.xlsx", "--json")
    assert (said.json["won"], said.json["lost"], said.json["rows"]) == (1, 1, 3)
    assert said.json["rejected"] == [{"row": 5, "reason": "a row of totals"}]
    assert said.status == 0


def tables(folder):
    """All that imports write, but the moments and names of runs."""
    import sqlite3

    with sqlite3.connect(folder / "portal.sqlite") as database:
        names = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        kept = {}
        for name in names:
            if not name.startswith(("deal", "customers", "pipeline", "loss", "jobs")):
                continue
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            told = [c for c in columns if c not in {"at", "updated_at", "created_at", "token",
                                                    "finished_at", "due_at"}]  # fmt: skip
            kept[name] = sorted(
                map(repr, database.execute(f"SELECT {', '.join(told)} FROM {name}"))
            )
    return kept


def big(path, rows):
    """A table with repetitions, bad rows, customers and words that match nothing."""
    chance = random.Random(3)
    with path.open("w", encoding="utf-8") as file:
        file.write("ID,Deal name,Company,Owner,Stage,Amount,Created,Close date,Product\n")
        for n in range(rows):
            number = n if n % 50 else n // 2
            amount = "-1" if n % 97 == 0 else chance.randrange(1, 10**6)
            stage = chance.choice(("Demo", "Proposal", "Won", "Lost", "Odd"))
            file.write(
                f"N{number},Deal {n},Company {n % 300},Rep {n % 40},{stage},{amount},"
                f"2026-{1 + n % 9:02}-05,2026-{1 + n % 9:02}-{6 + n % 20:02},Product {n % 7}\n"
            )
    return path


@pytest.mark.slow
def test_killed_five_times_it_ends_as_undisturbed(tmp_path):
    path = big(tmp_path / "deals.csv", 3000)
    kept = []
    for name, kills in (("calm", 0), ("killed", 5)):
        folder = tmp_path / name
        values = {
            "PORTAL_DATA_DIR": str(folder),
            "PORTAL_SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
            "PORTAL_BASE_URL": "http://127.0.0.1:8000",
        }
        environment = os.environ | values
        command = [sys.executable, "-c", "from portal.cli import main; main()"]
        subprocess.run(
            [*command, "db", "upgrade"], env=environment, check=True, capture_output=True
        )
        importing = [*command, "deals", "import", str(path), "--json"]
        chance = random.Random(11)
        for _ in range(kills):
            process = subprocess.Popen(
                importing, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.9 + chance.random() * 0.9)
            process.kill()
            process.wait()
        ended = subprocess.run(importing, env=environment, check=False, capture_output=True)
        assert ended.returncode == 1, ended.stderr  # the negative amounts
        kept.append(tables(folder))
    assert kept[0]["deals"]
    for name, rows in kept[0].items():
        assert rows == kept[1][name], name

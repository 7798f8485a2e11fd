"""`portal deals import`: real exports, bad files in plain words, killed and begun again."""

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, event

from tests.bench import deals_import

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
    assert (said.json["won"], said.json["lost"], said.json["rows"]) == (0, 1, 3)
    formula, totals = said.json["rejected"]
    assert formula["row"] == 3
    assert "column B holds a formula without its value" in formula["reason"]
    assert totals == {"row": 5, "reason": "a row of totals"}
    assert said.status == 1


def test_an_unknown_currency_makes_no_wrong_figure(ready, tmp_path):
    path = write(
        tmp_path, "ID,Deal name,Amount,Deal Currency\nA1,Delta,10,shells\nB2,Ember,5,USD\n"
    )
    said = ready("deals", "import", path, "--json")
    assert (said.status, said.json["created"], said.json["rejected"]) == (0, 2, [])
    assert said.json["doubts"] == [
        {
            "row": 2,
            "reason": "“shells” is no currency we know: the deal is taken without its amount",
        }
    ]
    assert "row 2: “shells” is no currency we know" in ready("deals", "import", path).err
    for wrong in ("QQQ", "euro", "E"):
        refused = ready("deals", "import", path, "--currency", wrong)
        assert refused.status == 1
        assert f"“{wrong}” is no currency" in refused.err


def test_an_alias_of_nothing_is_refused(ready, tmp_path):
    path = write(tmp_path, GOOD)
    for kind, near in (("stage", "won"), ("product", ""), ("person", "")):
        said = ready("deals", "import", path, "--alias", f"{kind}:In the kitchen=wonn")
        assert said.status == 1
        assert f"{kind} “wonn”. {near}" in said.err


PRODUCTS = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\nGTX Pro,GTX,1\n"


def test_products_of_a_table_are_added_when_asked_for(ready, tmp_path):
    table = write(tmp_path, PRODUCTS, "products.csv")
    deals = write(tmp_path, "ID,Deal name,Product\nA1,Delta,GTXPro\nB2,Ember,MG Special\n")
    assert "2 products not known: GTX Pro, MG Special" in ready("deals", "import", table).err
    tried = ready("deals", "import", table, deals, "--add-products", "--dry-run")
    assert "2 products would be added: GTX Pro, MG Special" in tried.out
    said = ready("deals", "import", table, deals, "--add-products")
    assert "2 products added: GTX Pro, MG Special" in said.out
    told = ready("deals", "import", table, deals, "--json").json
    assert (told["unchanged"], told["unmatched"]) == (2, {})
    assert "products" not in ready("deals", "import", table, "--add-products").err


def test_tables_that_count_only_with_their_deals_say_so(ready, tmp_path):
    owners = "owner_id,email,first_name,last_name\n7,a@example.com,Ann,Lee\n"
    said = ready("deals", "import", write(tmp_path, owners, "owners.csv"))
    assert "Owners and stages count when the deals are imported again." in said.err


def test_a_dry_run_keeps_nobody_waiting(ready, tmp_path):
    """Nothing is written, and SQLite's one writer is not asked for."""
    ready("deals", "import", write(tmp_path, GOOD))
    said = []

    def listen(*told):
        said.append(told[2])

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        rows = GOOD.replace("Delta", "Else") + "B2,Ember,Won,5\nC3,Fox,Sold,-1\n"
        sides = write(tmp_path, "account,sector,employees\nFox,retail,7\n", "accounts.csv")
        told = ready("deals", "import", write(tmp_path, rows), sides, "--dry-run", "--json").json
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    writes = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    assert [it for it in said if it.startswith(writes)] == []
    counts = [told[it] for it in ("rows", "created", "updated", "unchanged", "won")]
    assert counts == [3, 1, 1, 0, 1]
    assert told["tables"]["accounts: accounts.csv"]["created"] == 1
    assert [it["row"] for it in told["rejected"]] == [4]


@pytest.mark.slow
def test_killed_five_times_it_ends_as_undisturbed(tmp_path):
    path = deals_import.table(tmp_path / "deals.csv", 3000)
    calm = deals_import.ready(tmp_path / "calm")
    assert deals_import.start(calm, path).wait() == 1  # the negative amounts
    killed = deals_import.ready(tmp_path / "killed")
    assert deals_import.killed(killed, path, 3000) == 1
    undisturbed, disturbed = deals_import.contents(calm), deals_import.contents(killed)
    assert undisturbed["deals"]
    for name, rows in undisturbed.items():
        assert rows == disturbed[name], name

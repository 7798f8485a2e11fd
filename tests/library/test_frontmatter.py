"""Front matter in four styles, bounded, with the line of what is wrong; bytes to text."""

import time
from pathlib import Path

import pytest
import yaml

from portal.errors import Invalid
from portal.library import frontmatter, yamltext
from portal.library.frontmatter import decode, read, write

SHARED = Path(__file__).parents[3] / "shared" / "data"
given = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")


# ---- bytes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_or_without_its_mark(encoding):
    assert decode("Giá: 39 triệu\r\nЦена\rend".encode(encoding)) == "Giá: 39 triệu\nЦена\nend"


@pytest.mark.parametrize("encoding", ["cp1251", "latin-1"])
def test_other_encodings_are_refused_with_the_line(encoding):
    text = "title\n\u0446\u0435\u043d\u0430" if encoding == "cp1251" else "title\ncafé ü"
    with pytest.raises(Invalid, match="save it as UTF-8") as caught:
        decode(text.encode(encoding))
    assert caught.value.line == 2


def test_nul_and_utf16_without_mark_are_refused():
    with pytest.raises(Invalid, match="NUL") as caught:
        decode(b"a\nb\0c")
    assert caught.value.line == 2
    with pytest.raises(Invalid, match="NUL"):
        decode("plain".encode("utf-16-le"))


def test_ten_megabytes_are_refused():
    with pytest.raises(Invalid, match="larger than 5 MB"):
        decode(b"x" * 10_000_000)


# ---- styles


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\nn: [1, two]\n---\nBody",
        "---yaml\ntitle: A\nn: [1, two]\n...\nBody",
        "--- \r\ntitle: A\r\nn: [1, two]\r\n---\r\nBody".replace("\r", ""),
        '+++\ntitle = "A"\nn = [1, "two"]\n+++\n\nBody\n',
        '{"title": "A", "n": [1, "two"]}\nBody',
        '{\n  "title": "A",\n  "n": [1, "two"]\n}\n\nBody',
        '---json\n{"title": "A", "n": [1, "two"]}\n---\nBody',
        '---\n{"title": "A", "n": [1, "two"]}\n---\nBody',
        '\n\n---\ntitle: "A"\nn:\n- 1\n- two\n---\n\n\nBody\n\n',
    ],
)
def test_yaml_toml_and_json_say_the_same(text):
    front = read(text)
    assert front.values == {"title": "A", "n": [1, "two"]}
    assert front.body == "Body"


@pytest.mark.parametrize(
    "text",
    [
        *("# Title\n\ntext", "---\n\nA rule, then text.", "{% note %}\nx", "{not json", ""),
        "---\n\nText between rules: it is long.\n\n---\n\nMore.",
        "---\n# Heading\n---\nMore.",
        "---\n- a\n- b\n---",
        "---\n*bold* `code`: @x %y\n\n---\n\nkey: no",
        "---\n| a | b |\n---",
    ],
)
def test_without_front_matter_all_is_body(text):
    assert read(text).values == {}
    assert read(text).body == text.strip()


def test_keys_that_are_equal_to_python_are_all_kept():
    front = read("---\n1: a\ntrue: b\n0: c\nfalse: d\n1.0: e\nnull: f\nx: {1: g, true: h}\n---\n")
    told = {"1": "a", "true": "b", "0": "c", "false": "d", "1.0": "e", "null": "f"}
    assert front.values == {**told, "x": {"1": "g", "true": "h"}}
    assert read(write(front.values, "")).values == front.values
    assert front.lines["true"] == 3


def test_what_is_merged_is_not_given_twice():
    front = read("---\na: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\nc: {<<: *a}\n---\n")
    assert front.values["b"] == {"x": 3, "y": 2}
    assert front.values["c"] == front.values["a"] == {"x": 1, "y": 2}


def test_an_indented_first_line_stays_code():
    assert read("---\na: 1\n---\n\n    code\n").body == "    code"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("---\ntitle: A\nbad: [1\n---\nx", 4, "expected"),
        ("---\ntitle: 'A\n---\nx", 3, "end of stream|document|quoted"),
        ("---\na: 1\nb: 2\na: 3\n---\n", 4, "twice"),
        ("---\ntitle: A\n\nno end", 1, "never closed"),
        ("+++\na = 1\nb = \n+++\n", 3, "TOML"),
        ('{"a": 1,\n "b": }\n', 2, "JSON"),
        ("---json\n{\n---\n", 2, "JSON"),
        ("---coffee\na = 1\n---\n", 1, "coffee"),
        ("---\n- title: A\n- b\n---\n", 2, "key: value"),
        ("---\nprose\n\ntitle: A\n---\n", 4, "YAML"),
        ("---\n{title: A\n---\n", 3, "YAML"),
        ("---\na:\n  x: 1\n  y: 2\n  x: 3\n---\n", 5, "`x` is given twice"),
        ("---\na: [{b: 1, c: 2,\n b: 3}]\n---\n", 3, "`b` is given twice"),
        ("---\n1: a\n'1': b\n---\n", 3, "`1` is given twice"),
        ('{"a": 1,\n "a": 2}\n', 1, "`a` is given twice"),
        ("---\na: !!python/object:os.system x\n---\n", 2, "tag"),
        ("---\na: 1\nb: !thing x\n---\n", 3, "tag"),
        ("---\nok: 1\na: !!binary aGk=\n---\n", 3, "bytes"),
        ('---\nok: 1\na: "\\0"\n---\n', 3, "character"),
        ('{"a": "\\ud800"}\n', 1, "character"),
        ("---\na: &a [*a]\n---\n", 2, "itself"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, line, reason):
    with pytest.raises(Invalid, match=reason) as caught:
        read(text)
    assert caught.value.line == line


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (BOMB, "too many values"),
        ("a: " + "[" * 60_000, "nested too deeply"),
        ("a:\n " + "- " * 30_000, "nested too deeply"),
        ("a:\n " + "? " * 30_000, "nested too deeply"),
        ("a: " + "{b: " * 20_000, "nested too deeply"),
        ("a: " + "[" * 40 + "]" * 40, "too deeply nested values"),
        ("a: [" + "1," * 30_000 + "]", "too many values"),
        ("a: " + "x" * 300_000, "longer than 200000"),
    ],
)
def test_yaml_bombs_are_refused(source, reason):
    began = time.process_time()
    with pytest.raises(Invalid, match=reason):
        read(f"---\n{source}\n---\n")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "source", ['{"a": ' + "[" * 100_000, "+++\na = " + "[" * 100_000 + "\n+++\n"]
)
def test_deep_json_and_toml_are_refused(source):
    with pytest.raises(Invalid):
        read(source)


def test_aliases_that_stay_small_are_followed():
    front = read("---\nbase: &b {x: 1}\none: *b\ntwo:\n  <<: *b\n  y: 2\n---\n")
    assert front.values["one"] == {"x": 1}
    assert front.values["two"] == {"x": 1, "y": 2}


@pytest.mark.parametrize("loader", ["_Fast", "_Slow"])
def test_a_tab_after_a_value_is_forgiven(loader, monkeypatch):
    monkeypatch.setattr(yamltext, "_Fast", getattr(yamltext, loader))
    assert read("---\na:\n- b\t\t\nc: d\t\n---\n").values == {"a": ["b"], "c": "d"}


# ---- values


VALUES = """\
day: 2026-11-03
moment: 2015-12-08 10:00:00 -05:00
nested: {when: 2020-01-02, list: [2020-01-03]}
never: 2020-13-45
yes: no
on: off
clock: 12:30
version: 1.10
octal: 007
number: 42
share: 0.5
big: 1e3
truth: true
nothing:
1: one
text: "2020-01-01"
many: "line one\\nline two\\n"
"""


def test_unknown_values_can_be_kept_and_written_again_without_loss():
    values = read(f"---\n{VALUES}---\n").values
    assert values["day"] == "2026-11-03"
    assert values["nested"] == {"when": "2020-01-02", "list": ["2020-01-03"]}
    assert values["moment"].startswith("2015-12-08T")
    kept = {key: values[key] for key in ("never", "yes", "on", "clock", "version", "octal", "big")}
    assert kept == {
        "never": "2020-13-45",
        "yes": "no",
        "on": "off",
        "clock": "12:30",
        "version": "1.10",
        "octal": "007",
        "big": "1e3",
    }
    assert (values["number"], values["share"], values["truth"], values["nothing"]) == (
        42,
        0.5,
        True,
        None,
    )
    again = read(write(values, "Body"))
    assert again.values == values
    assert again.body == "Body"


def test_what_is_written_is_yaml_for_others_too():
    written = write({"title": "A: b", "day": "2026-11-03", "yes": "no", "1": "x"}, "B")
    loaded = yaml.safe_load(written.split("---\n")[1])
    assert loaded["title"] == "A: b"
    assert loaded["day"].isoformat() == "2026-11-03"
    assert loaded["yes"] == "no"


def test_toml_dates_and_odd_floats_are_kept():
    front = read("+++\nd = 2026-11-03\nt = 07:30:00\nx = inf\nn = nan\n+++\n")
    assert front.values == {"d": "2026-11-03", "t": "07:30:00", "x": "inf", "n": "nan"}
    assert read(write(front.values, "")).values == front.values


# ---- what others wrote


@given
def test_fixtures_of_other_readers_are_read_or_refused_with_a_reason():
    good = 0
    for file in sorted((SHARED / "hostile" / "frontmatter-fixtures").rglob("*")):
        if file.is_file():
            try:
                read(decode(file.read_bytes()))
                good += 1
            except Invalid as error:
                assert error.reason
    assert good >= 12


@given
def test_the_yaml_suite_is_read_or_refused_and_what_is_read_is_written_again():
    good = 0
    for file in sorted((SHARED / "hostile" / "yaml-test-suite").glob("*.yaml")):
        for case in yaml.safe_load(file.read_text("utf-8")):
            source = str(case.get("yaml", "")).replace("␣", " ").replace("»", "\t").replace("∎", "")
            try:
                front = read(f"---\n{source}\n---\nBody\n")
            except Invalid as error:
                assert error.reason
                continue
            assert read(write(front.values, front.body)).values == front.values, file.name
            good += 1
    assert good > 80


@given
def test_every_real_document_is_read_and_written_again_without_loss():
    tried = 0
    for file in sorted((SHARED / "content").rglob("*")):
        if file.suffix in {".md", ".mdx", ".markdown"}:
            front = read(decode(file.read_bytes()))
            again = read(write(front.values, front.body))
            assert (again.values, again.body) == (front.values, front.body), file
            tried += 1
    assert tried > 1400


def test_lines_are_counted_from_the_top_of_the_file():
    assert read("\n---\na: 1\nb: 2\n---\n").lines == {"a": 3, "b": 4}
    assert read("+++\na = 1\n\n[b]\nc = 1\n+++\n").lines["a"] == 2
    assert read('{\n"a": 1,\n"b": 2}\n').lines == {"a": 2, "b": 3}
    assert frontmatter.MAX_FRONT == 200_000

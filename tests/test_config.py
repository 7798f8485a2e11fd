"""Settings: what is refused, with which words, and what a demo brings itself."""

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from portal.config import (
    DEMO_MARK,
    DEMO_PHRASE,
    SECRET_FILE,
    Config,
    ConfigError,
    Language,
    load,
    make_demo,
)

GOOD = {
    "PORTAL_SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
    "PORTAL_BASE_URL": "https://arsenal.example.com/",
}


def start(environ, *, production):
    settings = load(environ)
    return settings.check_production() if production else settings


def refusal(environ, *, production=False):
    with pytest.raises(ConfigError) as caught:
        start(environ, production=production)
    return str(caught.value).splitlines()


def test_good_settings_start(tmp_path):
    settings = load({**GOOD, "PORTAL_DATA_DIR": str(tmp_path)}).check_production()
    assert settings.base_url == "https://arsenal.example.com"
    assert settings.secure
    assert settings.language is Language.EN
    assert settings.index_dir == tmp_path / "index"
    assert settings.database_url == f"sqlite:///{tmp_path / 'portal.sqlite'}"


def test_nothing_said_is_refused_line_by_line():
    assert refusal({}, production=True) == [
        "PORTAL_SECRET_KEY is not set: 32 random characters or more, or PORTAL_SECRET_KEY_FILE",
        "PORTAL_BASE_URL is not set: how people reach the portal, e.g. https://arsenal.example.com",
    ]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("SECRET_KEY", "quick brown fox", "PORTAL_SECRET_KEY is too easy to guess"),
        ("SECRET_KEY", "a" * 40, "PORTAL_SECRET_KEY is too easy to guess"),
        ("BASE_URL", "http://arsenal.example.com", "PORTAL_BASE_URL must start with https://"),
    ],
)
def test_weak_settings_are_refused_in_production(name, given, words):
    lines = refusal({**GOOD, f"PORTAL_{name}": given}, production=True)
    assert len(lines) == 1
    assert lines[0].startswith(words)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_plain_http_is_fine_on_this_machine(host):
    settings = load({**GOOD, "PORTAL_BASE_URL": f"http://{host}:8000"}).check_production()
    assert not settings.secure


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("BASE_URL", "arsenal.example.com", "must look like https://"),
        ("BASE_URL", "ftp://arsenal.example.com", "must look like https://"),
        ("BASE_URL", "https://", "must look like https://"),
        ("BASE_URL", "https://a:99999999", "must have a port from 1 to 65535"),
        ("BASE_URL", "https://a:0", "must have a port from 1 to 65535"),
        ("BASE_URL", "https://a:port", "must have a port from 1 to 65535"),
        ("TIMEZONE", "Mars/Olympus", "is not a time zone"),
        ("TIMEZONE", "../../etc/passwd", "is not a time zone"),
        ("LANGUAGE", "fr", "'en', 'vi' or 'ru'"),
        ("PORT", "0", "greater than or equal to 1"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", "eighty", "valid integer"),
        ("WORKERS", "-1", "greater than or equal to 1"),
        ("TRUSTED_PROXIES", "6", "less than or equal to 5"),
        ("MAX_BODY_MB", "0", "greater than or equal to 1"),
        ("SESSION_IDLE_HOURS", "0", "greater than or equal to 1"),
        ("SESSION_DAYS", "9999", "less than or equal to 365"),
        ("SQLITE_SYNCHRONOUS", "OFF", "'NORMAL' or 'FULL'"),
        ("LOG_LEVEL", "LOUD", "pattern"),
        ("DATABASE_URL", "mysql://db/x", "must start with sqlite:/// or postgresql://"),
    ],
)
def test_an_unusable_setting_is_named(name, given, words):
    lines = refusal({**GOOD, f"PORTAL_{name}": given})
    assert len(lines) == 1
    assert words in lines[0]
    if name != "DATABASE_URL":
        assert lines[0].startswith(f"PORTAL_{name}: ")


def test_every_wrong_setting_is_told_at_once():
    lines = refusal({**GOOD, "PORTAL_PORT": "x", "PORTAL_TIMEZONE": "x", "PORTAL_WORKERS": "x"})
    assert sorted(line.split(":")[0] for line in lines) == [
        "PORTAL_PORT",
        "PORTAL_TIMEZONE",
        "PORTAL_WORKERS",
    ]


@pytest.mark.parametrize("name", ["PORTAL_SECRET", "PORTAL_DEMO", "PORTAL_PORT_FILE", "PORTAL_"])
def test_an_unknown_setting_is_refused(name):
    assert refusal({**GOOD, name: "1"}) == [f"{name} is not a setting: see the table in README"]


def test_other_programs_settings_are_not_ours():
    assert load({**GOOD, "PATH": "/bin", "PORT": "1", "XPORTAL_PORT": "2"}).port == 8000


def test_an_empty_setting_is_not_said():
    assert load({**GOOD, "PORTAL_PORT": ""}).port == 8000


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_secrets_may_come_from_files(tmp_path, name):
    value = {"SECRET_KEY": "k" * 20 + "0123456789abcdef", "DATABASE_URL": "sqlite:////x.sqlite"}[
        name
    ]
    (tmp_path / "secret").write_text(f"{value}\n", "utf-8")
    environ = {key: text for key, text in GOOD.items() if key != f"PORTAL_{name}"}
    settings = load({**environ, f"PORTAL_{name}_FILE": str(tmp_path / "secret")})
    assert getattr(settings, name.lower()) == value


def test_a_secret_given_twice_is_refused(tmp_path):
    (tmp_path / "secret").write_text("x", "utf-8")
    lines = refusal({**GOOD, "PORTAL_SECRET_KEY_FILE": str(tmp_path / "secret")})
    assert lines == ["PORTAL_SECRET_KEY and PORTAL_SECRET_KEY_FILE are both set: keep one"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secret_file_that_can_not_be_read_is_refused(tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    lines = refusal({"PORTAL_SECRET_KEY_FILE": str(path)})
    assert len(lines) == 1
    assert lines[0].startswith(f"PORTAL_SECRET_KEY_FILE: {path} can not be read (")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_uses_its_driver(scheme):
    settings = Config(database_url=f"{scheme}://arsenal:pw@db.example.com:5432/arsenal")
    assert settings.database_url == "postgresql+psycopg://arsenal:pw@db.example.com:5432/arsenal"


def test_a_refusal_never_repeats_a_secret():
    secret = "hunter2hunter2"
    lines = refusal({**GOOD, "PORTAL_DATABASE_URL": f"mysql://me:{secret}@db/x"})
    lines += refusal({**GOOD, "PORTAL_SECRET_KEY": secret}, production=True)
    assert secret not in "\n".join(lines)


def test_a_demo_brings_its_own_secret_and_address(tmp_path):
    folder = tmp_path / "demo"
    make_demo(folder)
    settings = load({"PORTAL_DATA_DIR": str(folder), "PORTAL_PORT": "8123"}).check_production()
    assert settings.demo
    assert settings.base_url == "http://127.0.0.1:8123"
    assert len(settings.secret_key) >= 32


def test_a_demos_files_are_its_owners_alone(tmp_path):
    folder = tmp_path / "demo"
    make_demo(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {DEMO_MARK, SECRET_FILE}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_demo_keeps_its_secret(tmp_path):
    make_demo(tmp_path / "one")
    first = (tmp_path / "one" / SECRET_FILE).read_text("ascii")
    make_demo(tmp_path / "one")
    make_demo(tmp_path / "two")
    assert (tmp_path / "one" / SECRET_FILE).read_text("ascii") == first
    assert (tmp_path / "two" / SECRET_FILE).read_text("ascii") != first


def test_a_demo_leaves_other_folders_alone(tmp_path):
    (tmp_path / "portal.sqlite").write_bytes(b"the company's")
    with pytest.raises(ConfigError, match="is not a demo's data directory"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["portal.sqlite"]


@pytest.mark.parametrize("name", ["demo", DEMO_MARK, f"{DEMO_MARK}.new"])
@pytest.mark.parametrize(
    "content",
    [b"notes about a demo\n", b"\xff\x00" * 500, DEMO_PHRASE, DEMO_PHRASE + b"p" * 12 + b"\nmore"],
    ids=["text", "binary", "no password", "more"],
)
def test_a_mark_must_be_a_demos_own(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    (tmp_path / "thesis").write_bytes(b"years of work")
    tmp_path.chmod(0o755)
    with pytest.raises(ConfigError, match="is not a demo's data directory"):
        make_demo(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {name, "thesis"}
    assert (tmp_path / name).read_bytes() == content
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert not load({**GOOD, "PORTAL_DATA_DIR": str(tmp_path)}).demo


def test_somebodys_file_of_the_name_we_write_first_stays(tmp_path):
    (tmp_path / f"{DEMO_MARK}.new").write_bytes(b"mine")
    with pytest.raises(ConfigError, match="is not a demo's data directory"):
        make_demo(tmp_path)
    assert (tmp_path / f"{DEMO_MARK}.new").read_bytes() == b"mine"


@pytest.mark.parametrize("call", range(12))
def test_an_interrupted_demo_is_completed(tmp_path, monkeypatch, call):
    """Killed at any change it makes to the disk, the next run completes it."""
    calls = []

    def killed(real):
        def act(*arguments, **named):
            calls.append(real)
            if len(calls) > call:
                raise KeyboardInterrupt
            return real(*arguments, **named)

        return act

    with monkeypatch.context() as patch:
        for owner, name in ((os, "open"), (os, "fdopen"), (Path, "replace"), (Path, "chmod")):
            patch.setattr(owner, name, killed(getattr(owner, name)))
        with suppress(KeyboardInterrupt):
            make_demo(tmp_path / "demo")
    password = make_demo(tmp_path / "demo")
    assert make_demo(tmp_path / "demo") == password
    assert load({"PORTAL_DATA_DIR": str(tmp_path / "demo")}).check_production().demo


def test_a_mark_written_in_part_is_no_obstacle(tmp_path):
    (tmp_path / f"{DEMO_MARK}.new").write_bytes(DEMO_PHRASE[:9])
    assert len(make_demo(tmp_path)) >= 8


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_demo_without_its_secret_says_what_to_do(tmp_path, content):
    make_demo(tmp_path)
    (tmp_path / SECRET_FILE).unlink()
    if content:
        (tmp_path / SECRET_FILE).write_bytes(content)
    (line,) = refusal({"PORTAL_DATA_DIR": str(tmp_path)})
    assert "run `portal demo` on this folder" in line


def test_demo_is_never_said_by_the_environment(tmp_path):
    assert not load({**GOOD, "PORTAL_DATA_DIR": str(tmp_path)}).demo
    assert refusal({**GOOD, "PORTAL_DEMO": "1"})


def test_the_index_goes_into_postgresql_only_where_there_is_one(tmp_path):
    given = {**GOOD, "PORTAL_DATA_DIR": str(tmp_path)}
    assert load(given).search == "embedded"
    postgresql = {"PORTAL_DATABASE_URL": "postgresql://u@h/d", "PORTAL_SEARCH": "postgresql"}
    assert load(given | postgresql).search == "postgresql"
    (line,) = refusal(given | {"PORTAL_SEARCH": "postgresql"})
    assert "PORTAL_SEARCH=postgresql needs a PostgreSQL database" in line
    (line,) = refusal(given | {"PORTAL_SEARCH": "lucene"})
    assert line.startswith("PORTAL_SEARCH: ")
    assert "'embedded' or 'postgresql'" in line

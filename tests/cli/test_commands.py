"""Every command: help, exit status 0 / 1 / 2, reasons on standard error, JSON for programs."""

import click
import pytest

from portal.cli import main


def every(group=main, path=()):
    """The words of every command."""
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every(command, (*path, name))


def test_short_help(portal):
    assert portal("-h").out == portal("--help").out


@pytest.mark.parametrize("words", [(), *every()], ids=" ".join)
def test_help(portal, words):
    said = portal(*words, "--help")
    assert said.status == 0
    assert said.out.startswith("Usage: ")
    assert len(said.out.splitlines()) > 3
    assert said.err == ""


@pytest.mark.parametrize("words", [(), *every()], ids=" ".join)
def test_wrong_usage_is_status_2(portal, words):
    said = portal(*words, "--no-such-option")
    assert said.status == 2
    assert "no-such-option" in said.err.lower()
    assert said.out == ""


@pytest.mark.parametrize("path", ["", " "])
@pytest.mark.parametrize(
    "words", [("content", "load"), ("content", "export"), ("demo", "--data-dir")], ids=" ".join
)
def test_an_empty_path_is_not_the_current_folder(ready, words, path):
    said = ready(*words, path)
    assert (said.status, said.out) == (2, "")
    assert "empty" in said.err


def options():
    """Every option of every command, with the command's words."""
    for words in every():
        command = main
        for word in words:
            command = command.commands[word]
        for option in command.params:
            if isinstance(option, click.Option) and option.name != "help":
                yield " ".join(words), option


def test_every_command_says_what_it_does():
    for words in every():
        command = main
        for word in words:
            command = command.commands[word]
        assert (command.help or "").strip().endswith((".", ")")), words


def test_json_options_look_the_same_everywhere():
    texts = {option.help for _, option in options() if "--json" in option.opts}
    assert len(texts) == 1


def test_what_the_index_learned_is_told_to_programs(ready):
    assert ready("search", "rebuild", "--json").json == {"texts": 0}
    assert ready("search", "drain", "--json").json == {"changes": 0}


def test_version(portal):
    said = portal("--version")
    assert (said.status, said.out.split()[0]) == (0, "Arsenal")


@pytest.mark.parametrize(
    "words",
    [
        ("user", "list"),
        ("search", "verify"),
        ("db", "current"),
        ("content", "export", "out"),
        ("search", "query", "x"),
    ],
    ids=" ".join,
)
def test_half_told_settings_are_refused(portal, monkeypatch, words, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_PORT", "eighty")
    said = portal(*words)
    assert said.status == 1
    assert said.err.startswith("PORTAL_PORT: ")
    assert "Traceback" not in said.err


def test_serve_refuses_to_start_half_told(portal, monkeypatch):
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    monkeypatch.delenv("PORTAL_BASE_URL")
    said = portal("serve")
    assert said.status == 1
    assert [line.split()[0] for line in said.err.splitlines()] == [
        "PORTAL_SECRET_KEY",
        "PORTAL_BASE_URL",
    ]


def test_serve_refuses_an_old_schema(portal):
    said = portal("serve")
    assert said.status == 1
    assert "portal db upgrade" in said.err


def test_a_refusal_leaves_nothing(ready):
    good = ("user", "add", "mai@example.com", "--name", "Đỗ Mai", "--role", "rep")
    assert ready(*good, "--password-stdin", stdin="correct horse 42\n").status == 0
    said = ready(*good, "--team", "Ghost", "--password-stdin", stdin="correct horse 42\n")
    assert said.status == 1
    assert said.err.strip()
    people = ready("user", "list", "--json").json
    assert [(person["email"], person["name"]) for person in people] == [
        ("mai@example.com", "Đỗ Mai")
    ]

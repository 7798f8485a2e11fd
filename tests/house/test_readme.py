"""What README says is so: commands, settings, map, files it points to."""

import re

import click
import pytest

from portal.cli import main
from portal.config import PREFIX, SECRETS, Config
from tests.house.tree import ROOT, files, read

README = read("README.md")
DRAWN = re.compile(r"^(?:│   )*[├└]── (\S+)|(?<=\s)├── (\S+)", re.MULTILINE)


def part(heading):
    """The text below a heading, up to the next of its level or above."""
    level, _ = heading.split(" ", 1)
    begin = README.index(f"\n{heading}\n") + len(heading) + 2
    end = re.search(rf"^#{{1,{len(level)}}} ", README[begin:], re.MULTILINE)
    return README[begin : begin + end.start()] if end else README[begin:]


def settings_table():
    """The table of settings as it has to stand in README."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Config.model_fields.items():
        if name == "demo":
            continue
        value = str(field.default)
        name_said = f"`{PREFIX}{name.upper()}`"
        if name in SECRETS:
            name_said += " (or `…_FILE`)"
        lines.append(f"| {name_said} | {f'`{value}`' if value else ''} | {field.description} |")
    return "\n".join(lines)


def test_the_settings_are_told_as_they_are():
    table = settings_table()
    assert table in README, f"README's table of settings should be:\n\n{table}\n"


def commands(group=main, path=("portal",)):
    """Every command there is, as words."""
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def leaves(group=main, path=("portal",)):
    """Every command that does something by itself, also one that has others below it."""
    for name, command in group.commands.items():
        below = isinstance(command, click.Group)
        if not below or command.invoke_without_command:
            yield (*path, name)
        if below:
            yield from leaves(command, (*path, name))


def spans_of(line):
    """The commands a line of the table names: `portal user add`, `list` are two."""
    group = ()
    for span in re.findall(r"`([^`]+)`", line.split("|")[1]):
        words = tuple(span.split())
        if words[0] == "portal":
            group = words[:-1]
            yield words
        else:
            yield (*group, *words)


def told():
    table = [line for line in part("### Commands").splitlines() if line.startswith("| `")]
    return set().union(*map(spans_of, table))


def test_the_table_of_commands_is_complete():
    assert told() == set(leaves())


def test_every_command_named_anywhere_exists():
    known = set(commands()) | {("portal",)}
    for words in re.findall(r"(?:`|bin/)portal((?: [a-z][a-z-]*)+)", README):
        path = ("portal", *words.split())
        while path not in known and len(path) > 2:
            path = path[:-1]  # what follows a command is its argument
        assert path in known, f"README names `portal{words}`"


def test_options_in_readme_exist():
    for words, options in re.findall(r"(?:`|bin/)portal((?: [a-z][a-z-]*)+)([^`\n|]*)", README):
        command = main
        for word in words.split():
            if isinstance(command, click.Group):
                command = command.commands.get(word, command)
        known = {name for option in command.params for name in option.opts}
        for option in re.findall(r"(?<!\S)--[a-z-]+", options):
            assert option in known | {"--help"}, f"`portal{words}` has no {option}"


def test_every_setting_named_exists():
    known = {f"{PREFIX}{name.upper()}" for name in Config.model_fields if name != "demo"}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS} | {"PORTAL_TEST_DATABASE_URL"}
    assert set(re.findall(r"PORTAL_[A-Z_]+[A-Z]", README)) - known == set()


def drawn():
    """The names in README's map, folders with their slash."""
    block = re.search(r"```\n(portal/\n.*?)```", part("## Map"), re.DOTALL).group(1)
    inside = {next(filter(None, groups)) for groups in DRAWN.findall(block)}
    outside = {line.split()[0] for line in block.splitlines() if re.match(r"[a-z]", line)}
    return inside, outside


def test_the_map_draws_portal_as_it_is():
    inside, _ = drawn()
    there = set()
    for path in files():
        if path.parts[0] == "portal" and len(path.parts) > 1:
            there.add(f"{path.parts[1]}/" if len(path.parts) > 2 else path.parts[1])
    assert inside == there - {"__init__.py", "py.typed"}


def test_the_map_draws_the_top_level_as_it_is():
    _, outside = drawn()
    folders = {f"{p.parts[0]}/" for p in files() if len(p.parts) > 1 and p.parts[0][0] != "."}
    assert {name for name in outside if name.endswith("/")} == folders - {"docs/"}
    assert all((ROOT / name).exists() for name in outside)


def test_what_readme_points_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).is_file(), target


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".editorconfig"])
def test_the_usual_files_are_there(name):
    assert (ROOT / name).read_text("utf-8").strip()


def test_dependencies_beyond_the_usual_have_a_reason():
    import tomllib

    usual = {
        "flask", "flask-sqlalchemy", "sqlalchemy", "flask-migrate", "alembic", "flask-login",
        "flask-wtf", "flask-babel", "whoosh", "numpy", "markdown", "nh3", "argon2-cffi", "pydantic",
    }  # fmt: skip
    project = tomllib.loads(read("pyproject.toml"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["postgresql"]
    for requirement in needed:
        name = re.match(r"[A-Za-z0-9-]+", requirement).group()
        if name.lower() not in usual:
            assert name in part("## Decisions"), f"README gives no reason for {name}"


def test_the_test_command_is_the_one_ci_calls():
    line = re.search(r"```sh\n(.+)\n```", part("## Test it")).group(1)
    pytest_call = line.split("&& ")[-1].removeprefix(".venv/bin/")
    assert pytest_call.startswith("python -m pytest")
    assert pytest_call in read(".ci/run")

"""The import contracts of pyproject.toml hold, cover every module, and each is able to fail."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from importlinter import cli as _configured  # noqa: F401  # importing it sets the linter up
from importlinter.application import use_cases

ROOT = Path(__file__).resolve().parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in LINTER["contracts"]}
CACHE = Path(tempfile.gettempdir()) / "arsenal-import-linter"

# what may speak HTTP; a module more here needs a thought why a view can not do it
SPEAKS_HTTP = {"views", "forms", "labels", "presenting"}
SPEAKS_HTTP_TOO = {
    "portal.accounts.gate",
    "portal.accounts.guessing",
    "portal.audit.origin",
    "portal.usage.recorder",
}
NO_FEATURES = {"cli", "web", "translations"}

# contract → (file the line is added to, the line)
SABOTAGE = {
    "layers": ("library/models.py", "import portal.search.models"),
    "rules": ("library/rules.py", "import sqlalchemy"),
    "http": ("accounts/service.py", "import flask"),
    "views": ("library/service.py", "import portal.library.views"),
    "engine": ("library/queries.py", "import whoosh"),
}


def modules():
    """Every module below portal/, as dotted names."""
    for path in sorted((ROOT / "portal").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def listed(contract, key):
    return [pattern for pattern in CONTRACTS[contract][key] if pattern.startswith("portal")]


def covered(module, patterns):
    """Whether a pattern, or a package it names, holds the module; `*` stands for one step."""
    steps = module.split(".")
    return any(
        len(steps) >= len(pattern.split("."))
        and all(fnmatchcase(s, p) for s, p in zip(steps, pattern.split("."), strict=False))
        for pattern in patterns
    )


@pytest.mark.parametrize("contract", CONTRACTS)
def test_contract_holds(contract, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    kept = use_cases.lint_imports("pyproject.toml", (contract,), str(CACHE), no_logo=True)
    assert kept, capsys.readouterr().out


def lint(folder, contract):
    """Run the linter on the tree in a folder, in a process of its own."""
    script = (
        "import sys; from importlinter.cli import lint_imports_command;"
        f"sys.argv = ['lint-imports', '--no-logo', '--no-cache', '--contract', {contract!r}];"
        "lint_imports_command()"
    )
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sabotage")
    shutil.copytree(
        ROOT / "portal", folder / "portal", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_sabotaged():
    assert set(SABOTAGE) == set(CONTRACTS)


@pytest.mark.parametrize("contract", SABOTAGE)
def test_contract_can_break(contract, copied):
    name, line = SABOTAGE[contract]
    path = copied / "portal" / name
    whole = path.read_text("utf-8")
    path.write_text(f"{whole}\n{line}\n", "utf-8")
    try:
        result = lint(copied, contract)
    finally:
        path.write_text(whole, "utf-8")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
    assert line.removeprefix("import ") in result.stdout.replace("\n", " ")


def test_a_new_folder_needs_a_layer(copied):
    folder = copied / "portal" / "billing"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""A feature that no layer names."""\n', "utf-8")
    try:
        result = lint(copied, "layers")
    finally:
        shutil.rmtree(folder)
    assert result.returncode == 1
    assert "portal.billing" in result.stdout + result.stderr


def test_rules_are_all_named_so():
    assert covered("portal.library.rules", listed("rules", "source_modules"))
    assert covered("portal.new_feature.rules", listed("rules", "source_modules"))
    assert covered("portal.library.new_part.rules", listed("rules", "source_modules"))


def test_every_feature_is_kept_from_http():
    folders = {path.name for path in (ROOT / "portal").iterdir() if (path / "__init__.py").exists()}
    assert {f"portal.{name}" for name in folders - NO_FEATURES} == set(
        listed("http", "source_modules")
    )


def test_only_the_agreed_modules_are_excused():
    excused = {line.split(" -> ")[0] for line in CONTRACTS["http"]["ignore_imports"]}
    at = [f"portal.*.{name}" for name in SPEAKS_HTTP] + [f"portal.*.*.{n}" for n in SPEAKS_HTTP]
    assert excused == set(at) | SPEAKS_HTTP_TOO
    assert all("ignore_imports" not in c for name, c in CONTRACTS.items() if name != "http")


def test_no_contract_names_a_module_that_is_gone():
    known = list(modules())
    names = [
        pattern
        for contract in CONTRACTS.values()
        for key in ("source_modules", "forbidden_modules", "protected_modules", "allowed_importers")
        for pattern in contract.get(key, ())
        if pattern.startswith("portal")
    ]
    assert [name for name in names if not any(covered(module, [name]) for module in known)] == []
    assert set(known) >= SPEAKS_HTTP_TOO


def test_the_linter_reads_this_configuration(monkeypatch):
    monkeypatch.chdir(ROOT)
    options = use_cases.read_user_options(config_filename="pyproject.toml")
    assert {contract["id"] for contract in options.contracts_options} == set(CONTRACTS)
    assert importlib.util.find_spec("portal").origin == str(ROOT / "portal" / "__init__.py")

"""The bill of materials: valid CycloneDX, complete by what is installed, nothing twice."""

import json
from importlib import metadata

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from portal.cli import bill


@pytest.fixture
def told(portal):
    said = portal("sbom")
    assert (said.status, said.err) == (0, "")
    return said.out


def test_it_is_valid_by_the_schema(told):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    broken = told.replace('"CycloneDX"', '"Cyclone"')
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None


def test_every_requirement_of_ours_is_in_it(told):
    names = {it["name"]: it["version"] for it in json.loads(told)["components"]}
    dist = metadata.distribution(bill.PROJECT)  # as installed: a checkout may have moved on
    needed = [bill.canonical(it.name) for it in bill.requirements(dist, ("postgresql", "s3"))]
    assert {"flask", "psycopg", "minio"} <= set(needed)
    assert {name: names[name] for name in needed} == {it: metadata.version(it) for it in needed}
    assert {"pytest", "ruff"} & set(names) == set(), "what only tests need is no material"
    assert {"markupsafe", "cffi", "psycopg-binary"} <= set(names), "what these need is"


def test_what_hangs_together_is_told(told):
    found = json.loads(told)
    refs = [it["bom-ref"] for it in found["components"]]
    assert len(refs) == len(set(refs))
    graph = {it["ref"]: it["dependsOn"] for it in found["dependencies"]}
    assert set(graph) == {*refs, found["metadata"]["component"]["bom-ref"]}
    assert {ref for needs in graph.values() for ref in needs} <= set(refs)
    flask = next(ref for ref in refs if ref.startswith("pkg:pypi/flask@"))
    assert any(ref.startswith("pkg:pypi/werkzeug@") for ref in graph[flask])


def test_it_can_be_written_to_a_file(portal, tmp_path):
    file = tmp_path / "bill.json"
    said = portal("sbom", "--out", str(file), "--extra", "postgresql")
    names = {it["name"] for it in json.loads(file.read_text("utf-8"))["components"]}
    assert said.status == 0
    assert "psycopg" in names
    assert "minio" not in names


def test_what_is_not_installed_is_left_out(monkeypatch):
    real = bill.metadata.distribution

    def without(name):
        if name == "markupsafe":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(bill.metadata, "distribution", without)
    found = bill.closure("arsenal-portal")
    assert "markupsafe" not in found
    assert "markupsafe" not in found["jinja2"][1]

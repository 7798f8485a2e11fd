"""`portal sbom`: what this installation is made of, as a CycloneDX bill of materials."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import click
from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement

from portal import clock

PROJECT = "arsenal-portal"
SPEC = "1.6"
NOT_LETTERS = re.compile(r"[-_.]+")


def canonical(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return NOT_LETTERS.sub("-", name).lower()


def requirements(dist: metadata.Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    """Yield what a distribution needs here, with these of its extras."""
    for text in dist.requires or []:
        try:
            it = Requirement(text)
            wanted = it.marker is None or any(
                it.marker.evaluate({"extra": extra}) for extra in ("", *extras)
            )
        except (InvalidRequirement, UndefinedEnvironmentName):
            continue
        if wanted:
            yield it


def closure(root: str, extras: Iterable[str] = ()) -> dict[str, tuple[Any, list[str]]]:
    """Return all that is installed of what a distribution needs: name → (distribution, its needs).

    An optional part that is not installed is left out: it is no material of this installation.
    """
    found: dict[str, tuple[Any, list[str]]] = {}
    seen: dict[str, set[str]] = {}
    waiting = [(canonical(root), frozenset(extras))]
    while waiting:
        name, wished = waiting.pop()
        known = seen.setdefault(name, set())
        if name in found and wished <= known:
            continue
        known |= wished
        try:
            dist = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        needs = list(requirements(dist, sorted(known)))
        found[name] = (dist, sorted({canonical(it.name) for it in needs}))
        waiting += [(canonical(it.name), frozenset(it.extras)) for it in needs]
    return {
        name: (dist, [it for it in needs if it in found]) for name, (dist, needs) in found.items()
    }


def _component(name: str, dist: Any, kind: str) -> dict[str, Any]:  # noqa: ANN401  # a Distribution
    purl = f"pkg:pypi/{quote(name)}@{quote(dist.version)}"
    said = dist.metadata
    component: dict[str, Any] = {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": dist.version,
        "purl": purl,
    }
    if said.get("Summary"):
        component["description"] = said["Summary"]
    expression, plain = said.get("License-Expression"), (said.get("License") or "").strip()
    if expression:
        component["licenses"] = [{"expression": expression}]
    elif plain and "\n" not in plain:
        component["licenses"] = [{"license": {"name": plain[:200]}}]
    return component


def bill(extras: Iterable[str]) -> dict[str, Any]:
    """Return the bill of materials of this installation."""
    found = closure(PROJECT, extras)
    refs = {name: f"pkg:pypi/{quote(name)}@{quote(it.version)}" for name, (it, _) in found.items()}
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": _component(PROJECT, found[PROJECT][0], "application"),
            "properties": [{"name": "python", "value": sys.version.split()[0]}],
        },
        "components": [
            _component(name, dist, "library")
            for name, (dist, _) in sorted(found.items())
            if name != PROJECT
        ],
        "dependencies": [
            {"ref": refs[name], "dependsOn": [refs[it] for it in needs]}
            for name, (_, needs) in sorted(found.items())
        ],
    }


@click.command()
@click.option(
    "--out", "out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to."
)
@click.option(
    "--extra", "extras", multiple=True, metavar="NAME", default=("postgresql", "s3"),
    help="Optional parts to look for; postgresql and s3 unless told.", show_default=False,
)  # fmt: skip
def sbom(out: Path | None, extras: tuple[str, ...]) -> None:
    """Write what this installation is made of: a CycloneDX 1.6 bill of materials, as JSON."""
    text = json.dumps(bill(extras), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n", "utf-8")
    click.echo(f"{out}: {text.count('bom-ref')} components.")

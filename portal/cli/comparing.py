"""`portal content diff`: says what a load would change, and changes nothing."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from portal.cli import reading
from portal.cli.content import content, place_of, tell_trouble
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, unit
from portal.db import db
from portal.library.folder import comparing
from portal.library.folder.comparing import AssetChange, Difference, TextChange
from portal.library.loading import Options

SHOWN = 20
"""Assets named that are not in the folder; `--json` names them all."""


@content.command()
@click.argument("folder", type=GivenPath(exists=True, file_okay=False, path_type=Path))
@reading.told
@AS_JSON
def diff(folder: Path, options: Options, *, as_json: bool) -> None:
    """Say what loading FOLDER would change; nothing is written.

    The exit status is 1 when something in the folder can not be used.
    """
    with unit() as app:
        place = place_of(app, keep=False)
        found = comparing.compared(folder, options, place=place, take_back=db.session.rollback)
    if as_json:
        echo_json(asdict(found))
    else:
        for line in lines(found):
            click.echo(line)
        tell_trouble(found)
    if found.rejected or found.left_out:
        raise click.exceptions.Exit(1)


def lines(found: Difference) -> Iterator[str]:
    """Yield what to print."""
    for asset in found.assets:
        yield from _asset(asset)
    for name in found.vocabulary:
        yield f"~ {name} (vocabulary)"
    for name, done in found.collections:
        yield f"{'+' if done == 'created' else '~'} {name} (collection)"
    for slug in found.only_here[:SHOWN]:
        yield f"? {slug} is not in the folder"
    if len(found.only_here) > SHOWN:
        yield f"? … and {len(found.only_here) - SHOWN} more (--json names all)"
    for name in found.collections_only_here:
        yield f"? {name} (collection) is not in the folder"
    created = sum(asset.change == "created" for asset in found.assets)
    yield (
        f"{created} assets would be created, {len(found.assets) - created} changed, "
        f"{found.unchanged} are unchanged, {len(found.only_here)} only in the portal, "
        f"{len(found.rejected)} files rejected."
    )


def _asset(asset: AssetChange) -> Iterator[str]:
    yield f"{'+' if asset.change == 'created' else '~'} {asset.slug}"
    for key, (old, new) in asset.facts.items():
        if asset.change == "created":
            yield f"    {key}: {_shown(new)}"
        elif isinstance(old, list) or isinstance(new, list):
            told = [f"-{v}" for v in old or () if v not in (new or ())]
            told += [f"+{v}" for v in new or () if v not in (old or ())]
            yield f"    {key}: {'; '.join(told) or 'in another order'}"
        else:
            yield f"    {key}: {_shown(old)} → {_shown(new)}"
    for text in asset.texts:
        yield f"    {_text(text)}"


def _text(text: TextChange) -> str:
    name = f"{text.language}, draft" if text.pending else text.language
    told = [*text.fields, *(f"§ {section}" for section in text.sections)]
    return f"{name}: {text.change}" + (f": {', '.join(told)}" if told else "")


def _shown(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "—"
    return " ".join(str(value).split()) if value else "—"

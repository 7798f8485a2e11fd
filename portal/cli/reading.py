"""What every command that reads a folder of texts can be told of files that do not say it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from portal.config import Language
from portal.library.loading import Options
from portal.library.rules import Kind


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--kind --language --owner --publish`; it gets them as `options`."""

    @click.option(
        "--kind", type=click.Choice([k.value for k in Kind]), help="Of files that do not say."
    )
    @click.option(
        "--language",
        type=click.Choice([v.value for v in Language]),
        help="Of files that do not say.",
    )
    @click.option("--owner", metavar="EMAIL", help="Owner of what nobody owns.")
    @click.option("--publish", is_flag=True, help="Publish what does not say its state.")
    @wraps(command)
    def with_options(
        *args: Any,  # noqa: ANN401  # the command's own
        kind: str | None,
        language: str | None,
        owner: str | None,
        publish: bool,
        **values: Any,  # noqa: ANN401
    ) -> None:
        options = Options(
            kind=Kind(kind) if kind else None,
            language=Language(language) if language else None,
            owner=owner,
            publish=publish,
        )
        command(*args, options=options, **values)

    return with_options

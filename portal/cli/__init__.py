"""The command line `portal`: thin commands that call services, one file a subject.

Exit status: 0 done, 1 refused (the reason on standard error), 2 wrong usage.
"""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from portal.cli import collecting

SUBJECTS: dict[str, tuple[str, ...]] = {
    "demo": ("demo:demo",),
    "serve": ("serving:serve",),
    "worker": ("worker:worker",),
    "db": ("database:db_group",),
    "user": ("people:user", "invitations"),
    "people": ("privacy:people",),
    "audit": ("audit:audit",),
    "content": ("content:content", "attachments", "comparing", "sources"),
    "deals": ("deals:deals",),
    "requests": ("requests:requests",),
    "usage": ("usage:usage",),
    "history": ("history:history",),
    "insights": ("insights:insights", "insights_use", "insights_gaps"),
    "search": ("search:search", "search_laboratory"),
    "mail": ("mail:mail",),
    "doctor": ("doctor:doctor",),
}
"""Command → the file it is in, and its name there; then files that add to it."""


class Commands(MutableMapping[str, click.Command]):
    """The commands, each loaded when it is asked for: a server needs none but its own."""

    def __init__(self) -> None:
        """Load none yet."""
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """Return a command; its files are loaded the first time."""
        if name not in self._loaded:
            (place, *others) = SUBJECTS[name]
            file, _, attribute = place.partition(":")
            collecting.pause()
            try:
                self._loaded[name] = getattr(import_module(f"portal.cli.{file}"), attribute)
                for other in others:
                    import_module(f"portal.cli.{other}")
            finally:
                collecting.resume()
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Add one that is loaded already."""
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Forget one that is loaded."""
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Yield all names."""
        return iter(SUBJECTS | self._loaded)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(SUBJECTS | self._loaded)


@click.group(commands=Commands(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="arsenal-portal", message="Arsenal %(version)s")
def main() -> None:
    """Arsenal: the content portal of your sales team."""

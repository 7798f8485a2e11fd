"""Owns the list of engines: one more is a file of its own, a line here and its name in `config`."""

from collections.abc import Callable, Mapping

from portal.config import Config
from portal.search.engine import Engine
from portal.search.whoosh_engine import WhooshEngine


def _postgresql(config: Config) -> Engine:
    from portal.search.postgres_engine import PostgresEngine  # noqa: PLC0415  # few need it

    return PostgresEngine(config.database_url)


ENGINES: Mapping[str, Callable[[Config], Engine]] = {
    "embedded": lambda config: WhooshEngine(config.index_dir),
    "postgresql": _postgresql,
}
"""What `PORTAL_SEARCH` may say → how such an engine is made."""

"""Owns the list of engines: one more is a file of its own, a line here and its name in `config`."""

from collections.abc import Callable, Mapping

from portal.config import Config
from portal.search.engine import Engine
from portal.search.postgres_engine import PostgresEngine
from portal.search.whoosh_engine import WhooshEngine

ENGINES: Mapping[str, Callable[[Config], Engine]] = {
    "embedded": lambda config: WhooshEngine(config.index_dir),
    "postgresql": lambda config: PostgresEngine(config.database_url),
}
"""What `PORTAL_SEARCH` may say → how such an engine is made."""

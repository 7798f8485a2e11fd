"""What goes wrong outside the portal, database and index, in one line a person can act on."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from portal.search.engine import IndexBusyError, IndexDamagedError

INDEX_DAMAGED = "The index can not be read: run `portal search rebuild`."
INDEX_BUSY = "Another process is writing the index: run `portal search drain` in a minute."
INDEX_MISSING = "There is no index yet: run `portal search rebuild`."
DENIED = "42501"
"""PostgreSQL's number for a missing privilege."""
REMEDIES = (
    ("not a database", "restore it from a copy, or name another one with PORTAL_DATABASE_URL"),
    ("unable to open", "its folder must be there, and both be writable for the portal's user"),
    ("readonly", "make it and its folder writable for the portal's user"),
    ("locked", "another program holds it; try again in a minute"),
    ("malformed", "restore it from a copy"),
    ("disk is full", "make room on the disk"),
)


def of_index(error: IndexDamagedError | IndexBusyError) -> str:
    """Say what is wrong with the index and what to do."""
    return INDEX_DAMAGED if isinstance(error, IndexDamagedError) else INDEX_BUSY


def is_outside(error: DBAPIError) -> bool:
    """Whether the database, not the portal, is to blame: there is nothing to debug."""
    return (
        isinstance(error, OperationalError | InterfaceError)
        or type(error) is DatabaseError
        or getattr(error.orig, "sqlstate", None) == DENIED
    )


def of_database(error: DBAPIError, address: str) -> str:
    """Say what a database complains of and what to do, without SQL, links or passwords."""
    url = make_url(address)
    said = next(iter(str(error.orig).strip().splitlines()), type(error).__name__).strip()
    for secret in _secrets(url):
        said = said.replace(secret, "***")
    remedy = "see that the server runs and PORTAL_DATABASE_URL is right"
    if url.get_backend_name() == "sqlite":
        known = (do for words, do in REMEDIES if words in said.lower())
        remedy = next(known, "`portal doctor` may know more")
    return f"{_place(url)} can not be used: {said.rstrip('.')}; {remedy}."


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"The database {url.database or ''} at {url.host or 'the local socket'}{port}"


def _secrets(url: URL) -> list[str]:
    """Return what of an address may not be repeated: the password, and all that follows `?`."""
    given = [value for values in url.normalized_query.values() for value in values]
    return sorted({text for text in [url.password, *given] if text}, key=len, reverse=True)

"""Where an asset's and a competitor's page are: addresses that lists build by the hundred."""

from urllib.parse import quote

ASSETS = "/assets"
COMPETITORS = "/competitors"


def asset_path(
    slug: str,
    language: str | None = None,
    *,
    anchor: str = "",
    trail: str = "",
) -> str:
    """Return the address of an asset's page, in a language or in the reader's best one.

    `trail` says where the reader comes from, encoded (`from=browse`, or what `search_trail`
    returns); `anchor` is the section to jump to. A slug holds nothing that needs encoding.
    """
    path = f"{ASSETS}/{slug}/{language}" if language else f"{ASSETS}/{slug}"
    if trail:
        path += f"?{trail}"
    return f"{path}#{quote(anchor)}" if anchor else path


def slug_in(address: str) -> str:
    """Return the slug in the address of an asset's page, or what was given when it is none."""
    path = address.split("?", 1)[0].split("#", 1)[0]
    _, found, rest = path.partition(f"{ASSETS}/")
    return (rest.split("/", 1)[0] if found else path).strip("/ ")


def competitor_path(slug: str) -> str:
    """Return the address of a competitor's page."""
    return f"{COMPETITORS}/{slug}"


def search_trail(ref: str, rank: int) -> str:
    """Return the trail of a hit: the search (16 hex digits) it was found by, and its rank."""
    return f"from=search&ref={ref}&rank={rank}"

"""Brings claims and findings in step with what has changed: one asset at once, many by a job."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal import jobs
from portal.library.claims import keeping
from portal.library.models import Asset
from portal.library.quality import service
from portal.library.rules import Facet

CHECK_SOME = "check-some"
CHECK_ALL = "check-all"
EVERYTHING = f"duty:{CHECK_ALL}"  # the night's own: one that waits will do
MOST = 500  # assets a job
NAMED = frozenset({Facet.COMPETITOR.value, Facet.PRODUCT.value})


def at_once(asset: Asset) -> None:
    """Read the claims of an asset anew and check it: its kind, its facets or its people changed."""
    keeping.keep_all(asset)
    service.check_asset(asset)


def soon(asset_ids: Iterable[int]) -> None:
    """Have many assets checked by the worker, as soon as this transaction has committed."""
    ids = sorted(set(asset_ids))
    for start in range(0, len(ids), MOST):
        jobs.enqueue(CHECK_SOME, {"assets": ids[start : start + MOST]})


def everything() -> None:
    """Have everything checked soon: what sentences or days mean has changed for any asset."""
    jobs.enqueue(CHECK_ALL, key=EVERYTHING)


def words_changed(facet: str, asset_ids: Iterable[int] = ()) -> None:
    """Have checked what a change of the vocabulary touches: these assets first, then all others.

    Sentences are searched for competitors and products; other words stand in no sentence.
    """
    soon(asset_ids)
    if facet in NAMED:
        everything()


def assets_of(payload: Mapping[str, Any]) -> list[int]:
    """Return the assets a job is about."""
    return [int(number) for number in payload["assets"]]

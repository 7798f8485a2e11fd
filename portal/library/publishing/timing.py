"""The jobs behind an asset's times: enqueued, moved and called off in the change's transaction."""

from portal import jobs
from portal.library.models import Asset

PUBLISH = "publish-at"
RETIRE = "retire-at"


def key_of(name: str, asset_id: int) -> str:
    """Return the key under which one job waits for an asset's time."""
    return f"{name.removesuffix('-at')}:{asset_id}"


def keep_in_step(asset: Asset) -> None:
    """Let one job wait for each time an asset has, and none for a time it has not."""
    times = ((PUBLISH, asset.publish_at), (RETIRE, asset.retire_at))
    for name, moment in times:
        if moment is not None:
            key = key_of(name, asset.id)
            jobs.enqueue(name, {"asset": asset.id}, run_at=moment, key=key)
    called_off = [key_of(name, asset.id) for name, moment in times if moment is None]
    if called_off:
        jobs.cancel(*called_off)

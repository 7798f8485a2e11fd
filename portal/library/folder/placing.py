"""Attachments brought to what a folder says of them."""

from collections.abc import Callable, Mapping, Sequence

from portal.errors import Invalid
from portal.library.attachments import lifecycle, rules, service
from portal.library.attachments import queries as attachments
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import State
from portal.library.attachments.service import RefusedError, Upload
from portal.library.folder.assetfile import AttachmentTold
from portal.library.folder.fetching import words_of
from portal.library.models import Asset
from portal.library.rules import State as AssetState

Fetched = Mapping[int, Upload | str | Invalid]
"""By the number of the attachment in its list: the file, its digest if it is there, or why not."""


def place(
    asset: Asset,
    told: Sequence[AttachmentTold],
    fetched: Fetched,
    tell: Callable[[Invalid], None],
    *,
    complete: bool,
) -> list[str]:
    """Place, rename and, when the list is `complete`, remove attachments; returns what was done."""
    left = list(attachments.held(asset.id))
    done = []
    for number, item in enumerate(told):
        found = fetched.get(number)
        if isinstance(found, Invalid):
            complete = False  # what could not be read may be meant to take another's place
            tell(found)
            continue
        row = _match(item, found, left)
        try:
            if row is None:
                row = _placed(asset, item, found)
                done.append(f"+ {row.name}")
            else:
                left.remove(row)
                done += _stated(row, item, _state(asset, item))
        except Invalid as error:
            reason = f"{item.name!r} {words_of(error)}"
            tell(Invalid(reason, line=item.line))
    for row in left if complete else ():
        is_published = asset.state == AssetState.PUBLISHED.value
        if is_published and row.state == State.GOING.value:
            continue  # readers have it until the next publication
        after = rules.after_removal(State(row.state), is_published=is_published)
        if after.value != row.state:
            lifecycle.set_state(row, after)
            done.append(f"- {row.name}")
    if done:
        lifecycle.restamp(asset)
    return done


def _match(
    item: AttachmentTold, found: Upload | str | None, left: Sequence[Attachment]
) -> Attachment | None:
    """Return the attachment that is meant: the one of its address, else one of its content."""
    digest = found.digest if isinstance(found, Upload) else found
    same = [row for row in left if (row.url == item.link if item.link else row.digest == digest)]
    named = (row for row in same if row.public_id == item.id)
    alike = (row for row in same if row.name == item.name)
    return next(named, None) or next(alike, None) or next(iter(same), None)


def _state(asset: Asset, item: AttachmentTold) -> State:
    """Only what readers see has attachments they do not see yet, or no more."""
    return State(item.state) if asset.state == AssetState.PUBLISHED.value else State.SERVED


def _placed(asset: Asset, item: AttachmentTold, found: Upload | str | None) -> Attachment:
    what = item.link or found
    if what is None or (isinstance(what, str) and not item.link):
        raise RefusedError("crashed")
    return service.place(asset, what, name=item.name, state=_state(asset, item), public_id=item.id)


def _stated(row: Attachment, item: AttachmentTold, state: State) -> list[str]:
    done = []
    name = rules.clean_name(item.name, (rules.ending_of(row.name),) if row.digest else ())
    if name != row.name:
        done.append(f"{row.name} → {name}")
        row.name = name
    if state.value != row.state:
        done.append(f"{row.name}: {row.state} → {state.value}")
        lifecycle.set_state(row, state)
    return done

"""Texts in the works: brought by a folder, or kept on top of what a folder brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.library import frontmatter, service
from portal.library.attachments import queries as attachments
from portal.library.attachments.rules import State as FileState
from portal.library.folder import queries
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import State
from portal.markup import Document


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in the works as its file says it, and drawn."""

    language: str
    content: Mapping[str, Any]
    document: Document


def before(assets: Sequence[Asset]) -> dict[str, list[TextRevision]]:
    """Return what is in the works of assets, by slug, before anything of them is loaded."""
    ids = [asset.id for asset in assets]
    found = queries.pending(ids) if ids else {}
    return {asset.slug: found[asset.id] for asset in assets if found.get(asset.id)}


def take(asset: Asset, drafts: Sequence[Draft], had: Sequence[TextRevision]) -> list[str]:
    """Add the drafts a folder brings, and again what it has overtaken; returns the languages.

    What was in the works here and is not in the folder stays in the works, above the text that
    was loaded: nothing that somebody wrote is lost.
    """
    served = {text.language: text for text in asset.texts}
    waiting = {row.language: row for row in had}
    changed = []
    for draft in drafts:
        digest = service.digest_of(draft.content)
        text, row = served.get(draft.language), waiting.pop(draft.language, None)
        overtaken = text is not None and row is not None and text.revision > row.number
        if (text and digest in _digests(text)) or (
            row and not overtaken and digest in _digests(row)
        ):
            continue
        service.add_revision(asset, draft.language, draft.content, document=draft.document)
        changed.append(draft.language)
    for row in waiting.values():
        text = served.get(row.language)
        if text is not None and text.revision > row.number and text.digest != row.digest:
            again = service.add_revision(
                asset, row.language, service.kept_content(row),
                author_id=row.author_id, note=row.note,
            )  # fmt: skip
            again.drawn, row.drawn = row.drawn, None
            changed.append(row.language)
    return changed


def _digests(row: AssetText | TextRevision) -> set[str]:
    """Return the digests of what a file can say of a text: it has no blank lines around it."""
    told = service.kept_content(row)
    return {row.digest, service.digest_of({**told, "body": frontmatter.trim(row.body)})}


def settle(asset: Asset, said: str) -> None:
    """Bring the asset's word for how far its next revision is in step with what there is."""
    if asset.state != State.PUBLISHED.value:
        asset.change = None
        return
    states = {row.state for row in attachments.held(asset.id)}
    unseen = states & {FileState.ADDED.value, FileState.GOING.value}
    if unseen or queries.pending([asset.id]).get(asset.id):
        asset.change = said or asset.change or "draft"
    else:
        asset.change = said or None

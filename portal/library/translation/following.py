"""What every new revision does to who follows whom: told once, when it is saved."""

from collections.abc import Sequence

from sqlalchemy import update

from portal.db import db
from portal.library.models import Asset
from portal.library.publishing.models import TextRevision
from portal.library.translation import queries, rules
from portal.library.translation.rules import Head


def told(asset: Asset, revision: TextRevision, before: Sequence[Head]) -> None:
    """Say of a revision just added what it follows; `before`: how the languages stood before it.

    A translation's first revision, and any a file brought, follows the original as it is; a later
    one what the one before it followed. What followed an older revision of the original that says
    the same to a translator follows the new one. Flushes.
    """
    source = next((h for h in before if h.language == rules.original(before)), None)
    if source is None:
        return
    if revision.language == source.language:
        if len(before) > 1:
            _carry_on(asset, revision, source, before)
        return
    own = next((head for head in before if head.language == revision.language), None)
    newest = source.live or source.newest
    followed = newest if own is None or revision.author_id is None else rules.followed(own, source)
    revision.follows_language, revision.follows_number = source.language, followed
    db.session.flush()


def _carry_on(asset: Asset, revision: TextRevision, source: Head, before: Sequence[Head]) -> None:
    """Keep what was silently followed, and let nobody lag behind what says the same."""
    row = TextRevision
    others = (row.asset_id == asset.id, row.language != source.language)
    first = next((h.language for h in before), None)
    silent = update(row).where(*others, row.follows_language.is_(None))
    if first is not None and first != source.language:
        silent = silent.where(row.language != first)
    db.session.execute(
        silent.values(follows_language=source.language, follows_number=source.earliest)
    )
    numbers = {rules.followed(h, source) for h in before if h.language != source.language}
    known = queries.contents([(asset.id, source.language, number) for number in numbers if number])
    new = {
        name: getattr(revision, name) for name in ("title", "summary", "body", "fields", "extra")
    }
    for (_asset, _language, number), content in known.items():
        if number != revision.number and rules.same_to_translators(content, new):
            db.session.execute(
                update(row)
                .where(
                    *others, row.follows_language == source.language, row.follows_number == number
                )
                .values(follows_number=revision.number)
            )

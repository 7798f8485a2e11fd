"""What files say about one asset brought together and saved: facts of the asset, then its texts.

Facts that only the asset has (kind, owner, state, facets…) come from the first language that
states them, in the order en, vi, ru; what no file states stays as it is.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, selectinload

from portal import clock
from portal.accounts import queries as people
from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.library import service
from portal.library.files import SourceFile
from portal.library.models import Asset, AssetText, FacetTerm
from portal.library.rules import Facet, State
from portal.library.vocabulary import Vocabulary

_ORDER = {language: number for number, language in enumerate(Language)}


class Outcome(StrEnum):
    """What became of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Merger:
    """Saves assets one after another, remembering people and words between them."""

    def __init__(self, *, owner: str | None = None, publish: bool = False) -> None:
        """Take whom to give what nobody owns, and whether to publish what states nothing.

        Raises:
            Invalid: when the owner is nobody's e-mail address.
        """
        self.vocabulary = Vocabulary()
        self.slugs: Mapping[str, str] = {}
        self._people: dict[str, int | None] = {}
        self._publish = publish
        self._owner_id = self._person(owner) if owner else None
        if owner and self._owner_id is None:
            raise Invalid(f"nobody here has the e-mail address {owner}")

    def save(self, groups: Sequence[Sequence[SourceFile]]) -> list[Outcome | Invalid]:
        """Save assets, each given as all its files; return what became of each file, in order."""
        known = _assets([group[0].slug for group in groups])
        outcomes: list[Outcome | Invalid] = []
        for group in groups:
            outcomes += self._save_asset(known.get(group[0].slug), group)
        return outcomes

    def _save_asset(
        self, asset: Asset | None, group: Sequence[SourceFile]
    ) -> list[Outcome | Invalid]:
        now = clock.now()
        new = asset is None
        if asset is None:
            first = group[0]
            asset = Asset(slug=first.slug, kind=first.kind.value, state=State.DRAFT.value)
            asset.created_at = asset.updated_at = now
        outcomes = [self._save_text(asset, source) for source in group]
        saved = [s for s, o in zip(group, outcomes, strict=True) if not isinstance(o, Invalid)]
        if not saved:
            return outcomes
        if new:
            db.session.add(asset)
        if self._state_facts(asset, sorted(saved, key=lambda s: _ORDER[s.language])):
            asset.updated_at = now
            outcomes = [Outcome.UPDATED if o is Outcome.UNCHANGED else o for o in outcomes]
        db.session.flush()
        return outcomes

    def _save_text(self, asset: Asset, source: SourceFile) -> Outcome | Invalid:
        existing = next((t for t in asset.texts if t.language == source.language.value), None)
        before = existing.revision if existing else 0
        extra = dict(source.extra)
        if source.owner and self._person(source.owner) is None:
            extra["owner"] = source.owner  # nobody here (yet): kept, so that nothing is lost
        try:
            text = service.save_text(
                asset,
                language=source.language.value,
                title=source.title,
                summary=source.summary,
                body=source.body,
                tags=source.tags,
                fields=source.fields,
                extra=extra,
                path=source.path,
                existing=existing,
                link_of=service.link_between_files(source.path, self.slugs),
            )
        except Invalid as error:
            return error
        if not before:
            return Outcome.CREATED
        return Outcome.UNCHANGED if text.revision == before else Outcome.UPDATED

    def _state_facts(self, asset: Asset, group: Sequence[SourceFile]) -> bool:
        """Set what the files say about the asset itself; return whether anything has changed."""
        facts: dict[str, Any] = {"kind": group[0].kind.value}
        owners = [self._person(source.owner) for source in group if source.owner]
        facts["owner_id"] = next(filter(None, owners), asset.owner_id or self._owner_id)
        departments = [s.department.value for s in group if s.department]
        facts["department"] = next(iter(departments), asset.department)
        said = [s.state.value for s in group if s.state]
        facts["state"] = next(iter(said), State.PUBLISHED.value if self._publish else asset.state)
        days = [s.checked for s in group if s.checked_said]
        days = days or [s.checked for s in group if s.checked] or [asset.checked_on]
        facts["checked_on"] = days[0]
        if facts["state"] == State.PUBLISHED.value and asset.published_at is None:
            facts["published_at"] = clock.now()
        changed = [name for name, value in facts.items() if getattr(asset, name) != value]
        for name in changed:
            setattr(asset, name, facts[name])
        return self._set_facets(asset, group) or bool(changed)

    def _set_facets(self, asset: Asset, group: Sequence[SourceFile]) -> bool:
        """Give the asset the terms its files state; a facet stated nowhere goes with the last file.

        A file that comes alone can not clear what the files of other languages may state.
        """
        complete = {s.language.value for s in group} >= {t.language for t in asset.texts}
        terms: dict[int, FacetTerm] = {}
        for facet in Facet:
            stated = [source for source in group if facet in source.facets]
            if not stated and not complete:
                terms |= {term.id: term for term in asset.facets if term.facet == facet.value}
            for source in stated:
                for word in source.facets[facet]:
                    term = self.vocabulary.term(facet, word, source.language.value)
                    terms[term.id] = term
        if terms.keys() == {term.id for term in asset.facets}:
            return False
        asset.facets = sorted(terms.values(), key=lambda term: (term.facet, term.slug))
        return True

    def _person(self, email: str) -> int | None:
        if email not in self._people:
            person = people.by_email(email)
            self._people[email] = person.id if person else None
        return self._people[email]


def _assets(slugs: Sequence[str]) -> dict[str, Asset]:
    """Return the assets there are of these, without their bodies."""
    texts = selectinload(Asset.texts)
    query = (
        select(Asset)
        .where(Asset.slug.in_(slugs))
        .order_by(Asset.id)
        .options(
            texts.options(defer(AssetText.body), defer(AssetText.sections)),
            selectinload(Asset.facets),
        )
    )
    return {asset.slug: asset for asset in db.session.scalars(query)}

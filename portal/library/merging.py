"""What files say about one asset brought together and saved: facts of the asset, then its texts.

Facts that only the asset has (kind, owner, state, facets…) come from the first language that
states them, in the order en, vi, ru; what no file states stays as it is.

`prepare`, once, and `draw`, for each `save`, come before: a save that holds the lock draws nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.accounts import queries as people
from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.library import foreseeing, kinds, service
from portal.library.claims import keeping
from portal.library.claims import queries as claims
from portal.library.claims.subjects import Term
from portal.library.files import SourceFile
from portal.library.folder import describing, pending
from portal.library.folder import queries as folder
from portal.library.foreseeing import Drawn
from portal.library.frontmatter import aside
from portal.library.keeper import ANYBODY, Keeper
from portal.library.models import Asset, AssetText, FacetTerm
from portal.library.publishing.models import TextRevision
from portal.library.rules import Facet, Kind, State
from portal.library.vocabulary import Vocabulary

BATCH = 500  # slugs a query
_ORDER = {language: number for number, language in enumerate(Language)}


class Outcome(StrEnum):
    """What became of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


Outcomes = list[Outcome | Invalid]
_WRITTEN = (Outcome.CREATED, Outcome.UPDATED)


@dataclass(frozen=True, slots=True)
class Before:
    """How an asset was when a save began: its state, "" when there was none, and what waited."""

    state: str
    pending: Sequence[TextRevision]


class Merger:
    """Saves assets one after another, remembering people and words between them."""

    def __init__(
        self,
        *,
        kind: Kind | None = None,
        owner: str | None = None,
        publish: bool = False,
        keeper: Keeper = ANYBODY,
    ) -> None:
        """Take what `loading.Options` tells; what was retired is never published so.

        Raises:
            Invalid: when the owner is nobody's e-mail address.
        """
        self.vocabulary = Vocabulary()
        self.assets: dict[str, Asset] = {}  # those of the last `save`, by slug
        self.before: dict[str, Before] = {}
        self.slugs: Mapping[str, Mapping[str, str]] = {}  # of each folder given, path → slug
        self._people: dict[str, int | None] = {}
        self._kinds: dict[str, str] = {}
        self._digests: dict[tuple[str, str], str] = {}
        self._drawn: dict[tuple[str, str], Drawn | Invalid] = {}
        self._terms: Sequence[Term] = ()
        self._kind = kind
        self._publish = publish
        self._keeper = keeper
        self.kept_back: set[str] = set()  # of these these files may say nothing
        self._owner_id = self._person(owner) if owner else None
        if owner and self._owner_id is None:
            raise Invalid(f"nobody here has the e-mail address {owner}")

    def prepare(self, sources: Sequence[SourceFile]) -> None:
        """Ask the database what `draw` needs to tell texts that have changed from others."""
        for email in {source.owner for source in sources if source.owner}:
            self._person(email)
        slugs = sorted({source.slug for source in sources})
        for start in range(0, len(slugs), BATCH):
            query = (
                select(Asset.slug, Asset.kind, AssetText.language, AssetText.digest)
                .join(AssetText.asset)
                .where(Asset.slug.in_(slugs[start : start + BATCH]))
            )
            for slug, kind, language, digest in db.session.execute(query):
                self._kinds[slug] = kind
                self._digests[slug, language] = digest
        self._terms = claims.terms()

    def draw(self, groups: Sequence[Sequence[SourceFile]]) -> None:
        """Draw the texts that have changed, for the `save` to come; the database is not asked."""
        self._drawn = {}
        sources = (source for group in groups for source in group)
        words = foreseeing.subjects(self.vocabulary, self._terms, sources)
        for group in groups:
            kind = self.kind_of(group)
            about = foreseeing.about(self.vocabulary, group, kind)
            for source in group:
                key = (source.slug, source.language.value)
                content = self.content(source, kind)
                if service.digest_of(content) != self._digests.get(key):
                    try:
                        self._drawn[key] = foreseeing.draw(
                            source, content["fields"], self.link_of(source), about, words
                        )
                    except Invalid as error:
                        self._drawn[key] = error

    def _kind_of(self, group: Sequence[SourceFile], present: str | None) -> Kind:
        """Return what the files say, else what was asked for, else what the asset is already."""
        ordered = sorted(group, key=lambda source: _ORDER[source.language])
        said = [source.kind for source in ordered if source.kind_said]
        said += [self._kind] if self._kind else []
        said += [Kind(present)] if present else []
        return [*said, ordered[0].kind][0]

    def content(self, source: SourceFile, kind: Kind) -> dict[str, Any]:
        """Return what is kept of a file's text; what its asset's kind has no place for is extra."""
        fields, extra = dict(source.fields), dict(source.extra)
        if source.kind is not kind:
            fields, extra = kinds.refit(kind, fields | extra)
        if source.owner and self._person(source.owner) is None:
            # nobody here (yet): kept, so that nothing is lost
            extra[aside(extra, "owner")] = source.owner
        return {
            "title": source.title,
            "summary": source.summary,
            "body": source.body,
            "tags": list(source.tags),
            "fields": fields,
            "extra": extra,
        }

    def link_of(self, source: SourceFile) -> service.LinkOf:
        """Return where the links of a file lead."""
        return service.link_between_files(
            source.path, self.slugs.get(source.root, {}), source.targets
        )

    def kind_of(self, group: Sequence[SourceFile]) -> Kind:
        """Return the kind an asset will have by its files; the database is not asked."""
        return self._kind_of(group, self._kinds.get(group[0].slug))

    def save(self, groups: Sequence[Sequence[SourceFile]]) -> Outcomes:
        """Save assets, each given as all its files; return what became of each file, in order."""
        known = folder.to_merge([group[0].slug for group in groups])
        works = pending.before(list(known.values()))
        self.assets = {}
        self.before = {
            group[0].slug: Before(
                asset.state if (asset := known.get(group[0].slug)) else "",
                works.get(group[0].slug, ()),
            )
            for group in groups
        }
        outcomes: Outcomes = []
        for group in groups:
            asset = known.get(group[0].slug)
            outcomes += self._kept_back(asset, group) or self._save_asset(asset, group)
        self._terms = claims.terms()
        return outcomes

    def _kept_back(self, asset: Asset | None, group: Sequence[SourceFile]) -> Outcomes:
        """What becomes of files that may not say what their asset is; nothing when they may."""
        if asset is None or not self._keeper.holds_back(asset):
            return []
        self.kept_back.add(asset.slug)
        changed = any((it.slug, it.language.value) in self._drawn for it in group)
        refusal = self._keeper.refusal(asset) if changed else ""
        return [Invalid(refusal) if refusal else Outcome.UNCHANGED] * len(group)

    def _save_asset(self, asset: Asset | None, group: Sequence[SourceFile]) -> Outcomes:
        now = clock.now()
        new = asset is None
        kind = self._kind_of(group, asset.kind if asset else None)
        if asset is None:
            asset = Asset(slug=group[0].slug, kind=kind.value, state=State.DRAFT.value)
            asset.created_at = asset.updated_at = now
        outcomes = [self._save_text(asset, source, kind) for source in group]
        saved = [s for s, o in zip(group, outcomes, strict=True) if not isinstance(o, Invalid)]
        if not saved:
            return outcomes
        self.assets[asset.slug] = asset
        if new:
            db.session.add(asset)
        if asset.kind != kind.value:
            for text in asset.texts:
                service.refit_text(asset, text, kind)
        before = (asset.kind, [term.id for term in asset.facets])
        new_texts = {s.language for s, o in zip(group, outcomes, strict=True) if o in _WRITTEN}
        if self._state_facts(asset, sorted(saved, key=lambda s: _ORDER[s.language]), kind):
            asset.updated_at = now
            outcomes = [Outcome.UPDATED if o is Outcome.UNCHANGED else o for o in outcomes]
        db.session.flush()
        retold = before != (asset.kind, [term.id for term in asset.facets])
        for text in asset.texts:
            if retold or text.language in new_texts:
                drawn = self._drawn.get((asset.slug, text.language))
                ready = drawn.claims if isinstance(drawn, Drawn) else None
                keeping.keep(asset, text, ready=ready)
        return outcomes

    def _save_text(self, asset: Asset, source: SourceFile, kind: Kind) -> Outcome | Invalid:
        drawn = self._drawn.get((source.slug, source.language.value))
        if isinstance(drawn, Invalid):
            return drawn
        existing = next((t for t in asset.texts if t.language == source.language.value), None)
        before = existing.revision if existing else 0
        if drawn and existing and describing.says(asset, existing, source):
            return Outcome.UNCHANGED
        # what was exported keeps the place it came from, where links of its older revisions lead
        exported = bool(source.targets and existing and existing.path)
        try:
            text = service.save_text(
                asset,
                language=source.language.value,
                path=existing.path if existing and exported else source.path,
                existing=existing,
                link_of=self.link_of(source),
                document=drawn.document if drawn else None,
                claims=False,
                **self.content(source, kind),
            )
        except Invalid as error:
            return error
        if not before:
            return Outcome.CREATED
        return Outcome.UNCHANGED if text.revision == before else Outcome.UPDATED

    def _state_facts(self, asset: Asset, group: Sequence[SourceFile], kind: Kind) -> bool:
        """Set what the files say about the asset itself; return whether anything has changed."""
        facts: dict[str, Any] = {"kind": kind.value}
        owners = [self._person(source.owner) for source in group if source.owner]
        facts["owner_id"] = next(filter(None, owners), asset.owner_id or self._owner_id)
        departments = [s.department.value for s in group if s.department]
        facts["department"] = next(iter(departments), asset.department)
        said = [s.state.value for s in group if s.state]
        publish = self._publish and asset.state != State.RETIRED.value
        facts["state"] = next(iter(said), State.PUBLISHED.value if publish else asset.state)
        days = [s.checked for s in group if s.checked_said]
        days = days or [s.checked for s in group if s.checked] or [asset.checked_on]
        # what somebody has checked here since the file was written stays checked
        known = [day for day in (days[0], asset.checked_on) if day]
        facts["checked_on"] = max(known) if known else None
        facts |= self._keeper.facts()
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

    def knows(self, email: str) -> bool:
        """Whether somebody here has this e-mail address."""
        return self._person(email) is not None

    def _person(self, email: str) -> int | None:
        if email not in self._people:
            person = people.by_email(email)
            self._people[email] = person.id if person else None
        return self._people[email]

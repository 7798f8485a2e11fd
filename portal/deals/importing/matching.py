"""Words of a source matched to what is known: products, competitors, people, stages, reasons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.accounts.models import User
from portal.accounts.rules import email_key, fold
from portal.deals.importing import queries, rules
from portal.deals.models import LossReason, PipelineStage
from portal.deals.pipelines import queries as pipelines
from portal.deals.rules import key_of, keys_of
from portal.library.rules import Facet
from portal.library.vocabulary import Vocabulary
from portal.markup import fold as plain

_MANY = re.compile(r"\s*[;|\n]\s*")
_MAIL = re.compile(r"[^\s<>()\[\],;]+@[^\s<>()\[\],;]+")
_FACETS = {"product": Facet.PRODUCT, "competitor": Facet.COMPETITOR}


@dataclass(slots=True)
class Person:
    """A person of ours, and the team they are in."""

    id: int
    email: str
    name: str
    team_id: int | None
    active: bool


@dataclass(slots=True)
class Learnt:
    """What the tables beside the deals, and people, have said about words of this source."""

    targets: dict[tuple[str, str], str] = field(default_factory=dict)
    details: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


class Matcher:
    """All that words can be matched to, read once a run."""

    def __init__(self, source: str) -> None:
        """Read the vocabulary, people, teams, stages, reasons, and what was learnt."""
        self.vocabulary = Vocabulary()
        self.learnt = Learnt()
        for it in queries.words(source):
            self.learnt.details[it.kind, it.word_key] = it.detail
            if it.target:
                self.learnt.targets[it.kind, it.word_key] = it.target
        self._people()
        self._teams = {fold(team.name): team.id for team in queries.teams()}
        self._stages: dict[str, list[tuple[str, PipelineStage]]] = {}
        for way in pipelines.pipelines():
            for stage in way.stages:
                if not stage.retired:
                    for key in keys_of(stage.names, stage.aliases, stage.slug):
                        self._stages.setdefault(key, []).append((way.name_key, stage))
        self._reasons: dict[str, LossReason] = {}
        for reason in pipelines.losses(retired=True):
            for key in keys_of(reason.names, reason.aliases, reason.slug):
                self._reasons.setdefault(key, reason)
        self._kept: dict[tuple[str, str], tuple[list[str], list[str]]] = {}

    def _people(self) -> None:
        self._by_email: dict[str, Person] = {}
        named: dict[str, list[Person]] = {}
        for user in queries.people():
            it = _person(user)
            self._by_email[user.email_key] = it
            named.setdefault(_by_parts(user.name), []).append(it)
        # two people of one name are not told apart by it
        self._by_name: dict[str, Person] = {}
        for key, its in named.items():
            active = [it for it in its if it.active] or its
            if len(active) == 1 and key:
                self._by_name[key] = active[0]

    def person(self, name: str, email: str = "") -> Person | None:
        """Return somebody by e-mail, else by name."""
        detail = self.learnt.details.get(("owner", key_of(name)), {})
        known = self.learnt.targets.get(("person", key_of(name)), "")
        for said in (known, email, detail.get("email", ""), *_MAIL.findall(name)):
            if said and (found := self._by_email.get(email_key(said))):
                return found
        for said in (name, detail.get("name", "")):
            found = self._by_name.get(_by_parts(_MAIL.sub("", said)))
            if found:
                return found
        return None

    def team(self, name: str) -> int | None:
        """Return a team by its name."""
        return self._teams.get(fold(name)) if name else None

    def agent(self, name: str) -> Mapping[str, str]:
        """Return what a table of agents has said about somebody: region, manager."""
        return self.learnt.details.get(("agent", key_of(name)), {})

    def term(self, kind: str, word: str) -> str:
        """Return the slug of a product, competitor or industry; "" for none."""
        known = self.learnt.targets.get((kind, key_of(word)), "")
        facet = _FACETS.get(kind, Facet.INDUSTRY)
        return self.vocabulary.slug_of(facet, known or word)

    def terms(self, kind: str, words: str) -> tuple[list[str], list[str]]:
        """Return the slugs of what a cell names, and the words that match nothing."""
        if not words:
            return [], []
        if (kind, words) not in self._kept:
            whole = self.term(kind, words)
            parts = [words] if whole else [w for w in _MANY.split(words) if w]
            if not whole and len(parts) == 1 and "," in words:
                commas = [w.strip() for w in words.split(",") if w.strip()]
                if any(self.term(kind, w) for w in commas):
                    parts = commas
            slugs = {w: self.term(kind, w) for w in parts}
            found = sorted({slug for slug in slugs.values() if slug})
            self._kept[kind, words] = found, [w for w, slug in slugs.items() if not slug]
        return self._kept[kind, words]

    def stage(self, word: str, pipeline: str) -> PipelineStage | None:
        """Return a stage by its words, of the pipeline named if that has one."""
        key = key_of(word)
        known = key_of(self.learnt.targets.get(("stage", key), ""))
        label = self.learnt.details.get(("stage-id", key), {}).get("label", "")
        for said in (known, key, key_of(label)):
            found = self._stages.get(said, []) if said else []
            if found:
                named = [stage for name, stage in found if name == key_of(pipeline)]
                return (named or [stage for _, stage in found])[0]
        return None

    def stage_detail(self, word: str) -> Mapping[str, str]:
        """Return what a table of stages has said about one: label, outcome."""
        return self.learnt.details.get(("stage-id", key_of(word)), {})

    def reason(self, word: str) -> LossReason | None:
        """Return a reason for losing by its words."""
        known = key_of(self.learnt.targets.get(("reason", key_of(word)), ""))
        return self._reasons.get(known or key_of(word))

    def offered(self, kind: str) -> dict[str, str]:
        """Return what a word of a kind could stand for: word → target."""
        if kind in _FACETS:
            return queries.term_words(kind)
        if kind == "person":
            return {p.name: p.email for p in self._by_email.values()}
        if kind == "stage":
            return {key: stages[0][1].slug for key, stages in self._stages.items()}
        return {key: reason.slug for key, reason in self._reasons.items()}

    def stands(self, kind: str, target: str) -> bool:
        """Whether there is what a word is said to stand for: a slug, or a person's e-mail."""
        if kind in _FACETS:
            return bool(self.vocabulary.slug_of(_FACETS[kind], target))
        if kind == "person":
            return email_key(target) in self._by_email
        known: Mapping[str, object] = self._stages if kind == "stage" else self._reasons
        return key_of(target) in known

    def matches(self, kind: str, word: str) -> bool:
        """Whether a word is understood already."""
        if kind in _FACETS:
            return not self.terms(kind, word)[1]
        if kind == "person":
            return self.person(word) is not None
        if kind == "stage":
            return self.stage(word, "") is not None
        return self.reason(word) is not None

    def suggestions(
        self, words: Mapping[str, Mapping[str, int]]
    ) -> list[tuple[str, str, int, str]]:
        """Return words that match nothing: kind, word, rows, what is spelt nearly so or ""."""
        found = []
        for kind in rules.KINDS:
            offered: dict[str, str] | None = None
            for word, often in sorted(words.get(kind, {}).items(), key=lambda it: (-it[1], it[0])):
                if self.matches(kind, word):
                    continue
                offered = self.offered(kind) if offered is None else offered
                near = rules.nearest(word, offered) or (
                    self._like(word) if kind == "person" else ""
                )
                found.append((kind, word, often, near))
        return found

    def _like(self, name: str) -> str:
        """Return the e-mail of the one whose name, or address, has all parts of this one."""
        parts = set(_by_parts(name).split())
        if len(parts) < 2:  # noqa: PLR2004
            return ""
        like = [
            it
            for it in self._by_email.values()
            if parts <= set(_by_parts(it.name).split())
            or parts == set(_by_parts(it.email.partition("@")[0]).split())
        ]
        return like[0].email if len(like) == 1 else ""


def _by_parts(name: str) -> str:
    """Return the parts of a name in one order: `Nguyễn, Lan` and `Lan Nguyen` are one."""
    return " ".join(sorted(plain(name).replace("_", " ").split()))


def _person(user: User) -> Person:
    return Person(user.id, user.email, user.name, user.team_id, user.active)


def sample(words: Sequence[str], most: int = 5) -> str:
    """Return the first of some words, for a message."""
    return ", ".join(words[:most]) + (" …" if len(words) > most else "")

"""A row as understood, become what a deal is here: its columns, terms, and what stayed words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import Any

from portal.deals.importing import rules
from portal.deals.importing.matching import Matcher, Person
from portal.deals.importing.rules import BadRowError
from portal.deals.importing.understanding import Row
from portal.deals.rules import COMPETITOR, PRODUCT, Outcome

NAME_MOST = 200


@dataclass(slots=True)
class Resolved:
    """What a row makes of a deal; `soft` comes from a table beside it, and is not its own."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    soft: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def outcome(self) -> str:
        """How the deal stands."""
        return str(self.values.get("outcome", Outcome.OPEN.value))


def resolve(row: Row, matcher: Matcher, zone: tzinfo) -> Resolved:
    """Return what a row makes of a deal.

    Raises:
        BadRowError: when it closed before it was created.
    """
    found = Resolved(row)
    words, values = row.words, found.values
    parts = [words.get("account", ""), words.get("product", "")]
    values["name"] = (words.get("name") or " – ".join(filter(None, parts)) or row.id)[:NAME_MOST]
    if "account" in words:
        values["account"] = words["account"]
    for kind in (PRODUCT, COMPETITOR):
        if kind in words:
            found.terms[kind], missed = matcher.terms(kind, words[kind])
            _say(found, kind, "; ".join(missed))
    _owner(found, matcher)
    if row.amount is not None or "amount" in words:
        values["amount"] = row.amount
    if row.currency:
        values["currency"] = row.currency
    _stage(found, matcher)
    _times(found, zone)
    _loss(found, matcher)
    values["said"] = found.said or None
    found.digest = digest_of(values, found.terms, words)
    return found


def _say(found: Resolved, what: str, words: str) -> None:
    if words:
        found.said[what] = words


def _owner(found: Resolved, matcher: Matcher) -> None:
    words = found.row.words
    name, email = words.get("owner", ""), words.get("owner_email", "")
    person: Person | None = None
    if found.row.has("owner", "owner_email"):
        person = matcher.person(name, email) if name or email else None
        if person is not None or not (name or email):
            found.values["owner_id"] = person.id if person else None
        else:  # a name nobody has here says nothing against who owns it here
            _say(found, "owner", name or email)
    agent = matcher.agent(name)
    team = words.get("team", "")
    team_id = matcher.team(team) or (person.team_id if person else None)
    if "team" in words or person is not None:
        found.values["team_id"] = team_id
    if team and not matcher.team(team):
        _say(found, "team", team)
    if team_id is None and agent:
        by_agent = matcher.team(agent.get("manager", "")) or matcher.team(agent.get("region", ""))
        if by_agent is not None:
            found.soft["team_id"] = by_agent
    if "region" in words:
        found.values["region"] = words["region"]
    elif agent.get("region"):
        found.soft["region"] = agent["region"][:80]


def _stage(found: Resolved, matcher: Matcher) -> None:
    row, values = found.row, found.values
    if not (row.has("stage", "status") or row.won is not None or row.closed is not None):
        return
    word = row.words.get("stage", "")
    stage = matcher.stage(word, row.words.get("pipeline", "")) if word else None
    detail = matcher.stage_detail(word) if word else {}
    of_stage = stage.outcome if stage else detail.get("outcome") or None
    outcome = rules.outcome_of(
        stage=word,
        of_stage=of_stage,
        status=row.words.get("status", ""),
        won=row.won,
        closed=row.closed,
    )
    if stage is not None:
        values["pipeline_id"], values["stage_id"] = stage.pipeline_id, stage.id
        values["stage"] = stage.names.get("en") or next(iter(stage.names.values()), stage.slug)
    else:
        values["pipeline_id"] = values["stage_id"] = None
        values["stage"] = (detail.get("label") or word)[:80]
        _say(found, "stage", word)
        _say(found, "pipeline", row.words.get("pipeline", ""))
    values["outcome"] = outcome.value


def _times(found: Resolved, zone: tzinfo) -> None:
    row, values = found.row, found.values
    moments = row.moments
    created, close = moments.get("created"), moments.get("close")
    closed = moments.get("ended") or close
    if created is not None:
        values["created_at"] = created
    if row.has("close", "expected"):
        day = moments.get("expected") or close
        values["closes_on"] = _day(day, zone) if day else None
    if "outcome" not in values:
        return
    if found.outcome == Outcome.OPEN.value:
        values["closed_at"], values["loss_reason_id"], values["loss_words"] = None, None, ""
        return
    if found.outcome == Outcome.WON.value:
        values["loss_reason_id"], values["loss_words"] = None, ""
    if closed is not None:
        values["closed_at"] = closed
        if created is not None and _day(closed, zone) < _day(created, zone):
            raise BadRowError(
                "closed-first", closed=str(_day(closed, zone)), created=str(_day(created, zone))
            )


def _day(moment: datetime, zone: tzinfo) -> Any:  # noqa: ANN401  # a date
    return moment.astimezone(zone).date()


def _loss(found: Resolved, matcher: Matcher) -> None:
    row, values = found.row, found.values
    if not row.has("reason", "reason_words"):
        return
    word, more = row.words.get("reason", ""), row.words.get("reason_words", "")
    if found.outcome not in {Outcome.LOST.value, Outcome.NO_DECISION.value}:
        values["loss_reason_id"], values["loss_words"] = None, ""
        return
    reason = matcher.reason(word) if word else None
    values["loss_reason_id"] = reason.id if reason else None
    values["loss_words"] = more if reason or not word else ". ".join(filter(None, (word, more)))
    if word and reason is None:
        _say(found, "reason", word)


def digest_of(
    values: Mapping[str, Any], terms: Mapping[str, list[str]], words: Mapping[str, str]
) -> str:
    """Return what stands for a row as understood: the same again changes nothing."""
    facts = [words.get(it, "") for it in ("industry", "country")]
    told = json.dumps([values, terms, facts], sort_keys=True, default=str, ensure_ascii=False)
    return sha256(told.encode()).hexdigest()

"""Reminders that an asset is to be checked: one before the day, one on it, each made once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.library.freshness import queries, rules
from portal.library.freshness.queries import Due, Person
from portal.library.freshness.rules import Condition
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic
from portal.library.publishing import queries as publishing


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has done: assets that are due or soon will be, and notices that were new."""

    assets: int
    notices: int


def run(today: date) -> Report:
    """Remind of every published asset that is due, or will be within a week.

    A reminder has a mark made of the asset and its day, so that a run repeated, at the same time
    or after days in which nothing ran, makes what is missing and nothing twice.
    """
    found = queries.due(today + timedelta(days=rules.SOON))
    people = queries.people([i for it in found for i in (it.owner_id, it.backup_id)])
    managers, named = queries.managers(), publishing.active_reviewers()
    lines = []
    for it in found:
        fresh = rules.freshness(it.checked_on, it.months, today)
        topic = Topic.SOON if fresh.condition is Condition.SOON else Topic.DUE
        mark = f"check:{it.id}:{fresh.due_on or 'never'}:{topic}"
        detail = {"due_on": fresh.due_on.isoformat() if fresh.due_on else None}
        lines += [
            notices.line(person, topic, asset_id=it.id, mark=mark, detail=detail)
            for person in whom(it, people, named, managers)
        ]
    return Report(len(found), notices.tell_all(lines))


def whom(
    asset: Due,
    people: Mapping[int, Person],
    named: Sequence[tuple[str | None, str | None, int]],
    managers: Sequence[int],
) -> list[int]:
    """Return who is reminded: owner, else backup, else the kind's reviewers, else managers."""
    for person_id in (asset.owner_id, asset.backup_id):
        person = people.get(person_id or 0)
        if person is not None and person.can_act:
            return [person.id]
    reviewers = {
        user_id
        for kind, department, user_id in named
        if kind in (None, asset.kind) and department in (None, asset.department)
    }
    return sorted(reviewers) or list(managers)

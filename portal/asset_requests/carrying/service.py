"""Requests read from files: new ones made with their history, known ones brought up to the file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal import clock
from portal.accounts.rules import email_key
from portal.asset_requests import acting, queries, rules
from portal.asset_requests.asking.service import Words, keep_words
from portal.asset_requests.carrying import queries as own
from portal.asset_requests.carrying import rules as files
from portal.asset_requests.carrying.rules import Row
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.asset_requests.rules import FACETS, Action, Origin, State
from portal.db import db
from portal.library.terms import queries as terms

_STEPS = (
    ("acknowledged_at", State.ACKNOWLEDGED, Action.ACKNOWLEDGE),
    ("taken_on_at", State.TAKEN_ON, Action.TAKE_ON),
    ("delivered_at", State.DELIVERED, Action.DELIVER),
)
_LAST = {
    State.WAITING: Action.WAIT,
    State.ACCEPTED: Action.ACCEPT,
    State.DECLINED: Action.DECLINE,
    State.WITHDRAWN: Action.WITHDRAW,
    State.REOPENED: Action.REOPEN,
    State.MERGED: Action.MERGE,
}

_BY_ASKER = frozenset({Action.ACCEPT, Action.REOPEN, Action.WITHDRAW})


@dataclass(slots=True)
class Report:
    """What became of the rows of a file."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, object]] = field(default_factory=list)


@dataclass(slots=True)
class Carrier:
    """Reads rows against what the portal knows."""

    words: Words
    zone: str
    people: Mapping[str, int] = field(default_factory=own.people)
    assets: Mapping[str, int] = field(default_factory=own.slugs)
    known: dict[str, int] = field(default_factory=own.known)

    def _person(self, email: str, column: str) -> int:
        found = self.people.get(email_key(email))
        if found is None:
            raise ValueError(f"{column}: nobody has the e-mail {email[:80]}")
        return found

    def _asset(self, slug: str, column: str) -> int | None:
        if slug and slug not in self.assets:
            raise ValueError(f"{column}: there is no asset {slug[:80]}")
        return self.assets.get(slug)

    def values(self, row: Row) -> dict[str, object]:
        """Return what a row says of a request's own columns.

        Raises:
            ValueError: when it names a person, an asset or a word that is not there.
        """
        facets: dict[str, str | None] = {}
        for name in FACETS:
            slug = row.facets[name]
            if slug and terms.found(name, slug) is None:
                raise ValueError(f"{name}: there is no {slug[:80]}")
            facets[name] = slug or None
        return {
            "title": row.title,
            "situation": row.situation,
            "kind": row.kind,
            "language": row.language,
            **facets,
            "department": row.department,
            "urgent": row.urgent,
            "needed_by": row.needed_by,
            "query": row.query,
            "requester_id": self._person(row.requester, "requester"),
            "assignee_id": self._person(row.assignee, "assignee") if row.assignee else None,
            "asset_id": self._asset(row.asset, "asset"),
            "delivered_id": self._asset(row.delivered, "delivered"),
        }

    def carry(self, row: Row) -> str:
        """Make a request of a row, or bring the known one up to it; returns what was done.

        Raises:
            ValueError: when the row can not be used; nothing was changed then.
        """
        values = self.values(row)
        waiting = [self._person(email, "supporters") for email in row.supporters]
        number = self.known.get(row.token)
        if number is not None:
            return self._update(acting.locked(number), row, values, waiting)
        it = self._make(row, values)
        self._wait(it, waiting)
        self._history(it, row)
        self._settle(it)
        self.known[row.token] = it.id
        return "created"

    def _make(self, row: Row, values: Mapping[str, object]) -> AssetRequest:
        asked_at = row.times.get("asked_at", clock.now())
        it = AssetRequest(
            token=row.token,
            state=State.ASKED.value,
            origin=(Origin.SEARCH if row.query else Origin.BLANK).value,
            asked_at=asked_at,
            changed_at=asked_at,
            filters={},
            **values,
        )
        db.session.add(it)
        db.session.flush()
        event = acting.record(it, Action.ASK, None, note=row.situation, at=asked_at)
        event.user_id = it.requester_id
        return it

    def _wait(self, it: AssetRequest, people: Iterable[int]) -> bool:
        """Let people wait for a request who do not yet; returns whether there were any."""
        here = {waiting.user_id for waiting in queries.rows_waiting(it.id)}
        new = [one for one in dict.fromkeys([it.requester_id, *people]) if one not in here]
        for one in new:
            db.session.add(RequestSupporter(request_id=it.id, user_id=one, at=it.asked_at))
        db.session.flush()
        return bool(new)

    def _history(self, it: AssetRequest, row: Row) -> None:
        """Give a new request the steps its row tells, the last one to its state."""
        for name, state, action in _STEPS:
            if name in row.times and row.state is not state:
                self._step(it, action, state, row.times[name])
        if row.state is not State.ASKED:
            action = _LAST.get(row.state) or next(a for _, s, a in _STEPS if s is row.state)
            names = [n for n, s, _ in _STEPS if s is row.state] or ["settled_at"]
            at = next((row.times[n] for n in names if n in row.times), it.changed_at)
            self._step(it, action, row.state, at)

    def _step(self, it: AssetRequest, action: Action, state: State, at: datetime) -> None:
        before, it.state = it.state, state.value
        it.changed_at = at
        event = acting.record(it, action, None, came_from=before, at=at)
        event.user_id = it.requester_id if action in _BY_ASKER else it.assignee_id

    def _settle(self, it: AssetRequest) -> None:
        """Keep the clocks, and the words while somebody may still wait for it."""
        acting.wind(it, self.zone)
        is_open = State(it.state) in rules.OPEN
        keep_words(it, self.words(it.said) if is_open else {})

    def _update(
        self, it: AssetRequest, row: Row, values: Mapping[str, object], waiting: Iterable[int]
    ) -> str:
        changed = [name for name, value in values.items() if getattr(it, name) != value]
        for name in changed:
            setattr(it, name, values[name])
        more = self._wait(it, waiting)
        moved = it.state != row.state
        if moved:
            at = row.times.get("settled_at") or row.times.get("delivered_at") or clock.now()
            action = _LAST.get(row.state) or next(
                (a for _, s, a in _STEPS if s is row.state), Action.CHANGE
            )
            self._step(it, action, row.state, at)
        if not (changed or more or moved):
            return "unchanged"
        if changed:
            acting.record(it, Action.CHANGE, None, detail={"changed": changed})
        self._settle(it)
        return "updated"


def carry(
    text: str, *, words: Words, zone: str, after: Callable[[int], None] | None = None
) -> Report:
    """Read a file of requests into the portal; rows that can not be used are told; flushed.

    Args:
        text: the file.
        words: takes a text apart for finding requests like it.
        zone: the company's, for the first version of the agreement.
        after: called with the number of each row done.

    Raises:
        ValueError: when it is no such file at all.
    """
    report, carrier = Report(), Carrier(words, zone)
    for number, said in files.rows_of(text):
        report.rows += 1
        try:
            done = carrier.carry(files.read(said))
        except ValueError as error:
            report.rejected.append({"row": number, "reason": str(error)})
        else:
            setattr(report, done, getattr(report, done) + 1)
        if after is not None:
            after(number)
    return report

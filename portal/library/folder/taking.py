"""What `asset.yaml` says of an asset taken over: people, times, reasons, decisions, attachments."""

from collections.abc import Callable, Mapping

from sqlalchemy import delete

from portal import clock
from portal.accounts import queries as people
from portal.db import db
from portal.errors import Invalid
from portal.library.attachments import lifecycle
from portal.library.claims.models import ClaimRuling
from portal.library.folder import describing, placing, queries
from portal.library.folder.assetfile import AssetFile
from portal.library.folder.placing import Fetched
from portal.library.freshness.rules import is_interval
from portal.library.models import Asset
from portal.library.pinning import queries as pinning
from portal.library.pinning.models import AssetPin
from portal.library.publishing import queries as publishing
from portal.library.publishing import timing
from portal.library.publishing.acting import PORTAL, record
from portal.library.publishing.rules import Action
from portal.library.rules import State

Tell = Callable[[Invalid], None]
"""Called with what is left out; the rest of the file is taken over."""


class Taker:
    """Takes files over one after another, remembering people and teams between them."""

    def __init__(self) -> None:
        """Begin knowing nobody; teams are few."""
        self._people: dict[str, int | None] = {}
        self._teams = queries.teams()

    def take(self, asset: Asset, told: AssetFile, fetched: Fetched, tell: Tell) -> list[str]:
        """Bring an asset to what its file says; what it does not say stays; flushed.

        Its facts and its texts have been loaded before. Returns the keys of what has changed.
        """
        for trouble in told.troubles:
            tell(trouble)
        changed = self._facts(asset, told, tell) + self._times(asset, told, tell)
        changed += [key for key, done in (
            ("reason", _reason(asset, told)),
            ("claims", self._claims(asset, told, tell)),
            ("pinned-for", self._pins(asset, told, tell)),
        ) if done]  # fmt: skip
        if "attachments" in told.said:
            complete = "attachments" not in told.spoiled
            done = placing.place(asset, told.attachments, fetched, tell, complete=complete)
            changed += ["attachments"] if done else []
            if done:
                record(asset, "load-files", PORTAL, note=", ".join(done)[:2000])
        db.session.flush()
        return changed

    def _person(self, email: str) -> int | None:
        if email not in self._people:
            person = people.by_email(email) if email else None
            self._people[email] = person.id if person else None
        return self._people[email]

    def _known(self, told: AssetFile, key: str, email: str, tell: Tell) -> int | None:
        """Return who has an e-mail address; that nobody has it is told."""
        found = self._person(email)
        if email and found is None:
            reason = f"`{key}`: nobody here has the e-mail address {email[:100]}"
            tell(Invalid(reason, line=told.lines.get(key)))
        return found

    def _facts(self, asset: Asset, told: AssetFile, tell: Tell) -> list[str]:
        changed = []
        good = told.said - told.spoiled
        if "creator" in good and asset.creator_id is None and told.creator:
            asset.creator_id = self._known(told, "creator", told.creator, tell)
            changed += ["creator"] if asset.creator_id else []
        if "backup-owner" in good:
            backup = self._known(told, "backup-owner", told.backup_owner, tell)
            if backup != asset.backup_owner_id and (backup or not told.backup_owner):
                asset.backup_owner_id = backup
                changed.append("backup-owner")
        months = told.review_months
        if "review-months" in good and months != asset.review_months:
            if is_interval(months):
                asset.review_months = months
                changed.append("review-months")
            else:
                line = told.lines.get("review-months")
                tell(Invalid(f"`review-months` can not be {months}", line=line))
        return changed

    def _times(self, asset: Asset, told: AssetFile, tell: Tell) -> list[str]:
        changed, good = [], told.said - told.spoiled
        for key, name in (("publish-at", "publish_at"), ("retire-at", "retire_at")):
            moment = getattr(told, name)
            if key not in good or moment == getattr(asset, name):
                continue
            line = told.lines.get(key)
            if moment is not None and asset.state == State.RETIRED.value:
                tell(Invalid(f"`{key}`: it is retired, so no time is set", line=line))
            elif moment is not None and moment <= clock.now():
                tell(Invalid(f"`{key}` has passed: it is not set", line=line))
            else:
                setattr(asset, name, moment)
                changed.append(key)
        if changed:
            timing.keep_in_step(asset)
            detail = {
                "publish_at": asset.publish_at.isoformat() if asset.publish_at else None,
                "retire_at": asset.retire_at.isoformat() if asset.retire_at else None,
                "unseen": True,
            }
            record(asset, Action.SCHEDULE.value, PORTAL, detail=detail)
        return changed

    def _claims(self, asset: Asset, told: AssetFile, tell: Tell) -> bool:
        """Add the decisions that are not there; none is ever taken back by a folder."""
        if not told.claims:
            return False
        had = {(r.verdict, r.language, r.mark, r.at) for r in queries.rulings([asset.id])}
        new = [r for r in told.claims if (r.verdict, r.language, r.mark, r.at) not in had]
        for ruling in new:
            by = self._person(ruling.by)
            if ruling.by and by is None:
                reason = f"a decision about a claim: nobody here has the address {ruling.by[:100]}"
                tell(Invalid(reason, line=ruling.line))
            row = ClaimRuling(
                verdict=ruling.verdict, mark=ruling.mark, asset_id=asset.id,
                language=ruling.language, sentences=list(ruling.sentences), why=ruling.why,
                by_id=by, at=ruling.at,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()  # in the order told
        return bool(new)

    def _pins(self, asset: Asset, told: AssetFile, tell: Tell) -> bool:
        if "pinned-for" not in told.said - told.spoiled:
            return False
        wanted = set()
        for name in told.pinned_for:
            if name in self._teams:
                wanted.add(self._teams[name])
            else:
                line = told.lines.get("pinned-for")
                tell(Invalid(f"`pinned-for`: there is no team {name[:60]!r} here", line=line))
        had = pinning.teams_with_asset(asset.id)
        if wanted == had:
            return False
        gone = delete(AssetPin).where(
            AssetPin.asset_id == asset.id, AssetPin.team_id.in_(had - wanted)
        )
        db.session.execute(gone)
        for team_id in sorted(wanted - had):
            db.session.add(AssetPin(team_id=team_id, asset_id=asset.id, at=clock.now()))
        return True

    def credit(self, asset: Asset, told: AssetFile) -> None:
        """Say who saved the texts that were just loaded, and what was said of them.

        Only of a text that is still the one it was said of; and only of revisions nobody has
        signed.
        """
        by_mark = {(row.language, row.text): row for row in told.revisions}
        if not by_mark:
            return
        it = describing.describe([asset])[0]
        rows = [publishing.revision(asset.id, t.language, t.revision) for t in asset.texts]
        works = publishing.newest_of(asset.id)
        told_of = [(it.served, row) for row in rows if row]
        told_of += [(it.pending, row) for language, row in works.items() if language in it.pending]
        for sources, row in told_of:
            mark = describing.mark_of(sources[row.language])
            found = by_mark.get((row.language, mark))
            if found and row.author_id is None and not row.note:
                row.author_id, row.note = self._person(found.author), found.note


def _reason(asset: Asset, told: AssetFile) -> bool:
    """Keep why an asset was taken down, as taking it down would."""
    actions: Mapping[str, Action] = {
        State.RETIRED.value: Action.RETIRE,
        State.DRAFT.value: Action.UNPUBLISH,
    }
    action = actions.get(asset.state)
    if not told.reason or action is None:
        return False
    if queries.reasons([asset.id]).get(asset.id) == (action.value, told.reason):
        return False
    record(asset, action.value, PORTAL, note=told.reason, detail={"to": asset.state})
    db.session.flush()
    return True


def step_down(asset: Asset, before: str) -> None:
    """Do what taking a published asset down does to its attachments and times."""
    if before == State.PUBLISHED.value != asset.state:
        lifecycle.publish(asset)
        if asset.state == State.RETIRED.value and (asset.publish_at or asset.retire_at):
            asset.publish_at = asset.retire_at = None
            timing.keep_in_step(asset)

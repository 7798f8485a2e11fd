"""Remarks that something is wrong or outdated: told to who owns it, answered to who said so."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.calls.flags import queries, rules
from portal.calls.flags.rules import State, Wrong
from portal.calls.links import flag_path
from portal.calls.ratings.models import AssetFlag
from portal.calls.ratings.queries import Rated
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.library.freshness import queries as freshness
from portal.library.links import asset_path
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

SAID_MOST = 200


def flag(
    user_id: int, about: Rated, *, token: str, kind: Wrong, words: str, anchor: str, revision: int
) -> AssetFlag:
    """Say that a text, or a section of it, is wrong or outdated; its owners are told; flushed.

    The same form sent twice is one remark.

    Raises:
        Invalid: when nothing is said, or too much.
        Conflict: when the form was somebody else's.
    """
    said = words.strip()
    if not said or len(said) > rules.WORDS_MOST:
        raise Invalid("say what is wrong, and not too much")
    known = queries.by_token(token)
    if known is None:
        made = AssetFlag(
            token=token, user_id=user_id, asset_id=about.asset_id, language=about.language,
            revision=revision, anchor=anchor, kind=kind.value, words=said, at=clock.now(),
            state=State.OPEN.value,
        )  # fmt: skip
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:
            known = queries.by_token(token)
        else:
            _tell_owners(made, about)
            return made
    if known is None or known.user_id != user_id:
        raise Conflict("this form was sent before")
    return known


def _tell_owners(made: AssetFlag, about: Rated) -> None:
    """Tell owner and backup owner, else the managers, where the trouble is."""
    owners = queries.here([about.owner_id, about.backup_owner_id]) or freshness.managers()
    notices.tell(
        owners,
        Topic.FLAG,
        actor_id=made.user_id,
        path=asset_path(about.slug, about.language, anchor=made.anchor)
        if about.state == "published"
        else flag_path(made.id, mine=False),
        detail={"title": about.title, "said": made.words[:SAID_MOST]},
        mark=f"flag:{made.id}",
    )


def answer(flag_id: int, by: int, *, state: State, words: str, title: str) -> AssetFlag:
    """Answer an open remark: fixed, or it stays as it is, and why; who said it is told; flushed.

    Raises:
        Invalid: when it is to stay and no reason is given, or too much is said.
        Conflict: when somebody else has answered otherwise meanwhile.
    """
    said = words.strip()
    if len(said) > rules.WORDS_MOST or (state is State.STAYS and not said):
        raise Invalid("say why it stays")
    found = queries.locked(flag_id)
    if found is None:
        raise Invalid("there is no such remark")
    if found.state != State.OPEN.value:
        if (found.state, found.answer, found.answered_by_id) == (state.value, said, by):
            return found
        raise Conflict("it is answered already")
    found.state, found.answer = state.value, said
    found.answered_by_id, found.answered_at = by, clock.now()
    db.session.flush()
    notices.tell(
        queries.here([found.user_id]),
        Topic.FLAG_ANSWERED,
        actor_id=by,
        path=flag_path(found.id, mine=True),
        detail={"title": title, "said": said[:SAID_MOST]},
        mark=f"flag-answered:{found.id}",
    )
    return found

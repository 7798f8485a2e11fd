"""Takes an answer to the question who it is, and lets the session go on as a confirmed one."""

from collections.abc import Mapping

from portal.accounts import sessions
from portal.accounts.confirming.ways import WAYS, Asked, Way, WrongAnswer
from portal.accounts.sessions import CurrentUser

FIELD = "confirm_"
"""What the names of fields with answers begin with, so that no other form has one of the name."""
ANSWER_MOST = 512


def offered(asked: Asked) -> list[Way]:
    """Return the ways in which this person can confirm."""
    return [way for way in WAYS if way.offered(asked)]


def is_answered(sent: Mapping[str, str]) -> bool:
    """Whether a form holds an answer."""
    return any(way.check is not None and FIELD + way.key in sent for way in WAYS)


def confirm(asked: Asked, sent: Mapping[str, str]) -> CurrentUser:
    """Check the answer in a form; return the person with the token the session has from now on.

    Call it before the request has begun a transaction: it writes in some of its own.

    Raises:
        WrongAnswer: when it does not show who it is.
        TooMany: when it was wrong too often.
        NotFound: when the session was ended meanwhile.
    """
    for way in WAYS:
        answer = sent.get(FIELD + way.key)
        if way.check is None or answer is None:
            continue
        if not answer or len(answer) > ANSWER_MOST:
            raise WrongAnswer("this is no answer")
        way.check(asked, answer)
        return sessions.confirm(asked.user)
    raise WrongAnswer("there is no answer")

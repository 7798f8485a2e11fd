"""What people are told about: the topics of notices, and the kinds a person chooses by."""

from collections.abc import Mapping
from enum import StrEnum

MARK_MOST = 80
PATH_MOST = 300


class Topic(StrEnum):
    """What a notice is about; the value is what the table keeps."""

    REVIEW = "review"  # a text waits for your review
    SENT_BACK = "sent-back"
    PUBLISHED = "published"
    COMMENT = "comment"
    SOON = "check-soon"  # the day to check an asset is near
    DUE = "check-due"  # it has come, or is past
    HANDED_OVER = "handed-over"
    REQUEST_ASKED = "request_asked"
    REQUEST_ASSIGNED = "request_assigned"
    REQUEST_ACKNOWLEDGED = "request_acknowledged"
    REQUEST_TAKEN = "request_taken"
    REQUEST_WAITING = "request_waiting"  # for the one who asked
    REQUEST_DELIVERED = "request_delivered"
    REQUEST_ACCEPTED = "request_accepted"
    REQUEST_DECLINED = "request_declined"
    REQUEST_REOPENED = "request_reopened"
    REQUEST_CHANGED = "request_changed"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_ANSWERED = "request_answered"  # what you looked for in vain is there now
    REQUEST_COMMENT = "request_comment"
    REQUEST_MENTION = "request_mention"
    REQUEST_THANKS = "request_thanks"
    REQUEST_DUE = "request_due"
    REQUEST_OVERDUE = "request_overdue"
    VOICE_ANSWERED = "voice_answered"  # what you heard from a customer has an answer
    FLAG = "flag"  # what is yours is said to be wrong or outdated
    FLAG_ANSWERED = "flag_answered"
    RATE_CALL = "rate_call"  # how useful was what you used in a call
    DEAL_FEEDBACK = "deal_feedback"  # a deal has ended: what helped
    PACK_WEEK = "pack_week"  # what both departments look at on Monday
    PACK_MONTH = "pack_month"


class Kind(StrEnum):
    """What a person decides about: how to be told of these topics, or not at all."""

    REQUESTS = "requests"
    TALK = "talk"
    THANKS = "thanks"
    TIMES = "times"
    REVIEWS = "reviews"
    CHECKS = "checks"
    CARE = "care"
    FLAGS = "flags"
    FIELD = "field"
    PACK = "pack"


KINDS: Mapping[Kind, frozenset[Topic]] = {
    Kind.REQUESTS: frozenset(
        {
            Topic.REQUEST_ASKED,
            Topic.REQUEST_ASSIGNED,
            Topic.REQUEST_ACKNOWLEDGED,
            Topic.REQUEST_TAKEN,
            Topic.REQUEST_WAITING,
            Topic.REQUEST_DELIVERED,
            Topic.REQUEST_ACCEPTED,
            Topic.REQUEST_DECLINED,
            Topic.REQUEST_REOPENED,
            Topic.REQUEST_CHANGED,
            Topic.REQUEST_WITHDRAWN,
            Topic.REQUEST_ANSWERED,
            Topic.VOICE_ANSWERED,
        }
    ),
    Kind.TALK: frozenset({Topic.COMMENT, Topic.REQUEST_COMMENT, Topic.REQUEST_MENTION}),
    Kind.THANKS: frozenset({Topic.REQUEST_THANKS}),
    Kind.TIMES: frozenset({Topic.REQUEST_DUE, Topic.REQUEST_OVERDUE}),
    Kind.REVIEWS: frozenset({Topic.REVIEW, Topic.SENT_BACK, Topic.PUBLISHED}),
    Kind.CHECKS: frozenset({Topic.SOON, Topic.DUE}),
    Kind.CARE: frozenset({Topic.HANDED_OVER}),
    Kind.FLAGS: frozenset({Topic.FLAG, Topic.FLAG_ANSWERED}),
    Kind.FIELD: frozenset({Topic.RATE_CALL, Topic.DEAL_FEEDBACK}),
    Kind.PACK: frozenset({Topic.PACK_WEEK, Topic.PACK_MONTH}),
}
"""Every topic is of one kind; in the order people are asked about them."""

OF_TOPIC: Mapping[str, Kind] = {topic: kind for kind, topics in KINDS.items() for topic in topics}
DESK_KINDS = frozenset({Kind.REVIEWS, Kind.CHECKS, Kind.CARE})
"""What only people who write are told."""


def own_path(path: str | None) -> str | None:
    """Return a path of our own site as it may be kept and followed.

    Raises:
        ValueError: when it leads elsewhere or is too long to keep.
    """
    if path is None:
        return None
    good = path.startswith("/") and not path.startswith("//") and path.isprintable()
    if not good or "\\" in path or len(path) > PATH_MOST:
        raise ValueError(f"not a path of this portal: {path[:80]!r}")
    return path


CHECKS = frozenset({Topic.SOON, Topic.DUE})
"""Reminders: done with, for everybody, once somebody has checked the asset."""

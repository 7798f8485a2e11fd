"""What people are told about: the topics of notices."""

from enum import StrEnum

MARK_MOST = 80


class Topic(StrEnum):
    """What a notice is about; the value is what the table keeps."""

    REVIEW = "review"  # a text waits for your review
    SENT_BACK = "sent-back"
    PUBLISHED = "published"
    COMMENT = "comment"
    SOON = "check-soon"  # the day to check an asset is near
    DUE = "check-due"  # it has come, or is past
    HANDED_OVER = "handed-over"


CHECKS = frozenset({Topic.SOON, Topic.DUE})
"""Reminders: done with, for everybody, once somebody has checked the asset."""

"""Everything that can go wrong on purpose; the web turns each into a page, a command into status 1.

PortalError
├── NotFound     404  there is no such thing, or it is not yours to see
├── Forbidden    403  you may see it, but not do this
├── Conflict     409  the thing has moved on since you looked
├── Invalid      422  what was given can not be used, and why
├── TooMany      429  slow down; says when to try again
└── Unavailable  503  what it needs outside the portal can not be reached now
"""


class PortalError(Exception):
    """A refusal with a reason a person can read."""

    status = 400

    def __init__(self, reason: str = "") -> None:
        """Keep the reason, in English or as a lazy translation."""
        super().__init__(reason)
        self.reason = reason


class NotFound(PortalError):
    """There is no such thing, or it is not yours to see."""

    status = 404


class Forbidden(PortalError):
    """You may see it, but not do this."""

    status = 403


class Conflict(PortalError):
    """The thing has moved on since you looked; or it is kept `elsewhere` and changed there."""

    status = 409

    def __init__(self, reason: str = "", *, elsewhere: bool = False) -> None:
        """Keep the reason, and whether the thing is kept outside the portal."""
        super().__init__(reason)
        self.elsewhere = elsewhere


class Invalid(PortalError):
    """What was given can not be used; `line` is where in a file, when known."""

    status = 422

    def __init__(self, reason: str = "", *, line: int | None = None) -> None:
        """Keep the reason and the line (1-based) it is about."""
        super().__init__(reason)
        self.line = line


class TooMany(PortalError):
    """Too many tries; `retry_after` says how many seconds to wait."""

    status = 429

    def __init__(self, reason: str = "", *, retry_after: int = 60) -> None:
        """Keep the reason and the wait in seconds."""
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """What it needs outside the portal can not be reached now; nothing has been changed."""

    status = 503

    def __init__(self, why: str = "") -> None:
        """Keep why for whoever runs the portal: the people who use it can do nothing about it."""
        super().__init__()
        self.args = (why,)

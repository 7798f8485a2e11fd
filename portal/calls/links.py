"""Addresses of ratings, remarks, feedback and requests, for those who can not ask the URL map."""


def ratings_path() -> str:
    """Return the address of what somebody has to rate."""
    return "/ratings/"


def flag_path(flag_id: int, *, mine: bool) -> str:
    """Return where a remark is listed: among one's own, or those to be answered."""
    return f"/ratings/flags{'?whose=mine' if mine else ''}#f{flag_id}"


def feedback_path(deal_id: int) -> str:
    """Return where somebody says what helped on a deal."""
    return f"/feedback/{deal_id}"


def request_path(number: int) -> str:
    """Return where a request is; requests lie above calls."""
    return f"/requests/{number}"

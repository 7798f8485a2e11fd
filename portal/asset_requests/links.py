"""Addresses of requests, for those who can not ask the URL map: what notices open."""


def request_form_path() -> str:
    """Return the address of the form that asks for content."""
    return "/requests/new"


def request_path(number: int) -> str:
    """Return the address of a request's page."""
    return f"/requests/{number}"

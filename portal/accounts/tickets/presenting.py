"""What mails about somebody's account say; their links begin with the address in the settings."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.accounts.models import User
from portal.accounts.tickets import labels, service
from portal.accounts.tickets.rules import CHANGED, Purpose
from portal.config import Config
from portal.web import words

ENDPOINTS = {Purpose.INVITATION: "tickets.invitation", Purpose.RESET: "tickets.reset"}


@dataclass(frozen=True, slots=True)
class Said:
    """A mail in its reader's language."""

    subject: str
    hello: str
    line: str
    button: str
    url: str
    after: str
    why: str

    def text(self) -> str:
        """Return the mail as plain text."""
        head = [self.hello, "", self.line, "", f"{self.button}: {self.url}", ""]
        return "\n".join([*head, self.after, "", "-- ", self.why]) + "\n"


def address(config: Config, purpose: Purpose, token: str) -> str:
    """Return the link of a token: never of the host a request names, which anybody may choose."""
    return config.base_url + url_for(ENDPOINTS[purpose], token=token)


def said(user: User, kind: str, config: Config) -> Said | None:
    """Write a mail of a kind; None when the link it would bring works no more."""
    if kind == CHANGED:
        url = config.base_url + url_for("accounts.sign_in")
    else:
        purpose = Purpose(kind)
        token = service.open_token(user.id, purpose, config.secret_key)
        if token is None:
            return None
        url = address(config, purpose, token)
    return Said(
        subject=words.label(labels.SUBJECTS, kind),
        hello=_("Hello %(name)s,", name=user.name),
        line=words.label(labels.LINES, kind),
        button=words.label(labels.BUTTONS, kind),
        url=url,
        after=words.label(labels.AFTER, kind),
        why=_("You get this mail because you use Arsenal at %(url)s.", url=config.base_url),
    )

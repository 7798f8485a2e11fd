"""Whom and what a history's files mean: people (added when unknown), assets, words."""

from collections.abc import Iterable
from datetime import datetime

from portal.accounts.models import User
from portal.accounts.rules import Role, clean_email, clean_name, email_key, email_keys
from portal.accounts.service import NAME_MOST
from portal.deals.importing.matching import Matcher
from portal.deals.past_uses import queries as past_uses
from portal.insights.history import bulk, queries


class Known:
    """What is known of people and assets, asked once a run and kept up with what the run adds."""

    def __init__(self, source: str, at: datetime) -> None:
        """Read who and what there is."""
        self.source, self.at = source, at
        self.added: dict[str, str] = {}  # e-mails of people the run has added, by their keys
        self.matcher = Matcher(source)
        self._people = past_uses.people()
        self._said: dict[str, int | None] = {}
        self.assets = queries.assets_of(source)
        self.slugs = queries.assets_by_slug()
        self.languages = queries.languages()

    def asset(self, name: str) -> int | None:
        """Return an asset by what the source calls it, else by our slug."""
        known = self.assets.get(name)
        return known[0] if known else self.slugs.get(name)

    def person(self, email: str) -> int | None:
        """Return somebody by e-mail."""
        if email not in self._said:
            found = (self._people.get(key) for key in email_keys(email))
            self._said[email] = next((number for number in found if number is not None), None)
        return self._said[email]

    def meet(self, emails: Iterable[str]) -> None:
        """Add those nobody has: people who have left, perhaps, whose deals still count as theirs.

        They are not active and have no password: nobody signs in as them until an admin says so.
        """
        new: dict[str, str] = {}
        for email in emails:
            if email and self.person(email) is None and (address := clean_email(email)):
                new.setdefault(email_key(address), address)
        if not new:
            return
        rows = [
            {
                "email": address, "email_key": key, "name": _name(address), "role": Role.REP.value,
                "active": False, "created_at": self.at,
            }
            for key, address in new.items()
        ]  # fmt: skip
        bulk.put(User, rows, unless="email_key")
        self._people |= past_uses.people(new)
        self.added |= new
        self._said = {said: number for said, number in self._said.items() if number is not None}


def _name(address: str) -> str:
    """Return a name for whom only an address is known of: `lan.nguyen@…` is Lan Nguyen."""
    words = address.partition("@")[0].replace("_", ".").split(".")
    said = " ".join(word[:1].upper() + word[1:] for word in words if word)
    return clean_name(said[:NAME_MOST], most=NAME_MOST) or address[:NAME_MOST]

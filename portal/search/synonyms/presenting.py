"""What the pages of synonyms show: groups, what is wrong with words, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext

from portal.search.synonyms import rules
from portal.search.synonyms.models import SynonymEvent
from portal.search.synonyms.rules import Fault, Group, Wrong
from portal.web.locale import NAMES


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group in the list; `words` are (language, phrases)."""

    url: str
    search_url: str
    name: str
    words: Sequence[tuple[str, Sequence[str]]]
    changed: bool
    own: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One change of a group."""

    what: str
    who: str
    at: datetime
    added: str
    dropped: str


def words_of(words: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """Return a group's phrases in the order of languages."""
    return [(code.value, words[code.value]) for code in NAMES if words.get(code.value)]


def group_view(group: Group) -> GroupView:
    """Show a group."""
    return GroupView(
        url=url_for("synonyms.show", key=group.key),
        search_url=url_for("search.page", q=group.name),
        name=group.name,
        words=words_of(group.words),
        changed=group.shipped and group.version > 0,
        own=not group.shipped,
        removed=group.removed,
    )


def fault_words(fault: Fault) -> str:
    """Say what is wrong with the words of a group."""
    most, letters = rules.WORDS_MOST, rules.PHRASE_LETTERS
    phrase = fault.phrase[: rules.PHRASE_LETTERS]
    said = {
        Wrong.TOO_FEW: gettext("Two words at least: alone, a word is no group."),
        Wrong.TOO_MANY: gettext("At most %(n)s words in a language.", n=most),
        Wrong.TOO_LONG: gettext(
            "“%(phrase)s” is too long: at most %(n)s letters and five words.",
            phrase=phrase,
            n=letters,
        ),
        Wrong.NO_WORD: gettext("“%(phrase)s” has no word in it.", phrase=phrase),
        Wrong.TWICE: gettext("“%(phrase)s” is here twice.", phrase=phrase),
        Wrong.TAKEN: gettext("Another group has “%(phrase)s” already.", phrase=phrase),
        Wrong.LANGUAGE: gettext("There is no such language here."),
    }
    return str(said[fault.wrong])


def event_view(event: SynonymEvent) -> EventView:
    """Show a change: what came, what went."""
    before, after = _flat(event.before), _flat(event.after)
    return EventView(
        what={
            "add": gettext("Added"),
            "change": gettext("Changed"),
            "remove": gettext("Taken out of use"),
            "restore": gettext("Used again"),
        }.get(event.action, event.action),
        who=event.user.name if event.user is not None else "–",
        at=event.at,
        added=", ".join(it for it in after if it not in before),
        dropped=", ".join(it for it in before if it not in after),
    )


def _flat(words: Mapping[str, Sequence[str]]) -> list[str]:
    return [phrase for phrases in words.values() for phrase in phrases]

"""The page "What is kept of you, and why", true to the settings."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.config import Config


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of what is kept: what, why, and how long."""

    key: str
    title: str
    what: str
    why: str
    until: str


def _months(number: int) -> str:
    """Return a span of months in words."""
    if number % 12 == 0:
        return str(ngettext("%(num)d year", "%(num)d years", number // 12))
    return str(ngettext("%(num)d month", "%(num)d months", number))


def _until(number: int, forgotten: str) -> str:
    """Return how long something is kept, by a setting in months; 0 keeps it."""
    if not number:
        return str(_("As long as the portal is used."))
    return str(forgotten % {"span": _months(number)})


def sections(config: Config) -> list[Section]:
    """Return everything that is kept of a person, by kind."""
    return [*_of_the_person(config), *_of_the_work(config), *_of_writing(config),
            *_of_the_portal(config)]  # fmt: skip


def _of_the_person(config: Config) -> list[Section]:
    return [
        Section(
            "account",
            _("Your account"),
            _("Your name, e-mail, role, team, department, the language you chose, and the ways to "
              "sign in you set up. Of your password only a hash, from which nobody can tell it."),
            _("So that you can sign in, and others see who asks, answers and looks after what."),
            _("Until you are erased."),
        ),
        Section(
            "sign-ins",
            _("When you sign in"),
            _("When, with which browser, from which network address; also tries that failed."),
            _("So that you see where you are signed in, and nobody guesses your password."),
            _until(config.keep_sign_ins_months, _("Deleted %(span)s after they ended; tries that "
                   "failed after a day.")),
        ),
        Section(
            "cookies",
            _("Cookies"),
            _("One for being signed in, and two for your language and theme. None of anybody "
              "else, and no page loads anything from elsewhere."),
            _("Without the first nobody could be signed in."),
            _("The first until you sign out, the others a year."),
        ),
    ]  # fmt: skip


def _of_the_work(config: Config) -> list[Section]:
    return [
        Section(
            "searches",
            _("What you search for"),
            _("The words, when, and which results you opened. Marketers see searches without "
              "names."),
            _("To see what is missing, and to put the right result first."),
            _until(config.keep_searches_months, _("After %(span)s it is forgotten who searched; "
                   "that somebody did stays.")),
        ),
        Section(
            "uses",
            _("What you open, copy and download"),
            _("Which asset, when, and for which deal when you say so. Managers see this by "
              "person for their own team; everybody else sees counts."),
            _("To see which assets help, and which nobody needs."),
            _until(config.keep_uses_months, _("After %(span)s it is forgotten who it was; the "
                   "counts stay.")),
        ),
        Section(
            "calls",
            _("Your deals, calls and ratings"),
            _("The deals you own, the calls you plan and log, what was asked there, and how you "
              "rate assets."),
            _("So that you find the right thing for a call, and to see what wins deals."),
            _until(config.keep_call_words_months, _("Notes of calls and reasons of ratings are "
                   "emptied after %(span)s; the rest stays with the deal.")),
        ),
    ]  # fmt: skip


def _of_writing(config: Config) -> list[Section]:
    return [
        Section(
            "writing",
            _("What you ask for and write"),
            _("Requests, comments, texts with their revisions, collections, and who owns what."),
            _("It is the company's work, and others build on it."),
            _("As long as the portal is used; when you are erased it stays, without your name."),
        ),
        Section(
            "notices",
            _("Notices and mails"),
            _("What you were told in the portal and by e-mail, and whether you read it."),
            _("So that nothing that waits for you is missed."),
            _until(config.keep_notices_months, _("Deleted %(span)s after you read them.")),
        ),
    ]  # fmt: skip


def _of_the_portal(config: Config) -> list[Section]:
    return [
        Section(
            "audit",
            _("The audit log"),
            _("What you changed that matters: when, from which address, what was before and "
              "after. Only admins see it. It names you by a number, never in words that stay."),
            _("So that the company can show who changed what, and that nobody altered that."),
            _until(config.keep_sign_ins_months, _("The entries stay; addresses and names are "
                   "taken out of them after %(span)s.")),
        ),
        Section(
            "backups",
            _("Backups"),
            _("Copies of all of this, made by your company."),
            _("So that nothing is lost."),
            _("As long as your company keeps its backups: ask its IT people."),
        ),
    ]  # fmt: skip

"""Words of the pages of revisions: parts of a text, and what happened to them."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portal.web.words import Table, label

FACTS: Table = {
    "title": _("Title"),
    "summary": _("Summary"),
    "tags": _("Tags"),
    "customer": _("Customer"),
    "country": _("Country"),
    "challenge": _("Challenge"),
    "results": _("Results"),
    "figure": _("Figure"),
    "label": _("What it says"),
    "source": _("Source"),
    "quote": _("Quote"),
    "text": _("Text"),
    "by": _("Said by"),
    "url": _("Address"),
    "duration": _("Duration"),
}
CHANGES: Table = {
    "same": _("Not changed"),
    "spacing": _("Only line breaks and spaces"),
    "changed": _("Changed"),
    "added": _("New"),
    "removed": _("Removed"),
}


def fact_label(key: str) -> str:
    """Return the words for a fact's name: `fields.results.0.label` is “Results 1, what it says”."""
    parts = key.split(".")
    if parts[0] in {"fields", "extra"} and len(parts) > 1:
        parts = parts[1:]
    told: list[str] = []
    for part in parts:
        if part.isdigit() and told:
            told[-1] += f" {int(part) + 1}"
        else:
            told.append(label(FACTS, part))
    return ", ".join(told)


def section_label(heading: str) -> str:
    """Return a section's heading, or the words for what stands before the first one."""
    return heading or str(gettext("Before the first heading"))

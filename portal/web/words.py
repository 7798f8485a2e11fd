"""Words for the values that several features show: kinds, states, roles, departments, facets.

Keyed by the plain value, so that this layer needs none of the enums above it; an unknown value is
shown as it is.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

Table = Mapping[str, LazyString]

KINDS: Table = {
    "battlecard": _("Battlecard"),
    "case-study": _("Case study"),
    "comparison": _("Comparison"),
    "faq": _("FAQ"),
    "one-pager": _("One-pager"),
    "playbook": _("Playbook"),
    "product-sheet": _("Product sheet"),
    "pricing-policy": _("Pricing policy"),
    "email-template": _("E-mail template"),
    "guide": _("Guide"),
    "deck": _("Deck"),
    "video": _("Video"),
}
KINDS_MANY: Table = {
    "battlecard": _("Battlecards"),
    "case-study": _("Case studies"),
    "comparison": _("Comparisons"),
    "faq": _("FAQs"),
    "one-pager": _("One-pagers"),
    "playbook": _("Playbooks"),
    "product-sheet": _("Product sheets"),
    "pricing-policy": _("Pricing policies"),
    "email-template": _("E-mail templates"),
    "guide": _("Guides"),
    "deck": _("Decks"),
    "video": _("Videos"),
}
STATES: Table = {
    "draft": _("Draft"),
    "review": _("In review"),
    "published": _("Published"),
    "retired": _("Retired"),
}
ROLES: Table = {
    "rep": _("Rep"),
    "contributor": _("Contributor"),
    "marketer": _("Marketer"),
    "manager": _("Manager"),
    "admin": _("Admin"),
}
DEPARTMENTS: Table = {
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "product": _("Product development"),
    "accounting": _("Accounting"),
    "customer-care": _("Customer care"),
}
FACETS: Table = {
    "kind": _("Kind"),
    "language": _("Language"),
    "product": _("Product"),
    "competitor": _("Competitor"),
    "industry": _("Industry"),
    "persona": _("Persona"),
    "stage": _("Stage"),
}


def label(table: Table, value: str | None) -> str:
    """The word for a value in the request's language; the value itself when it is unknown."""
    if not value:
        return ""
    return str(table.get(value, value))

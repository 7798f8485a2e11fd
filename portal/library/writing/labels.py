"""Words of the editor: what each kind of asset is for."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

KIND_HINTS: Table = {
    "battlecard": _("One page against one competitor: why we win, why they win, what to say."),
    "case-study": _("A customer, what hurt, what came out, in figures and their own words."),
    "comparison": _("A table of us and them, by what the customer decides by."),
    "faq": _("The questions customers ask, each with an answer to say."),
    "one-pager": _("All of it on one page, for somebody who knows nothing yet."),
    "playbook": _("How a meeting or a renewal is played, step by step."),
    "product-sheet": _("What a product does, what it costs, what it does not do."),
    "pricing-policy": _("List prices, discounts and who may give them."),
    "email-template": _("A letter to copy, with what to fill in before it is sent."),
    "guide": _("How something is done, in numbered steps."),
    "deck": _("Slides, and the sentence to say with each."),
    "video": _("A recording, and what to say before, during and after."),
}

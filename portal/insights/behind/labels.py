"""Words for the ages of a stage."""

from flask_babel import lazy_gettext as _

AGES = (_("first week"), _("weeks 2 to 3"), _("weeks 4 to 6"), _("week 7 and later"))
"""How long a deal had been in its stage: 0, 1-2, 3-5, 6 and more whole weeks."""

"""Markdown → safe HTML, → sections with stable anchors and sayable sentences, → plain text.

`flavours` tidies the source (lists, MDX, Liquid, `:::`), `cleaning` turns it into allow-listed
HTML under a time limit, `outline` cuts that into sections. What is stored or shown comes from here.
"""

from portal.markup.cleaning import MAX_SOURCE
from portal.markup.headings import first_heading
from portal.markup.outline import Document, Sayable, Section, plain, render
from portal.markup.slugs import fold, slugify

__all__ = [
    "MAX_SOURCE",
    "Document",
    "Sayable",
    "Section",
    "first_heading",
    "fold",
    "plain",
    "render",
    "slugify",
]

"""Which searches are the same, and how long and how often something can be promoted. Pure."""

from datetime import date, timedelta

from portal.search import analysis

EACH = 3
"""Assets promoted for one search at a time."""
LONGEST = timedelta(days=366)
USUAL = timedelta(days=90)
WORDS_MOST = 8
QUERY_MOST, REASON_MOST = 200, 300


def key_of(text: str) -> str:
    """Return what is the same for all ways to type a search: its terms without marks, sorted.

    Order, inflection, diacritics, stop words and repetition make no difference; "" for a text
    without words, or with more than can be meant to be searched for again.
    """
    words = analysis.query_terms(text).words
    if not words or len(words) > WORDS_MOST:
        return ""
    return " ".join(sorted({analysis.terms_of(word.typed)[-1] for word in words}))


def latest(today: date) -> date:
    """Return the last day a promotion can end on."""
    return today + LONGEST

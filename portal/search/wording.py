"""The words of a request, by which requests like it are found."""

from collections import Counter

from portal.search import analysis

MOST = 60


def words(text: str) -> dict[str, int]:
    """Return the words of a text as they are kept, with how often each stands in it."""
    terms = Counter(analysis.document_terms(text, bigrams=False).terms)
    return {term[:MOST]: number for term, number in terms.items()}

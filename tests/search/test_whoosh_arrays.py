"""Postings gathered while an index is built, sorted in lots of any size."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portal.search import whoosh_arrays
from portal.search.whoosh_arrays import Gathered

DOCUMENTS = st.lists(
    st.dictionaries(st.binary(min_size=1, max_size=2), st.integers(1, 9), max_size=6), max_size=12
)


@given(documents=DOCUMENTS, lot=st.integers(1, 8))
def test_each_term_has_its_documents_in_their_order_whatever_the_lots(documents, lot):
    wanted = defaultdict(list)
    gathered, most = Gathered(), whoosh_arrays.SORTED_AT
    whoosh_arrays.SORTED_AT = lot
    try:
        for number, counted in enumerate(documents):
            gathered.take(number, counted)
            for term, count in counted.items():
                wanted[term].append([number, count])
    finally:
        whoosh_arrays.SORTED_AT = most
    found = {
        term: np.frombuffer(pairs, np.float32).reshape(-1, 2).astype(int).tolist()
        for term, pairs in gathered.iter_postings()
    }
    assert found == dict(wanted)
    assert list(found) == sorted(found)

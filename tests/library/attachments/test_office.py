"""All the shared office files, a third of them broken or hostile: each read, or refused in words."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from portal.library.attachments import labels
from tests.bench import office


@pytest.mark.slow
def test_every_file_is_read_or_has_a_reason():
    if not office.REAL.is_dir():
        pytest.skip("no ../shared/data/office")
    # a child is said to have used what its parent had when it began: this process is a large one
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as small:
        found = small.submit(office.tallies, office.REAL).result()
    assert sum(it.files for it in found.values()) > 300
    for name, it in found.items():
        assert set(it.refused) <= set(labels.TROUBLES) | set(labels.REFUSALS), name
        assert it.refused["crashed"] == 0
        assert it.refused["slow"] == 0
        assert it.peak_mb <= 512
    for name in ("pdf", "docx", "pptx", "xlsx"):
        assert found[name].read >= found[name].files // 2


def test_every_word_for_a_trouble_is_known():
    for code in ("broken", "encrypted", "slow", "large", "crashed", "missing", "cut", "no-text"):
        assert str(labels.TROUBLES[code])
    assert "%" not in labels.refusal("unheard-of", {"name": "a"})

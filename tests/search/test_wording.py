"""The words of requests: stems and concepts that meet across languages, whatever is typed."""

from hypothesis import given
from hypothesis import strategies as st

from portal.search import analysis, trade, wording
from tests import make


def shared(one, two):
    return set(wording.words(one)) & set(wording.words(two))


def test_the_lexicon_is_large_and_whole():
    names = {name for name, _ in wording._table()}
    assert len(names) > 200
    for name in ("price", "discount", "migration", "security", "integration", "roi", "cold", "returns",
                 "support", "contract", "onboarding", "offline", "sla", "implementation"):  # fmt: skip
        assert name in names
    assert all(phrase for _, phrase in wording._table())


def test_no_word_of_every_request_is_a_concept():
    single = {p for p in wording.trade().exact if len(p) == 1}
    assert {p for p in single if p[0] in trade.everywhere()} == set()
    assert {p for p in single if analysis.is_stop(p[0])} == set()


def test_a_concept_is_the_same_in_three_languages(db):
    for texts in (
        (
            "discount for three-year contract",
            "chiết khấu hợp đồng dài hạn",
            "скидка, договор на три года",
        ),
        ("does the app work offline", "ứng dụng chạy khi mất mạng", "приложение без интернета"),
        ("security questionnaire", "bảng câu hỏi bảo mật", "опросник по безопасности"),
    ):
        one, two, three = ({w for w in wording.words(t) if w[0] == "="} for t in texts)
        assert len(one & two) >= 2, texts
        assert len(one & three) >= 2, texts


def test_diacritics_may_be_missing(db):
    assert {"=discount", "=contract"} <= shared("giảm giá hợp đồng", "giam gia hop dong")
    assert "hop_dong" in shared("giảm giá hợp đồng", "giam gia hop dong")


def test_one_syllable_needs_its_diacritics(db):
    assert "=price" in wording.words("giá")
    assert "=price" not in wording.words("quoc gia")


def test_a_longer_phrase_hides_those_inside_it(db):
    found = wording.words("gia hạn hợp đồng")
    assert "=renewal" in found
    assert "=price" not in found


def test_names_of_the_vocabulary_are_known_by_all_their_spellings(db):
    make.term("competitor", "kestrel", en="Kestrel WMS", ru="Кестрел")
    for text in ("Kestrel WMS is cheaper", "Кестрела дешевле"):
        assert "=competitor/kestrel" in wording.words(text), text


def test_a_new_name_is_known_at_once(db):
    assert "=competitor/stokkio" not in wording.words("Stokkio")
    make.term("competitor", "stokkio", en="Stokkio")
    assert "=competitor/stokkio" in wording.words("Stokkio")


def test_what_every_request_says_says_nothing(db):
    assert wording.words("please, I need a document for the customer") == {}
    assert wording.words("cần tài liệu, khách hỏi") == {}
    assert wording.words("нужен материал для клиента") == {}


def test_the_title_counts_most(db):
    found = wording.words("price\n\nmigration")
    assert found["=price"] == wording.TITLE * found["=migration"]


def test_repeating_does_not_help_for_ever(db):
    assert (
        wording.words("price " * 500)["=price"]
        == wording.REPEATED * wording.words("price")["=price"]
    )


@given(st.text(max_size=300))
def test_any_text_is_fine(text):
    found = wording._concepts(wording._said(text), wording.trade(), marked=False)
    assert all(word.startswith("=") for word in found)


def test_many_words_are_bounded(db):
    found = wording.words("x" * 100 + "\n" + " ".join(f"w{number}" for number in range(3000)))
    assert len(found) == wording.WORDS_MOST
    assert max(map(len, found)) <= wording.WORD_MOST


def test_hostile_letters(db):
    found = wording.words("a\x00b\ud800c \u202e\u200b price\x85tax")
    assert all("\x00" not in word and word.isprintable() for word in found)


def test_the_topic_leaves_out_what_every_request_says():
    assert wording.topic("Need a case study about cold stores, please") == "a about cold stores"

"""What keys meant in another mode: the Russian layout, the English one, Telex, VNI."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search import layouts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rehc", "курс"), ("ghjlf;", "продаж"), (",kjrbhjdrf", "блокировка"), ("CRBLRF?", "СКИДКА,")],
)
def test_russian_on_english_keys(typed, meant):
    assert layouts.to_russian(typed) == meant
    assert layouts.to_english(typed) == ""


@pytest.mark.parametrize(("typed", "meant"), [("зкшсу", "price"), ("лфтишт", "kanbin")])
def test_english_on_russian_keys(typed, meant):
    assert layouts.to_english(typed) == meant
    assert layouts.to_russian(typed) == ""


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [
        ("bangr", "bảng"),
        ("gias", "giá"),
        ("ddieenj", "điện"),
        ("nguwowif", "người"),
        ("hoas", "hóa"),
        ("quys", "quý"),
        ("giuwx", "giữ"),
        ("hoanf", "hoàn"),
        ("chuyeenr", "chuyển"),
        ("duongwf", "dường"),
        ("hang", ""),
        ("price", ""),
        ("docks", ""),
        ("giá", ""),
    ],
)
def test_telex(keys, syllable):
    assert layouts.telex(keys) == unicodedata.normalize("NFC", syllable)


@pytest.mark.parametrize(
    ("keys", "syllable"),
    [
        ("ba3ng", "bảng"),
        ("gia1", "giá"),
        ("ngu7o7i2", "người"),
        ("d9ie65n", "điện"),
        ("2026", ""),
        ("iso9001", ""),
        ("a", ""),
        ("w2w", ""),
    ],
)
def test_vni(keys, syllable):
    assert layouts.vni(keys) == syllable


@given(st.text(max_size=30))
def test_any_text_is_fine(text):
    for reading in layouts.READINGS:
        assert isinstance(reading.read(text), str)

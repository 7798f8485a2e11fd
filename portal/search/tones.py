"""Owns where the tone mark of a Vietnamese syllable stands today: hòa, not hoà."""

import re


def _tone_places() -> dict[str, str]:
    """Old to modern place of the tone mark: hoà → hòa, khoẻ → khỏe, thuý → thúy."""
    places = {}
    for lead, vowel, toned_vowels, toned_leads in (
        ("o", "a", "àáảãạ", "òóỏõọ"),
        ("o", "e", "èéẻẽẹ", "òóỏõọ"),
        ("u", "y", "ỳýỷỹỵ", "ùúủũụ"),
    ):
        for toned_vowel, toned_lead in zip(toned_vowels, toned_leads, strict=True):
            places[lead + toned_vowel] = toned_lead + vowel
    return places


_TONE_PLACES = _tone_places()
_OLD_TONE = re.compile("(?<!q)(?:" + "|".join(_TONE_PLACES) + ")$")


def placed(syllable: str) -> str:
    """The syllable with its tone mark in its modern place."""
    return _OLD_TONE.sub(lambda match: _TONE_PLACES[match.group()], syllable)

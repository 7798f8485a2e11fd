"""Nicknames stand for the names they are of; what is no nickname stays as it was typed."""

from portal.search import rules
from portal.search.nicknames import WEIGHT, Called, named


def words(asked):
    return {word.typed: dict(word.alternatives) for word in asked.words}


def test_a_nickname_is_searched_with_the_name_beside_it():
    asked = rules.ask("kwms price")
    found = words(named(asked, lambda _: [Called(0, 1, ("kestrel",))]))
    assert found["kwms"] == words(asked)["kwms"] | {"kestrel": WEIGHT}
    assert found["price"] == words(asked)["price"]


def test_each_word_of_a_longer_one_may_be_the_name():
    found = words(named(rules.ask("bird of prey"), lambda _: [Called(0, 3, ("kestrel",))]))
    assert "kestrel" in found["bird"]
    assert "kestrel" in found["prey"]


def test_what_was_typed_counts_as_it_is():
    asked = rules.ask("kestrel")
    assert named(asked, lambda _: [Called(0, 1, ("kestrel",))]) == asked
    assert named(asked, lambda _: []) is asked

"""What search does for requests, which lie below it: handed over by name at the start."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from portal.asset_requests.delivering.rules import Replayed
from portal.search import replaying, suggesting, wording
from portal.search.finding import Finder


def install(extensions: MutableMapping[str, Any]) -> None:
    """Give requests what they need, by `arsenal.`: replay, hits, words, terms, answers."""

    def replay(
        text: str, filters: Mapping[str, Sequence[str]], *, slug: str, reader: str
    ) -> Replayed:
        finder: Finder = extensions["arsenal.finder"]
        return replaying.replay(finder, text, filters, slug=slug, reader=reader)

    def answers(
        text: str, *, about: Mapping[str, str], prefer: str | None = None
    ) -> list[suggesting.Answering]:
        return suggesting.answers(extensions["arsenal.finder"], text, about=about, prefer=prefer)

    extensions["arsenal.replay"] = replay
    extensions["arsenal.answers"] = answers
    extensions["arsenal.hits"] = lambda text: suggesting.found(extensions["arsenal.finder"], text)
    extensions["arsenal.words"] = wording.words
    extensions["arsenal.terms"] = wording.terms

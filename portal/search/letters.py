"""Owns what matters in a long text somebody pasted: the words to search for in place of all.

A word tells more the rarer it is in the library and the oftener in the text; words of the trade,
and words that stand side by side in the library, too, tell more than those of any letter.
"""

import itertools
import math
from collections import Counter
from collections.abc import Sequence

from portal.search import analysis, trade
from portal.search.analysis import stem
from portal.search.expanding import Table
from portal.search.guessing import Frequencies

MOST = 12
"""Words used of a long text."""
READ_MOST, WEIGHED_MOST = 700, 250
"""Words of it that are looked at; different ones, and pairs of them, that are weighed."""
TRADE, BESIDE = 3.0, 1.5
"""How many times more a word of the trade tells; and one beside a word it stands by in texts."""
_ENGLISH = (
    "about after again all also always any back because been before best better both come day dear"
    " discuss during each ever every few first get give go good great happy hello her here hi him"
    " his hope hour into just know last let like little look lot made make many meet meeting more"
    " morning most much must never new next nice nobody now one only other over own part people"
    " please question rather really regard regards right said same say see send several she since"
    " sincerely some still such take team tell thank thanks think three time today tomorrow too two"
    " under until use very want way week well went while without work world year yes yesterday"
)
_VIETNAMESE = (
    "anh bạn biết cảm chào chị chúng chưa cần em giúp gửi hai hôm hơn hỏi kính lại làm lên mình"
    " mong muốn mọi ngay nhiều nhé nói năm ơn qua quý rồi sau sáng thân thấy thêm thể trân trước"
    " trọng tôi tuần xin xem"
)
_RUSSIAN = (
    "больше будем будет будут вместе вопрос время всегда вчера где год день для добрый должен друг"
    " дорогой еще завтра здравствуйте знать иметь каждый коллега который лучше много мочь нужно"
    " один очень первый перед письмо пожалуйста понимать после потом привет просить сделать"
    " сегодня сейчас сказать спасибо тогда уважаемый утро уважение хороший хотеть час человек"
)


_EVERYDAY = frozenset(stem(word) for word in f"{_ENGLISH} {_VIETNAMESE} {_RUSSIAN}".split())


def telling(text: str, frequencies: Frequencies, table: Table) -> list[str]:
    """The words that tell most of a text, in its order; its first words when none is known."""
    said = [token.text for token in itertools.islice(analysis.tokens(text), READ_MOST)]
    counted = Counter(word for word in said if not analysis.is_stop(word) and len(word) > 1)
    words = [word for word, _ in counted.most_common(WEIGHED_MOST)]
    found = dict(zip(words, frequencies([stem(word) for word in words]), strict=True))
    common, beside = _EVERYDAY | trade.everywhere(), _beside(said, frequencies)
    named = {said[it.place + n] for it in table.widen(said) for n in range(it.size)}
    most = max(found.values(), default=0) + 1
    value: dict[str, float] = {}
    for word, having in found.items():
        if having and stem(word) not in common:
            times = (TRADE if word in named else 1.0) * (BESIDE if word in beside else 1.0)
            value[word] = math.sqrt(counted[word]) * math.log(1 + most / having) * times
    best: dict[str, str] = {}
    for word in sorted(value, key=lambda word: (-value[word], word)):
        best.setdefault(stem(word), word)
    kept = frozenset(list(best.values())[:MOST])
    return [word for word in counted if word in kept] or words[:MOST]


def _beside(said: Sequence[str], frequencies: Frequencies) -> set[str]:
    """The words of a text that stand beside each other in the library, too."""
    couples = list(dict.fromkeys(itertools.pairwise(said)))[:WEIGHED_MOST]
    pairs = {couple: pair for couple in couples for pair in analysis.pairs(" ".join(couple))}
    having = frequencies(list(pairs.values()))
    return {word for couple, many in zip(pairs, having, strict=True) if many for word in couple}

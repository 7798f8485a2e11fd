"""Words of a sentence: split from its neighbours, stemmed, told to be an order or a question."""

import re
from functools import lru_cache
from threading import local

import snowballstemmer

SENTENCE_MOST = 1200
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|inc|ltd|co|corp|no|approx|min|max|st|fig|v\.v|tp|"
    r"т\.\s?е|т\.\s?д|т\.\s?п|т\.\s?к|руб|тыс|млн|млрд|стр|рис|г|ул|им|др|пр|см)|"
    r"(?<!\w)\w|^\W*\d{1,3})\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s)")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_ORDER = re.compile(
    r"^\W*(?:(?:please|then|now|first|next|never|always|just|so|and|also)[ ,]+)*"
    r"(?:ask|click|select|choose|"
    r"enter|send|open|use|check|wait|set|type|add|go|see|call|say|quote|test|put|do|don.t|let|tell|"
    r"give|take|make|keep|start|stop|try|run|move|create|read|write|compare|offer|show|find|"
    r"remember|note|consider|press|pick|bring|leave|get|install|learn|visit|join|download|sign|"
    r"specify|configure|enable|follow|ensure|verify|fill|review|view|define|provide|be|avoid|"
    r"hãy|đừng|nhấn|bấm|chọn|nhập|gửi|hỏi|nhớ|mời|đưa|xem|dùng|mở|tạo|thêm|đặt|kéo|"
    r"[а-яё]{2,20}(?:йте|ите|ьте)(?:сь)?)\b",
    re.IGNORECASE,
)
_STOP = frozenset(
    """a an the of to in on at for from by with and or is are was were be been it its this that
    than then as we our us you your they their them i my he she not no so more per each every over
    after before into up out about only just also has have had can will
    của và là các những một được có cho với trong trên từ đến thì mà này đó khi như cũng đã sẽ
    đang bên mình ta họ em anh chị ở ra vào còn mỗi theo về
    и в во на с со по за от до из у к о об что как это так мы наш наша наши нас вы ваш они их он
    она не но или же бы для при за уже ещё еще был была было были есть быть каждый
    том всего""".split()
)


class _Stemmers(local):
    """A stemmer keeps state while it works, so every thread has its own pair."""

    def __init__(self) -> None:
        self.en = snowballstemmer.stemmer("english")
        self.ru = snowballstemmer.stemmer("russian")


_stemmers = _Stemmers()


def sentences_of(text: str) -> list[str]:
    """Split a block into sentences; what would be longer than a page is cut."""
    found, start = [], 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        after = text[match.end() : match.end() + 3].lstrip()[:1]
        if after.islower() or (match[0] == "." and _SHORT.search(piece[-12:])):
            continue
        found.append(piece.strip())
        start = match.end()
    found.append(text[start:].strip())
    whole: list[str] = []
    for piece in found:
        if whole and piece.startswith("(") and piece.rstrip(".").endswith(")"):
            whole[-1] += f" {piece}"  # a source behind the full stop belongs to what is before it
        elif piece:
            whole.append(piece)
    return [piece[:SENTENCE_MOST] for piece in whole]


def is_question(sentence: str) -> bool:
    """Whether a sentence asks."""
    return sentence.rstrip("»”\"') .").endswith("?")


def is_order(sentence: str) -> bool:
    """Whether a sentence tells the reader what to do, in one of three languages."""
    return bool(_ORDER.match(sentence))


def stems_of(text: str, language: str) -> list[str]:
    """Return the words that carry a meaning, as stems, in their order."""
    words = (word for word in _WORD.findall(text.casefold()) if len(word) > 1)
    return [_stem(word, language) for word in words if word not in _STOP]


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    if language == "ru" and not word.isascii():
        return str(_stemmers.ru.stemWord(word.replace("ё", "е")))
    if word.isascii() and language != "vi":
        return str(_stemmers.en.stemWord(word))
    return word

"""Searches nobody should type, and somebody will: all planes of Unicode, operators, 10 kB of anything."""

import time
from itertools import cycle
from statistics import quantiles

from portal.config import Language
from portal.db import db, reading
from portal.search import rules
from tests.bench import mistakes, relevance, search_library
from tests.bench.table import Figure

LONGEST = 10_000
OPERATORS = (
    "AND", "OR", "NOT", "NEAR", "TO", "&&", "||", "+", "-", "!", "(", ")", "{", "}", "[", "]", "^",
    '"', "'", "~", "*", "?", ":", "\\", "/", "<", ">", "=", ";", "--", "«", "»", "“", "”", "%", "_",
    "title:", "kind:", "a*", "*a", "~2", "^4", "[a TO z]", "NULL", "\x00", "\r\n", "\u200f", "\u202e",
)  # fmt: skip
RUNS = (
    "a",
    "ạ",
    "a\u0301",
    "\u0301",
    "ы",
    "1",
    "a ",
    "- ",
    '"',
    "(",
    "𝔘",
    "👩‍👩‍👧",
    "字",
    "\u202e",
    "ﷺ",
    "_",
    "ё ",
)


def length(chance):
    """From 1 to LONGEST letters, each order of magnitude as often."""
    return int(10 ** chance.uniform(0, 4)) if chance.random() < 0.9 else LONGEST


def anything(chance, _):
    """Letters of all planes, lone surrogates and what is not assigned included."""
    planes = [(plane << 16, (plane << 16) + 0xFFFF) for plane in range(17)]
    return "".join(chr(chance.randint(*chance.choice(planes))) for _ in range(length(chance)))


def script(chance, _):
    """Letters of one part of Unicode, as somebody's language has them."""
    begin = chance.randrange(0, 0x1FFFF, 0x80)
    return "".join(chr(begin + chance.randrange(0x100)) for _ in range(length(chance)))


def operators(chance, words):
    """Words with all that a query language might mean something by."""
    count = max(1, length(chance) // 6)
    return chance.choice(("", " ")).join(
        chance.choice(OPERATORS) if chance.random() < 0.5 else chance.choice(words)
        for _ in range(count)
    )


def quoted(chance, words):
    """Quotes left open, words to leave out, phrases in phrases."""
    said = [chance.choice(words) for _ in range(max(1, min(length(chance), 900) // 6))]
    return " ".join(
        chance.choice(('"{}', '{}"', "-{}", '-"{}', '"{}"', "«{}", "{}")).format(w) for w in said
    )


def letter(chance, words):
    """What somebody pasted from an e-mail."""
    return " ".join(chance.choice(words) for _ in range(chance.randrange(50, 1500)))[:LONGEST]


def again(chance, _):
    """One thing over and over."""
    one = chance.choice(RUNS)
    return (one * (length(chance) // len(one) + 1))[:LONGEST]


def near(chance, words):
    """A word with a letter of anywhere in it."""
    word = chance.choice(words)
    place = chance.randrange(len(word) + 1)
    return word[:place] + anything(chance, words)[:3] + word[place:]


KINDS = (anything, script, operators, quoted, letter, again, near)


def naughty():
    """The well-known list of strings that break things, where it is."""
    found = sorted((relevance.SHARED / "hostile" / "hostile-naughty-strings").rglob("*.txt"))
    return [
        line for path in found for line in path.read_text("utf-8", "replace").splitlines() if line
    ]


def made(count, material):
    """So many searches, with what else an address may say."""
    chance = mistakes.chance_of("strange")
    words = [
        word
        for code in search_library.LANGUAGES
        for paragraph in material[code].paragraphs[:400]
        for word in paragraph.split()
    ]
    listed = naughty()[:count]
    yield from ((text, {}) for text in listed)
    kinds = cycle(KINDS)
    for _ in range(count - len(listed)):
        text = next(kinds)(chance, words)
        rest = {}
        if chance.random() < 0.2:
            rest["filters"] = {
                chance.choice((*rules.FACETS, "nothing")): [anything(chance, words)[:200], "en"]
            }
        if chance.random() < 0.1:
            rest |= {"page": anything(chance, words)[:10], "sort": chance.choice(("newest", "x"))}
        yield text, rest


def figures(app, material, count, worst):
    """How many fail, and what the slow ones take."""
    finder = app.extensions["arsenal.finder"]
    failed, spent, slow = [], [], []
    for text, rest in made(count, material):
        began, cpu = time.perf_counter(), time.process_time()
        try:
            with reading():
                finder.find(rules.ask(text, prefer=Language.EN, **rest))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            failed.append((repr(error)[:200], ascii(text[:80])))
        spent.append((time.perf_counter() - began) * 1000)
        slow.append((time.process_time() - cpu) * 1000)
        db.session.remove()
    for error, text in failed[:5]:
        print(f"FAILED {error} for {text}")
    p99, of_processor = (quantiles(values, n=100)[98] for values in (spent, slow))
    return [
        Figure("failed", len(failed), "", most=0),
        Figure("p99", p99, "ms", most=worst,
               note=f"of processor {of_processor:.0f}; the worst {max(spent):.0f}"),
    ]  # fmt: skip

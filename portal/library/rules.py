"""What is decided about assets without a database: kinds, states, battlecard parts, addresses."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from portal.config import Language
from portal.markup import Sayable, Section, fold, slugify

SLUG_LIMIT = 200
WORDS_A_MINUTE = 200


class Kind(StrEnum):
    """What an asset is."""

    BATTLECARD = "battlecard"
    CASE_STUDY = "case-study"
    COMPARISON = "comparison"
    FAQ = "faq"
    ONE_PAGER = "one-pager"
    PLAYBOOK = "playbook"
    PRODUCT_SHEET = "product-sheet"
    PRICING_POLICY = "pricing-policy"
    EMAIL_TEMPLATE = "email-template"
    GUIDE = "guide"
    DECK = "deck"
    VIDEO = "video"


class State(StrEnum):
    """How far an asset has come; reps see only what is published."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Facet(StrEnum):
    """The five lists of the controlled vocabulary."""

    PRODUCT = "product"
    COMPETITOR = "competitor"
    INDUSTRY = "industry"
    PERSONA = "persona"
    STAGE = "stage"


class Part(StrEnum):
    """The parts of a battlecard; the value is the section's anchor in every language."""

    QUICK_FACTS = "quick-facts"
    WHY_WE_WIN = "why-we-win"
    WHY_THEY_WIN = "why-they-win"
    OBJECTIONS = "objections"
    LANDMINES = "landmines"
    PRICING = "pricing"
    PROOF = "proof"
    TALK_TRACK = "talk-track"


_PART_NAMES: dict[Part, str] = {
    Part.QUICK_FACTS: (
        "quick facts, facts, at a glance, key facts, overview, snapshot, thông tin nhanh, "
        "tổng quan, tóm tắt, thông tin chính, коротко, кратко, главное, быстрые факты, обзор"
    ),
    Part.WHY_WE_WIN: (
        "why we win, where we win, how we win, our strengths, vì sao ta thắng, "
        "vì sao chúng ta thắng, tại sao ta thắng, tại sao chúng ta thắng, ta thắng ở đâu, "
        "điểm mạnh của ta, почему мы выигрываем, почему выигрываем мы, где мы сильнее, "
        "где сильнее мы, наши сильные стороны"
    ),
    Part.WHY_THEY_WIN: (
        "why they win, where they win, how they win, their strengths, why we lose, "
        "vì sao họ thắng, tại sao họ thắng, họ thắng ở đâu, điểm mạnh của họ, "
        "почему выигрывают они, почему они выигрывают, где они сильнее, где сильнее они, "
        "их сильные стороны, почему мы проигрываем"
    ),
    Part.OBJECTIONS: (
        "objections, objection handling, handling objections, common objections, lời từ chối, "
        "từ chối, xử lý từ chối, xử lý lời từ chối, phản đối, возражения, "
        "работа с возражениями, отработка возражений"
    ),
    Part.LANDMINES: (
        "landmines, landmine questions, traps, trap questions, questions to ask, câu hỏi gài bẫy, "
        "câu hỏi bẫy, gài bẫy, вопросы ловушки, вопрос ловушка, ловушки, мины"
    ),
    Part.PRICING: (
        "pricing, price, prices, cost, costs, giá, giá cả, bảng giá, chi phí, цена, цены, "
        "стоимость, ценообразование"
    ),
    Part.PROOF: (
        "proof, proof points, evidence, references, bằng chứng, dẫn chứng, minh chứng, "
        "доказательства, подтверждения, факты и цифры"
    ),
    Part.TALK_TRACK: (
        "talk track, talking points, talk tracks, pitch, script, lời thoại, kịch bản, "
        "kịch bản nói chuyện, речевой модуль, речевые модули, скрипт, скрипт разговора"
    ),
}
_PART_ANCHORS = {part.value: part for part in Part}
_PARTS = {fold(name): part for part, names in _PART_NAMES.items() for name in names.split(", ")}
_KINDS = {kind.value: kind for kind in Kind}
_NUMBERING = re.compile(r"^(?:\d+|[ivx]+)\s+")


def part_of(heading: str) -> Part | None:
    """Recognise a battlecard heading in three languages; case, marks and numbering do not count."""
    folded = fold(heading)
    return _PARTS.get(folded) or _PARTS.get(_NUMBERING.sub("", folded))


def anchor_of(heading: str) -> str | None:
    """Return the fixed anchor of a battlecard heading, for `markup.render`."""
    return part_of(heading)


def kind_of(name: str) -> Kind | None:
    """Recognise a kind's name as people write it: `Case Studies`, `case_study`, `FAQs`."""
    folded = fold(name).replace(" ", "-").replace("e-mail", "email")
    for candidate in (folded, folded.removesuffix("s"), re.sub("ies$", "y", folded)):
        for known in (candidate, candidate.replace("battle-card", "battlecard")):
            if known in _KINDS:
                return _KINDS[known]
    return None


_LANGUAGE_NAMES = {
    **dict.fromkeys(("english", "eng", "tieng anh"), Language.EN),
    **dict.fromkeys(("vietnamese", "vie", "tieng viet"), Language.VI),
    **dict.fromkeys(("russian", "rus", "tieng nga", fold("русский")), Language.RU),
}
_LOCALE = re.compile(r"(en|vi|ru)(?:[-_][a-z]{2,4})?", re.IGNORECASE)


def language_of(name: str) -> Language | None:
    """Recognise a language tag (`vi`, `ru-RU`) or name; None for anything else."""
    match = _LOCALE.fullmatch(name.strip())
    return Language(match[1].lower()) if match else _LANGUAGE_NAMES.get(fold(name))


@dataclass(frozen=True, slots=True)
class Nested:
    """A section as a page shows it: with the items of level 3 that belong under it."""

    anchor: str
    level: int
    heading: str
    html: str
    sayables: tuple[Sayable, ...]
    part: Part | None
    items: "tuple[Nested, ...]" = ()


def nest(sections: Iterable[Section]) -> tuple[Nested, ...]:
    """Put items of level 3 under the section before them; order stays."""
    heads: list[tuple[Section, list[Nested]]] = []
    for section in sections:
        if section.level > 2 and heads and heads[-1][0].level in {1, 2}:  # noqa: PLR2004
            heads[-1][1].append(_nested(section))
        else:
            heads.append((section, []))
    return tuple(_nested(head, tuple(items)) for head, items in heads)


def _nested(section: Section, items: tuple[Nested, ...] = ()) -> Nested:
    return Nested(
        anchor=section.anchor,
        level=section.level,
        heading=section.heading,
        html=section.html,
        sayables=section.sayables,
        part=_PART_ANCHORS.get(section.anchor),
        items=items,
    )


def minutes(words: int) -> int:
    """Return the reading time in whole minutes, at least 1."""
    return max(1, round(words / WORDS_A_MINUTE))


def pick_language(
    available: Collection[str], asked: str | None = None, own: str | None = None
) -> Language:
    """Choose the text to show: as asked, else the person's, else English, else the first there is.

    Raises:
        ValueError: when no text is available.
    """
    for wanted in (asked, own, Language.EN):
        if wanted in available:
            return Language(str(wanted))
    return Language(min(available))


_CODE = re.compile(r"```.*?```|`[^`\n]*`|<[^<>]*>|https?://\S+|\{%[^%]*%\}", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_PLAIN_VIETNAMESE = re.compile(
    r"\b(?:khong|nhung|duoc|khach|hang|cua|chung|nguoi|trong|nhu|voi|cho|viec|mot)\b", re.IGNORECASE
)
SAMPLE = 20_000


def detect_language(text: str) -> Language:
    """Guess the language of a text from its letters and commonest words; English when unsure."""
    words = _CODE.sub(" ", text[: SAMPLE * 3])[:SAMPLE]
    letters = len(_LETTER.findall(words)) or 1
    if len(_RUSSIAN.findall(words)) / letters > 0.2:  # noqa: PLR2004  # terms stay Latin
        return Language.RU
    if len(_VIETNAMESE.findall(words)) / letters > 0.08:  # noqa: PLR2004  # a quarter, when pure
        return Language.VI
    plain = len(_PLAIN_VIETNAMESE.findall(words)) / (words.count(" ") + 1)
    return Language.VI if plain > 0.08 else Language.EN  # noqa: PLR2004  # typed without marks


@dataclass(frozen=True, slots=True)
class Place:
    """What a file's relative path says about it."""

    slug: str  # "" when the path holds nothing but a language
    language: Language | None
    kind: Kind | None


def short_hash(text: str) -> str:
    """Return six hex digits that tell two paths apart."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]


def bounded_slug(text: str) -> str:
    """Return a slug of at most 200 characters; a longer one ends in a hash of the whole."""
    slug = slugify(text, 100_000)
    if len(slug) <= SLUG_LIMIT:
        return slug
    return f"{slugify(slug, SLUG_LIMIT - 7)}-{short_hash(slug)}"


def _marked(stem: str) -> tuple[str, str]:
    """Part a file's name from its mark of a language: `card.vi`; "" for what is not there."""
    head, dot, tail = stem.rpartition(".")
    if _LOCALE.fullmatch(tail) and (head or not dot):
        return head, tail
    return stem, ""


def name_of(path: str) -> str:
    """Return what a file is called: its name without the mark of a language, else its folder's."""
    pure = PurePosixPath(path)
    return _marked(pure.stem)[0] or pure.parent.name or pure.stem


def place_of(path: str) -> Place:
    """Read slug, language and kind from a path below the folder given.

    `a/b/My file.vi.md` is `a-b-my-file` in Vietnamese; of the language marks only the nearest to
    the name counts and is left out of the slug; the nearest folder named after a kind gives it.
    """
    pure = PurePosixPath(path)
    folders, (stem, mark) = list(pure.parts[:-1]), _marked(pure.stem)
    language = language_of(mark) if mark else None
    if language:
        parts = [*folders, stem] if stem else folders
    else:
        parts = [*folders, stem]
        for number in reversed(range(len(folders))):
            if _LOCALE.fullmatch(folders[number]):
                language = language_of(folders[number])
                del parts[number]
                break
    kind = next(filter(None, (kind_of(folder) for folder in reversed(folders))), None)
    words = "-".join(slugify(part, 100_000) for part in parts)
    return Place(bounded_slug(words) if words else "", language, kind)


def export_path(slug: str, kind: str, language: str) -> str:
    """Return where a text is exported; no two texts share a path, in any case of letters.

    A slug that begins with its kind is told by its folders (`battlecard-x`: `battlecard/x/en.md`).
    Any other is a file beside those folders (`x`: `battlecard/x.en.md`) and states its slug.
    """
    rest = slug.removeprefix(f"{kind}-")
    return f"{kind}/{rest}/{language}.md" if rest != slug else f"{kind}/{slug}.{language}.md"


def tell_apart(slug: str, path: str) -> str:
    """Return another slug for the second file that came to the same one."""
    return f"{slugify(slug, SLUG_LIMIT - 7)}-{short_hash(path)}"

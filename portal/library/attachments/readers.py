"""Reads text by page, slide, sheet or part, draws a preview; for the locked-in process only."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from portal.library.attachments.sniffing import UnfitError

CHARACTERS = 400_000
"""Characters kept of one file: some 130 dense pages."""
PASSAGES = 2000
LABEL_MOST = 200
PART = 2000
"""Characters after which a Word file's text begins a new part, when no heading does so before."""
PREVIEW = 480
"""Pixels of a preview's longer side."""
PIXELS_MOST = 60_000_000
PDF_PAGES = 1500
ROWS_MOST = 50_000
_BLANKS = re.compile(r"[^\S\n]+")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_HYPHEN = re.compile("(?<=\\w)[\u00ad\u0002]\\s*\n?")


def tidy(text: str) -> str:
    """Return a text as it can be kept: no controls, no runs of blanks or empty lines."""
    text = _UNFIT.sub(" ", _HYPHEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class Text:
    """The passages read so far: (number, label, text), up to a bound."""

    passages: list[tuple[int, str, str]] = field(default_factory=list)
    left: int = CHARACTERS
    is_full: bool = False

    def add(self, number: int, label: str, text: str) -> bool:
        """Keep a passage; False when no more is wanted."""
        text, label = tidy(text), " ".join(tidy(label).split())[:LABEL_MOST]
        if text or label:
            self.is_full = len(text) > self.left or len(self.passages) >= PASSAGES
            text = text[: self.left]
            self.left -= len(text)
            self.passages.append((number, label, text))
        return not self.is_full


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds; `preview` is a WebP picture, empty when there is none."""

    pages: int | None
    text: Text
    preview: bytes = b""


def _drawn(image: Any) -> bytes:  # noqa: ANN401  # a PIL image
    image.thumbnail((PREVIEW, PREVIEW))
    kept = io.BytesIO()
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    image.convert("RGBA" if has_alpha else "RGB").save(kept, "WEBP", quality=78, method=3)
    return kept.getvalue()


def read_image(file: BinaryIO) -> Found:
    """Draw a picture small; it has no text.

    Raises:
        UnfitError: when it has too many pixels or is broken.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  # each library only for its own files

    Image.MAX_IMAGE_PIXELS = PIXELS_MOST // 2  # it refuses from twice that on
    try:
        with Image.open(file, formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > PIXELS_MOST:
                raise UnfitError("large")
            image.draft("RGB", (PREVIEW * 2, PREVIEW * 2))
            return Found(None, Text(), _drawn(ImageOps.exif_transpose(image)))
    except Image.DecompressionBombError as error:
        raise UnfitError("large") from error


def read_pdf(file: BinaryIO) -> Found:
    """Read a PDF page by page, and draw the first.

    Raises:
        UnfitError: when it asks for a password, or is broken.
    """
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise UnfitError("encrypted" if "assword" in str(error) else "broken") from error
    count = len(document)
    if not count:
        raise UnfitError("broken")
    text, preview, unread = Text(), b"", 0
    for number in range(1, min(count, PDF_PAGES) + 1):
        try:
            page = document[number - 1]
            if number == 1:
                preview = _first_page(page)
            words = page.get_textpage().get_text_bounded()
            page.close()
        except pypdfium2.PdfiumError:
            unread += 1
            continue
        if not text.add(number, "", words):
            break
    if unread == count:
        raise UnfitError("broken")
    text.is_full |= count > PDF_PAGES
    return Found(count, text, preview)


def _first_page(page: Any) -> bytes:  # noqa: ANN401
    width, height = page.get_size()
    longer = max(width, height)
    if longer <= 0 or min(width, height) <= 0:
        return b""
    return _drawn(page.render(scale=2 * PREVIEW / longer, may_draw_forms=False).to_pil())


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = ("footnotes", "endnotes", "comments", "header", "footer")


def _paragraphs(element: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401
    """Yield every paragraph below an element with its own text, text boxes and tables included."""
    texts: dict[Any, list[str]] = {}

    def walk(node: Any, paragraph: Any) -> None:  # noqa: ANN401
        for child in node:
            tag = child.tag
            if tag == _FALLBACK or not isinstance(tag, str):
                continue
            if tag == _WORD + "p":
                texts[child] = []
                walk(child, child)
            elif paragraph is not None and tag == _WORD + "t":
                texts[paragraph].append(child.text or "")
            elif paragraph is not None and tag in {_WORD + "tab", _WORD + "br", _WORD + "cr"}:
                texts[paragraph].append(" ")
            else:
                walk(child, paragraph)

    walk(element, None)
    for paragraph, parts in texts.items():
        yield paragraph, "".join(parts)


def read_docx(file: BinaryIO) -> Found:
    """Read a Word file in parts: one a heading, or some 2,000 characters."""
    import docx  # noqa: PLC0415

    document = docx.Document(file)
    text = Text()
    number, label, lines, size = 1, "", [], 0  # type: int, str, list[str], int
    headings = {s.style_id: s.name or "" for s in document.styles if hasattr(s, "style_id")}
    for paragraph, words in _paragraphs(document.element.body):
        style = headings.get(getattr(paragraph, "style", None) or "", "").lower()
        is_heading = style.startswith(("heading", "title")) and words.strip()
        if (is_heading and lines) or size > PART:
            if not text.add(number, label, "\n".join(lines)):
                return Found(None, text)
            number, label, lines, size = number + 1, label if size > PART else "", [], 0
        if is_heading:
            label = words
        lines.append(words)
        size += len(words)
    text.add(number, label, "\n".join(lines))
    _notes(document, text, number + 1)
    return Found(None, text)


def _notes(document: Any, text: Text, number: int) -> None:  # noqa: ANN401
    """Add what stands outside the body: footnotes, comments, headers."""
    from lxml import etree  # noqa: PLC0415  # python-docx brings it

    seen: dict[str, None] = {}
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(_NOTES):
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(relation.target_part.blob, parser)
        seen.update(dict.fromkeys(words for _, words in _paragraphs(root) if words.strip()))
    if seen and not text.is_full:
        text.add(number, "", "\n".join(seen))


def _shapes(shapes: Any) -> Iterator[str]:  # noqa: ANN401
    for shape in shapes:
        if getattr(shape, "has_text_frame", False):
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield " | ".join(cell.text_frame.text for cell in row.cells)
        elif hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)


def read_pptx(file: BinaryIO) -> Found:
    """Read a presentation slide by slide, the speaker's notes included."""
    import pptx  # noqa: PLC0415

    presentation = pptx.Presentation(file)
    text, slides = Text(), list(presentation.slides)
    for number, slide in enumerate(slides, start=1):
        title = slide.shapes.title
        words = list(_shapes(slide.shapes))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            words.append(slide.notes_slide.notes_text_frame.text)
        label = title.text_frame.text if title is not None and title.has_text_frame else ""
        if not text.add(number, label, "\n".join(words)):
            break
    return Found(len(slides), text)


def read_xlsx(file: BinaryIO) -> Found:
    """Read a workbook sheet by sheet, values as they were last calculated."""
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    text, sheets = Text(), book.worksheets
    for number, sheet in enumerate(sheets, start=1):
        sheet.reset_dimensions()  # what the file says of its size may be anything
        lines, size = [], 0
        for rows, row in enumerate(sheet.iter_rows(values_only=True)):
            words = " | ".join(str(cell) for cell in row if cell not in (None, ""))
            if words:
                lines.append(words)
                size += len(words)
            if size > CHARACTERS or rows > ROWS_MOST:
                break
        if not text.add(number, sheet.title or "", "\n".join(lines)):
            break
    return Found(len(sheets), text)


READERS: dict[str, Callable[[BinaryIO], Found]] = {
    "pdf": read_pdf,
    "pptx": read_pptx,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "image": read_image,
}

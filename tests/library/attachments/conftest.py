"""Files of every kind as bytes, made with the libraries that write them, and a store to keep them in."""

import io
import zipfile

import pytest

from portal.library.attachments.store import LocalStore
from tests.library.attachments.buckets import given_s3, moto_s3, swift_s3

__all__ = ["given_s3", "moto_s3", "swift_s3"]  # fixtures

PHRASE = "zanzibarquote"


def pdf(*pages):
    """A PDF with a line of text on each page."""
    kids, objects = [], []
    for number, words in enumerate(pages):
        page, stream = 4 + 2 * number, f"BT /F1 24 Tf 20 100 Td ({words}) Tj ET".encode()
        kids.append(f"{page} 0 R")
        objects.append(
            f"{page} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents {page + 1} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>>>>> endobj\n".encode()
        )
        objects.append(
            f"{page + 1} 0 obj <</Length {len(stream)}>> stream\n".encode()
            + stream
            + b"\nendstream endobj\n"
        )
    head = (
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        + f"2 0 obj <</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>> endobj\n".encode()
        + b"3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n"
    )
    return head + b"".join(objects) + b"trailer <</Root 1 0 R>>\n%%EOF\n"


def saved(thing):
    kept = io.BytesIO()
    thing.save(kept)
    return kept.getvalue()


def pptx(*slides):
    import pptx

    deck = pptx.Presentation()
    for title in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.notes_slide.notes_text_frame.text = f"notes of {title}"
    return saved(deck)


def docx(*paragraphs):
    import docx

    document = docx.Document()
    document.add_heading("The heading", 1)
    for words in paragraphs:
        document.add_paragraph(words)
    document.add_table(1, 2).rows[0].cells[1].text = "in a cell"
    return saved(document)


def xlsx(**sheets):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def png(size=(40, 20), colour="red"):
    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "PNG")
    return kept.getvalue()


def repacked(package, changes=(), *, compression=zipfile.ZIP_DEFLATED):
    """A package with parts replaced or added: (name, bytes)."""
    changes = dict(changes)
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(kept, "w", compression) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, changes.pop(part.filename, None) or old.read(part))
        for name, body in changes.items():
            new.writestr(name, body)
    return kept.getvalue()


def part(package, name):
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "files")

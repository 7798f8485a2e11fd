"""What a file is by its content alone: first bytes, and for Office files what the package says."""

import re
import zipfile
import zlib
from typing import BinaryIO

HEAD = 4096
ENTRIES_MOST = 5000
UNPACKED_MOST = 300_000_000  # bytes of all parts together
PART_MOST = 120_000_000
RATIO_MOST = 300
_LARGE = 10_000_000  # bytes from which on a part's ratio tells a bomb from a dull picture
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAINS = (
    (b"presentationml.presentation.main+xml", "pptx"),
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
)
_DOCTYPE = re.compile(
    b"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0T\0|E\0N\0T\0I\0)|\0<\0!\0(?:D\0O\0C\0T|E\0N\0T\0I)",
    re.IGNORECASE,
)
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:svg|\w+:svg)\b",
    re.IGNORECASE | re.DOTALL,
)
_VIDEO_BRANDS = frozenset(
    b"isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 M4VP MSNV dash 3gp4 3gp5 mmp4".split()
) | {b"M4V ", b"qt  "}


class UnfitError(Exception):
    """A file that is not taken, or can not be read; `code` is the word for why."""

    def __init__(self, code: str) -> None:
        """Keep the code; see `labels.TROUBLES` for the words."""
        super().__init__(code)
        self.code = code


def type_of(file: BinaryIO) -> str:
    """Return the key of `rules.TYPES` a file's content stands for, or `zip` or `ole`.

    Those two are told apart by `package_type` and `is_encrypted_office`: that costs more than a
    look at the head.

    Raises:
        UnfitError: empty, svg or unknown.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head:
        raise UnfitError("empty")
    for start, name in (
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (_OLE, "ole"),
    ):
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _VIDEO_BRANDS:
        return "mp4"
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:80]:
        return "webm"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    raise UnfitError("svg" if _SVG.match(head) else "unknown")


def is_encrypted_office(file: BinaryIO) -> bool:
    """Whether an OLE file is an Office file behind a password, as its directory says."""
    file.seek(0)
    name = "EncryptedPackage".encode("utf-16-le")
    before = b""
    while chunk := file.read(_CHUNK):
        if name in before + chunk:
            return True
        before = chunk[-len(name) :]
    return False


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip file whose parts are of bearable number and size, none of them hiding another.

    Raises:
        UnfitError: broken, bomb or encrypted.
    """
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError) as error:
        raise UnfitError("broken") from error
    parts = package.infolist()
    if len(parts) > ENTRIES_MOST or sum(part.file_size for part in parts) > UNPACKED_MOST:
        raise UnfitError("bomb")
    names, offsets = set(), set()
    for part in parts:
        if part.flag_bits & 1:
            raise UnfitError("encrypted")
        packed = max(1, part.compress_size)
        if part.file_size > PART_MOST:
            raise UnfitError("bomb")
        if part.file_size > _LARGE and part.file_size / packed > RATIO_MOST:
            raise UnfitError("bomb")
        names.add(part.filename.casefold())
        offsets.add(part.header_offset)
    if len(offsets) != len(parts):  # several names for one run of bytes: how bombs are folded
        raise UnfitError("bomb")
    if len(names) != len(parts):  # readers differ in which of the two they take
        raise UnfitError("broken")
    return package


def package_type(package: zipfile.ZipFile) -> str:
    """Return whether a package is a pptx, docx or xlsx; look at every part that could do harm.

    Raises:
        UnfitError: unknown, macros, broken, bomb or unsafe.
    """
    try:
        kinds = package.read("[Content_Types].xml")
    except KeyError as error:
        raise UnfitError("unknown") from error
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise UnfitError("broken") from error
    names = [name.casefold() for name in package.namelist()]
    if b"macroenabled" in kinds.lower() or any(n.endswith("vbaproject.bin") for n in names):
        raise UnfitError("macros")
    return next((kind for main, kind in _MAINS if main in kinds), "") or _unknown()


def _unknown() -> str:
    raise UnfitError("unknown")


def is_strict(package: zipfile.ZipFile) -> bool:
    """Whether a package is of the strict variant of the format, which libraries do not read."""
    return "_rels/.rels" in package.namelist() and b"purl.oclc.org" in package.read("_rels/.rels")


def check_parts(package: zipfile.ZipFile) -> None:
    """Refuse a package with a part that is damaged, or XML with a DTD: Office never writes one.

    Raises:
        UnfitError: unsafe or broken.
    """
    for part in package.infolist():
        if not part.filename.casefold().endswith((".xml", ".rels", ".vml")):
            continue
        try:
            has_dtd = _has_dtd(package, part)
        except Exception as error:
            raise UnfitError("broken") from error
        if has_dtd:
            raise UnfitError("unsafe")


def _has_dtd(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    before = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if _DOCTYPE.search(before + chunk):
                return True
            before = chunk[-24:]
    return False

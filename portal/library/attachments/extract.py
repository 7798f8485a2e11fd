"""The process that opens strangers' files: `python -m …attachments.extract MODE KIND`.

The file is standard input, the answer one JSON object on standard output. MODE `look` tells what
a container is, `read` its text by page and a preview. Nothing of the portal but the modules
beside this one is loaded: no settings, no database, no secrets.
"""

import base64
import json
import sys
from typing import Any, BinaryIO

from portal.library.attachments import sniffing
from portal.library.attachments.confining import confine
from portal.library.attachments.sniffing import UnfitError


def look(file: BinaryIO) -> dict[str, Any]:
    """Return what a container is.

    Raises:
        UnfitError: when it is nothing we take.
    """
    found = sniffing.type_of(file)
    if found == "ole":
        if not sniffing.is_encrypted_office(file):
            raise UnfitError("old")
        return {"type": "encrypted"}
    if found == "zip":
        with sniffing.open_package(file) as package:
            found = sniffing.package_type(package)
            sniffing.check_parts(package)
    return {"type": found}


def read(file: BinaryIO, kind: str) -> dict[str, Any]:
    """Return the text and a preview of a file of a kind.

    Raises:
        UnfitError: when it can not be read.
    """
    if sniffing.type_of(file) == "ole":
        raise UnfitError("encrypted" if sniffing.is_encrypted_office(file) else "old")
    if kind in {"docx", "pptx", "xlsx"}:
        with sniffing.open_package(file) as package:
            sniffing.package_type(package)
            sniffing.check_parts(package)
            if sniffing.is_strict(package):
                raise UnfitError("strict")
    from portal.library.attachments import readers  # noqa: PLC0415  # only now: it loads libraries

    found = readers.READERS[kind](file)
    return {
        "pages": found.pages,
        "passages": found.text.passages,
        "cut": found.text.is_full,
        "preview": base64.b64encode(found.preview).decode(),
    }


def answer(mode: str, kind: str, file: BinaryIO) -> dict[str, Any]:
    """Return what was found, or the word for why not."""
    try:
        return look(file) if mode == "look" else read(file, kind)
    except UnfitError as error:
        return {"trouble": error.code}
    except MemoryError:
        return {"trouble": "large"}
    except RecursionError:
        return {"trouble": "broken"}
    except Exception as error:  # noqa: BLE001  # whatever a library meets in a broken file
        return {"trouble": "broken", "why": f"{type(error).__name__}: {error}"[:300]}


def main() -> None:
    """Be the child."""
    mode, kind = sys.argv[1:3]
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it for nothing
    if mode == "read":
        confine()
    else:
        confine(cpu=10)
    told = json.dumps(answer(mode, kind, sys.stdin.buffer), ensure_ascii=True)
    sys.stdout.write(told)
    sys.stdout.flush()


if __name__ == "__main__":
    main()

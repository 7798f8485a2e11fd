"""What a package is, told from its parts; a damaged one is refused in words."""

import io
import zipfile

import pytest

from portal.library.attachments import sniffing


def package(types):
    """A package whose list of parts is this."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", types)
    return held.getvalue()


def test_a_package_whose_parts_can_not_be_unpacked_is_broken():
    whole = bytearray(package("<Types>" + "spreadsheetml" * 50 + "</Types>"))
    start = 30 + len("[Content_Types].xml")  # behind the head of its first part
    whole[start : start + 8] = b"\xff" * 8
    with (
        zipfile.ZipFile(io.BytesIO(bytes(whole))) as read,
        pytest.raises(sniffing.UnfitError, match="broken"),
    ):
        sniffing.package_type(read)

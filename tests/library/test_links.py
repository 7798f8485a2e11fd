"""Addresses of assets, made and read back."""

import pytest

from portal.library.links import asset_path, slug_in


@pytest.mark.parametrize(
    "address",
    [
        asset_path("kestrel"),
        asset_path("kestrel", "vi", anchor="why", trail="from=request"),
        "https://arsenal.example.com/assets/kestrel/en?x=/assets/other#y",
        "kestrel",
        " kestrel/ ",
    ],
)
def test_the_slug_is_read_from_any_address(address):
    assert slug_in(address) == "kestrel"


@pytest.mark.parametrize("address", ["", "/", "?q", "/assets/", "#"])
def test_an_address_without_one_has_none(address):
    assert slug_in(address) == ""

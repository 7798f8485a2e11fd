"""Gives an asset named like a page an address: `/desk/jobs` is a page, `/desk/~jobs` the asset."""

from typing import Any

from flask import Flask

MARK = "~"
"""Put before a slug that would lead to a page; no slug has one."""


def names(app: Flask, prefix: str) -> frozenset[str]:
    """Return what a slug right after the prefix would be taken for: the names of its pages."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix)]
    words = {rule.removeprefix(prefix).split("/", 1)[0] for rule in rules}
    return frozenset(word for word in words if word and not word.startswith("<"))


def install(app: Flask, prefix: str) -> None:
    """Mark such slugs in the addresses below a prefix, and take the mark off what is asked for.

    The names are those of the URL map, so a page that comes later takes no asset's place; this is
    called when all blueprints are registered.
    """
    taken = names(app, prefix)
    below = frozenset(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{prefix}<slug>")
    )

    @app.url_defaults
    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in below and values.get("slug") in taken:
            values["slug"] = MARK + values["slug"]

    @app.url_value_preprocessor
    def unmark(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and endpoint in below and values["slug"].removeprefix(MARK) in taken:
            values["slug"] = values["slug"].removeprefix(MARK)

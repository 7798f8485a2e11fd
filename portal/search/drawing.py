"""Draws what a page of results holds by the dozen: hits, and the options of its facets.

In Python, because a template passes on every scrap of text: these two were a fifth of a search.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

SAYABLE = 8
"""Hits that show their sentence to copy, and a pin; further down it would only be scrolled past."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class HitView:
    """One hit as the page shows it; what is `Markup` has been escaped where it was made."""

    url: str
    asset_id: int
    language: str
    revision: int
    tags: Markup
    facts: Markup
    spoken: Markup
    title: Markup
    snippet: Markup
    section_heading: str
    section_url: str
    section_language: str
    is_file: bool
    sayable: str
    missing: Sequence[str]
    other_languages: Sequence[tuple[str, str]]
    by: str = ""  # what was found in place of what was typed
    rated: str = ""  # how it is rated: an <li>, or nothing
    promoted: str = ""  # that marketing recommends it, and until when
    pin: str = ""  # the button that pins it for oneself, drawn
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words and pictures of a hit, in the language of the page."""

    icon: SimpleNamespace
    copy: str
    without: str
    languages: Mapping[Any, str]
    why: str


def options(name: str, found: Iterable[Option]) -> Markup:
    """Draw the values of a facet as boxes to tick."""
    return Markup("\n".join(_option(name, it) for it in found))  # noqa: S704  # escaped below


def _option(name: str, it: Option) -> str:
    ticked = " checked" if it.selected else ""
    box = f'<input type="checkbox" name="{name}" value="{escape(it.value)}"{ticked}>'
    count = f'<data value="{it.count}">{it.count}</data>'
    return f"<label>{box}<span>{escape(it.label)}</span>{count}</label>"


def hits(found: Iterable[HitView], words: Words) -> Markup:
    """Draw hits as items of a list, the first at the top."""
    drawn = (_hit(it, number, words) for number, it in enumerate(found, start=1))
    return Markup("\n".join(drawn))  # noqa: S704  # escaped below, where it is not markup already


def _hit(it: HitView, number: int, words: Words) -> str:
    language = f'lang="{it.language}"'
    said = _sentence(it, number, words) if it.sayable and number <= SAYABLE else ""
    return (
        f'<li class="hit" data-hit data-asset="{it.asset_id}" data-language="{it.language}"'
        f' data-revision="{it.revision}" data-source="search">'
        + (
            f'<p class="promoted">{words.icon.check}{escape(it.promoted)}</p>'
            if it.promoted
            else ""
        )
        + f"{it.tags}{it.pin if number <= SAYABLE else ''}"
        f'<h2 {language}><a href="{escape(it.url)}">{it.title}</a></h2>'
        + (f'<p class="snip" {language}>{it.snippet}</p>' if it.snippet else "")
        + (_place(it, words) if it.section_heading else "")
        + said
        + '<ul class="meta">'
        + (f'<li class="by">{escape(it.by)}</li>' if it.by else "")
        + (_missing(it, words) if it.missing else "")
        + f"{it.rated}{it.facts}<li>{it.spoken}"
        + "".join(_other(code, words.languages[code], url) for code, url in it.other_languages)
        + "</li>"
        + (_ways(it, words) if it.why_url else "")
        + "</ul></li>"
    )


def _ways(it: HitView, words: Words) -> str:
    """Why it is found; there marketers can have it found first."""
    return f'<li><a data-why href="{escape(it.why_url)}">{words.why}</a></li>'


def _place(it: HitView, words: Words) -> str:
    """The section, or the page of a file, that was found."""
    picture = words.icon.file if it.is_file else words.icon.into
    where = f'lang="{it.section_language}" href="{escape(it.section_url)}"'
    return f'<a class="at" {where}>{picture}{escape(it.section_heading)}</a>'


def _sentence(it: HitView, number: int, words: Words) -> str:
    quote = f'<blockquote id="hit-{number}" lang="{it.language}"><p>{escape(it.sayable)}</p>'
    button = f'<button class="btn copy" type="button" data-copy="hit-{number}"'
    label = f"{words.icon.copy}<span>{words.copy}</span>"
    return (
        f'<div class="say">{quote}</blockquote>'
        f'{button} aria-describedby="hit-{number}">{label}</button></div>'
    )


def _missing(it: HitView, words: Words) -> str:
    """The words of the query that the asset has nowhere."""
    struck = "".join(f" <s>{escape(word)}</s>" for word in it.missing)
    return f"<li>{words.without}{struck}</li>"


def _other(code: str, name: str, url: str) -> str:
    return f'<a href="{escape(url)}" hreflang="{code}" lang="{code}">{name}</a>'

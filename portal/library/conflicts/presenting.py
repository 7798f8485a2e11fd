"""The page for two people's texts: what each changed, both side by side, and what can be kept."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup

from portal.library.conflicts import rules
from portal.library.conflicts.rules import Merge, Part, Side, Verdict
from portal.library.models import Asset
from portal.library.publishing import queries
from portal.library.publishing.models import TextRevision
from portal.library.revisions import labels
from portal.library.revisions.presenting import marked
from portal.library.revisions.sections import leaves
from portal.library.revisions.worddiff import diff
from portal.library.service import content_of, digest_of, kept_content

NOBODY = content_of(title="", body="")


@dataclass(frozen=True, slots=True)
class Met:
    """My text, the revision it began from, and the one somebody saved meanwhile.

    `picks`: what was chosen already; `typed`: the whole text, when it was changed by hand.
    """

    base: int
    mine: Mapping[str, Any]
    theirs: TextRevision
    note: str = ""
    follows: int | None = None
    picks: Mapping[str, Side] = field(default_factory=dict)
    typed: str | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """A part that differs: both versions, marked where they differ; `pick`: whose is chosen."""

    key: str
    label: str
    pick: str
    mine: Markup | None
    theirs: Markup | None


def _told(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else "\n".join(text for _path, text in leaves(value))


def _label(part: Part) -> str:
    if part.key[0] == "s" and part.key[1:].isdigit():
        return labels.section_label(part.heading)
    return labels.fact_label(part.key)


def part_view(part: Part, pick: Side | None) -> PartView:
    """Show a part that differs."""
    chunks = diff(_told(part.theirs or ""), _told(part.mine or ""))
    if pick is None and part.verdict is not Verdict.BOTH:
        pick = Side(part.verdict.value)
    return PartView(
        key=part.key,
        label=_label(part),
        pick=pick.value if pick else "",
        mine=marked(chunks, new=True, equals=True) if part.mine else None,
        theirs=marked(chunks, new=False, equals=True) if part.theirs else None,
    )


def _of(parts: Iterable[Part], verdict: Verdict) -> list[Part]:
    return [part for part in parts if part.verdict is verdict]


def base_content(asset: Asset, language: str, number: int) -> dict[str, Any]:
    """Return the content both began from; an empty one when there was none."""
    base = queries.revision(asset.id, language, number) if number else None
    return kept_content(base) if base else NOBODY


def offered(merge: Merge) -> str:
    """Return a digest of the whole text as it is offered, to tell whether it was changed."""
    return digest_of({"body": merge.result()["body"].strip()})


def page(asset: Asset, language: str, met: Met) -> str:
    """Return the page on which somebody settles both texts; nothing has been saved."""
    merge = rules.merge(base_content(asset, language, met.base), met.mine, kept_content(met.theirs))
    return render_template(
        "library/conflicts/settle.html",
        asset=asset,
        language=language,
        who=met.theirs.author.name if met.theirs.author else gettext("a file"),
        met=met,
        mine=json.dumps(dict(met.mine), ensure_ascii=False),
        is_clean=merge.is_clean,
        asked=_views(_of(merge.parts, Verdict.BOTH), met),
        only_mine=_views(_of(merge.parts, Verdict.MINE), met),
        only_theirs=_views(_of(merge.parts, Verdict.THEIRS), met),
        same=[_label(part) for part in merge.sections if part.verdict is Verdict.SAME],
        body=met.typed if met.typed is not None else merge.result(met.picks)["body"],
        offered=offered(merge),
    )


def _views(parts: Sequence[Part], met: Met) -> list[PartView]:
    return [part_view(part, met.picks.get(part.key)) for part in parts]

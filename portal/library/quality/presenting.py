"""What pages show of findings: words, the place, and where to go to mend it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import request, url_for
from flask_babel import gettext, ngettext

from portal.library.models import Asset
from portal.library.publishing.presenting import Tab
from portal.library.quality import labels
from portal.library.quality.models import QualityFinding
from portal.library.quality.rules import SEVERITIES, Check, Severity
from portal.web import locale, paging, words


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in a list."""

    id: int
    name: str
    label: str
    severity: str
    severity_label: str
    said: str
    quote: str  # the words it is about, in the language of the text
    language: str
    fix_url: str
    first_seen: datetime
    why: str
    who: str


def finding_view(row: QualityFinding, slug: str) -> FindingView:
    """Show a finding."""
    return FindingView(
        id=row.id,
        name=row.name,
        label=words.label(labels.CHECKS, row.name),
        severity=labels.SEVERITY_STYLES.get(row.severity, "low"),
        severity_label=words.label(labels.SEVERITIES, str(row.severity)),
        said=_said(row),
        quote=str(row.detail.get("sentence", "")),
        language=row.language,
        fix_url=fix_url(row, slug),
        first_seen=row.first_seen,
        why=row.why,
        who=row.dismissed_by.name if row.dismissed_by else "",
    )


def fix_url(row: QualityFinding, slug: str) -> str:
    """Return where it is mended: the editor at the section, or the asset's own page."""
    missing = row.detail.get("languages") if row.name == Check.TRANSLATION.value else None
    language = missing[0] if missing else row.language
    if not language:
        return url_for("publishing.show", slug=slug)
    return url_for("writing.edit", slug=slug, language=language, _anchor=row.anchor or None)


def _said(row: QualityFinding) -> str:
    """Say what is wrong in the reader's language."""
    detail = {name: str(value) for name, value in row.detail.items()}
    key = row.name
    if key in {Check.DEAD_LINK.value, Check.TABLE.value}:
        key = f"{key} {detail['why']}"
    elif key == Check.PART_MISSING.value:
        detail["part"] = words.label(labels.PARTS, detail["part"])
    elif key == Check.TRANSLATION.value:
        names = (locale.NAMES.get(code, code) for code in row.detail["languages"])
        detail["languages"] = ", ".join(names)
    elif key == Check.STALE.value and detail:
        detail["day"] = locale.day(date.fromisoformat(detail["day"]))
    elif key == Check.SUMMARY.value and detail["n"] == "0":
        detail = {}
    return str(labels.SAID[key if detail or f"{key} -" not in labels.SAID else f"{key} -"]) % detail


@dataclass(frozen=True, slots=True)
class AssetView:
    """An asset and what was found about it."""

    title: str
    language: str
    url: str
    kind: str
    kind_label: str
    owner: str
    uses: int
    findings: Sequence[FindingView]


def asset_views(
    used: Iterable[tuple[int, int]],
    rows: Iterable[QualityFinding],
    titles: Mapping[tuple[int, str], str],
    reader: str,
) -> list[AssetView]:
    """Show assets in the order given, each with its findings."""
    by_asset: dict[int, list[QualityFinding]] = {}
    for row in rows:
        by_asset.setdefault(row.asset_id, []).append(row)
    views = []
    for asset_id, uses in used:
        found = by_asset.get(asset_id, [])
        if found:
            views.append(
                _asset_view(found[0].asset, uses, found, _titled(asset_id, titles, reader))
            )
    return views


def _titled(asset_id: int, titles: Mapping[tuple[int, str], str], reader: str) -> tuple[str, str]:
    """Return (language, title) of an asset, in the reader's language where there is one."""
    own = {language: title for (id_, language), title in titles.items() if id_ == asset_id}
    language = next((code for code in (reader, "en", *own) if code in own), "")
    return language, own.get(language, "")


def _asset_view(
    asset: Asset, uses: int, found: Sequence[QualityFinding], titled: tuple[str, str]
) -> AssetView:
    return AssetView(
        title=titled[1] or asset.slug,
        language=titled[0] or "en",
        url=url_for("publishing.show", slug=asset.slug),
        kind=asset.kind,
        kind_label=words.label(words.KINDS, asset.kind),
        owner=asset.owner.name if asset.owner else "",
        uses=uses,
        findings=[finding_view(row, asset.slug) for row in found],
    )


def tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    """Return the checks that have found something, the gravest first, to narrow the list to."""
    path = url_for("quality.index")
    args = [(name, value) for name, value in request.args.items() if name != "page"]
    found = [Tab(gettext("All"), paging.with_args(path, args, {"check": None}), not current,
                 sum(counts.values()))]  # fmt: skip
    names = sorted(Check, key=lambda check: -SEVERITIES[check])
    found += [
        Tab(
            words.label(labels.CHECKS, check.value),
            paging.with_args(path, args, {"check": check.value}),
            check.value == current,
            counts.get(check.value, 0),
        )
        for check in names
        if counts.get(check.value) or check.value == current
    ]
    return found


def severities() -> list[tuple[str, str]]:
    """Return the severities to choose from, the gravest first."""
    return [(str(int(s)), words.label(labels.SEVERITIES, str(int(s)))) for s in reversed(Severity)]


@dataclass(frozen=True, slots=True)
class Panel:
    """The checks on an asset's desk page."""

    findings: Sequence[FindingView]
    dismissed: Sequence[FindingView]
    claims: str
    claims_url: str
    may_decide: bool


def panel(
    asset: Asset,
    rows: Iterable[QualityFinding],
    claims: tuple[int, int],
    *,
    may_decide: bool,
) -> Panel:
    """Show what was found about an asset; `claims`: how many it has, how many have trouble."""
    rows = list(rows)
    total, troubled = claims
    told = ngettext("%(num)d claim", "%(num)d claims", total)
    if troubled:
        told += ngettext(", %(num)d with a problem", ", %(num)d with problems", troubled)
    return Panel(
        findings=[finding_view(row, asset.slug) for row in rows if row.dismissed_at is None],
        dismissed=[finding_view(row, asset.slug) for row in rows if row.dismissed_at is not None],
        claims=str(told),
        claims_url=url_for("claims.index", asset=asset.slug),
        may_decide=may_decide,
    )

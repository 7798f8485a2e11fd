"""What the page of ratings shows: lines, remarks, what was written, tables; nobody's name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext, ngettext

from portal.calls.flags import labels as flagged
from portal.calls.flags.presenting import title_of
from portal.calls.ratings import labels
from portal.calls.ratings.models import AssetFlag, Rating
from portal.calls.ratings.presenting import shown as score_words
from portal.calls.ratings.scoring import Score
from portal.insights.rated import queries
from portal.insights.rated.rules import Line, Owner
from portal.library.freshness.queries import titles
from portal.library.links import asset_path
from portal.library.rules import State
from portal.web import locale, words
from portal.web.tables import Column, Table, Value


def lines(now: datetime) -> list[Line]:
    """Return all assets somebody rated or says something of, as reps see them."""
    known = queries.assets()
    ids = [it.id for it in known]
    rated: Callable[[], Mapping[int, Score]] = current_app.extensions["arsenal.scores"]
    scores, flags = rated(), queries.open_flags()
    named = titles(ids, locale.code().value)
    found = []
    for it in known:
        score, (n, since) = scores.get(it.id), flags.get(it.id, (0, None))
        language, title = named.get(it.id, (locale.code().value, it.slug))
        found.append(
            Line(
                id=it.id, slug=it.slug, kind=it.kind, state=it.state, title=title,
                language=language, owner_id=it.owner_id, owner=it.owner,
                value=score.value if score else None, own=score.own if score else None,
                voices=score.n if score else 0, flags=n,
                oldest=max(0, (now - since).days) if since else None,
            )
        )  # fmt: skip
    return found


def said_of(line: Line) -> str:
    """Return what the ratings of an asset amount to: stars with their number, or words."""
    if line.value is None or line.own is None:
        return str(gettext("not rated yet"))
    return score_words(Score(line.value, line.own, line.voices)).words


def days(number: int | None) -> str:
    """Say for how many days something waits."""
    return "" if number is None else str(ngettext("%(num)d day", "%(num)d days", number))


def _url(slug: str, state: str, language: str | None = None) -> str:
    """Return where an asset is read; nowhere when it is not published."""
    return asset_path(slug, language) if state == State.PUBLISHED.value else ""


@dataclass(frozen=True, slots=True)
class Row:
    """An asset in the list."""

    title: str
    language: str
    url: str
    kind: str
    kind_label: str
    owner: str
    rating: str
    flags: int
    flags_url: str
    age: str


def rows(found: Sequence[Line]) -> list[Row]:
    """Show a page of assets."""
    return [
        Row(
            title=it.title, language=it.language,
            url=_url(it.slug, it.state),
            kind=it.kind, kind_label=words.label(words.KINDS, it.kind),
            owner=it.owner or gettext("nobody"), rating=said_of(it), flags=it.flags,
            flags_url=url_for("flags.index", asset=it.slug), age=days(it.oldest),
        )
        for it in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """An open remark: what is the matter with which asset, for how long, who looks after it."""

    title: str
    language: str
    url: str
    kind: str
    words: str
    age: str
    owner: str


def remarks(flags: Sequence[AssetFlag], now: datetime) -> list[Remark]:
    """Show open remarks."""
    found = []
    for it in flags:
        title, language = title_of(it)
        found.append(
            Remark(
                title=title, language=language,
                url=f"{url_for('flags.index', asset=it.asset.slug)}#f{it.id}",
                kind=words.label(flagged.WRONG, it.kind), words=it.words,
                age=days(max(0, (now - it.at).days)),
                owner=it.asset.owner.name if it.asset.owner else gettext("nobody"),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote with a rating; who is not told, nor on which deal."""

    title: str
    language: str
    url: str
    stars: str
    helped: str
    why: str
    at: datetime
    where: str


def written(ratings: Sequence[Rating]) -> list[Written]:
    """Show what was written."""
    named = titles([it.asset_id for it in ratings], locale.code().value)
    return [
        Written(
            title=title,
            language=language,
            url=_url(it.asset.slug, it.asset.state, it.language),
            stars=ngettext("%(num)d star", "%(num)d stars", it.stars),
            helped=words.label(labels.HELPED, it.helped),
            why=it.why,
            at=it.changed_at,
            where=gettext("after a call") if it.call_id else gettext("without a call"),
        )
        for it in ratings
        for language, title in [named.get(it.asset_id, (it.language, it.asset.slug))]
    ]


def _number(key: str, label: str, definition: str, unit: str = "", digits: int = 0) -> Column:
    return Column(key, label, unit, definition, "number", digits)


def _waiting() -> list[Column]:
    """Return what is told of open remarks."""
    return [
        _number(
            "flags", gettext("Open remarks"),
            gettext("“Wrong or outdated” said by a rep and not answered yet."),
        ),
        _number(
            "oldest", gettext("Oldest"), gettext("For how long the oldest open remark waits."),
            gettext("days"),
        ),
    ]  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column("title", gettext("Title"), kind="head"),
        Column("kind", gettext("Kind")),
        Column("owner", gettext("Owner"), "", gettext("Who looks after the asset.")),
        Column(
            "said", gettext("In words"), "",
            gettext("From five people on stars; of fewer only whether it is good, mixed or weak."),
        ),
        _number(
            "stars", gettext("Rating"),
            gettext(
                "What is believed of it, 1 to 5: a mean that allows for few ratings, strict reps,"
                " how the call went and age. Empty with fewer than five people."
            ),
            gettext("of 5"), 1,
        ),
        _number(
            "voices", gettext("People"),
            gettext("People who rated it; several ratings by one person are one voice."),
        ),
        *_waiting(),
    ]  # fmt: skip


def table(found: Sequence[Line]) -> Table:
    """Return rated assets as a table."""
    said: list[dict[str, Value]] = [
        {
            "title": it.title,
            "kind": words.label(words.KINDS, it.kind),
            "owner": it.owner,
            "said": said_of(it),
            "stars": round(it.said, 2) if it.said is not None else None,
            "voices": it.voices,
            "flags": it.flags,
            "oldest": it.oldest,
        }
        for it in found
    ]
    return Table("ratings", gettext("What reps say of assets"), _columns(), said)


def owners_table(found: Sequence[Owner]) -> Table:
    """Return what reps say of the assets of each owner."""
    columns = [
        Column("owner", gettext("Owner"), kind="head", link="url"),
        _number("assets", gettext("Assets"), gettext("Assets rated, or with an open remark.")),
        _number("rated", gettext("Rated"), gettext("Assets somebody rated.")),
        _number(
            "weak", gettext("Weak"), gettext("Rated below 2.5 of 5 by five people or more."),
        ),
        *_waiting(),
    ]  # fmt: skip
    said: list[dict[str, Value]] = [
        {
            "owner": it.name or gettext("nobody"),
            "assets": it.assets,
            "rated": it.rated,
            "weak": it.weak,
            "flags": it.flags,
            "oldest": it.oldest,
            "url": url_for("rated.index", owner=it.id or 0),
        }
        for it in found
    ]
    return Table("ratings-by-owner", gettext("By owner"), columns, said)


def written_table(found: Sequence[Written]) -> Table:
    """Return what was written as a table; nobody's name, nor a deal's."""
    columns = [
        Column("title", gettext("Title"), kind="head"),
        Column("stars", gettext("Rating")),
        Column("helped", gettext("Helped"), "", gettext("Whether it helped, as the rep said.")),
        Column("why", gettext("Why"), "", gettext("What the rep wrote.")),
        Column("at", gettext("When")),
        Column("where", gettext("Where"), "", gettext("After a call that was logged, or not.")),
    ]
    keys = [it.key for it in columns]
    rows: list[dict[str, Value]] = [{key: getattr(it, key) for key in keys} for it in found]
    return Table("ratings-written", gettext("What reps wrote"), columns, rows)

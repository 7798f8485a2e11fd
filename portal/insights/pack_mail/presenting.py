"""A pack in a mail: all it said when it was sent, as text and as plain HTML."""

from flask import current_app, render_template
from markupsafe import Markup

from portal.config import Config
from portal.insights.pack import presenting, queries, rules
from portal.insights.pack.presenting import PackView
from portal.insights.pack_parts.presenting import Line
from portal.library.mail.presenting import Body
from portal.library.notices.models import Notice
from portal.web import locale


def body(notice: Notice) -> Body | None:
    """Write out the pack a notice opens, in the language the mail is written in."""
    kind, first = (notice.path or "//").rsplit("/", 2)[-2:]
    span = rules.read(kind, first, locale.today())
    pack = queries.pack(span) if span else None
    if span is None or pack is None or pack.facts is None:
        return None
    actions = presenting.actions_of(span, pack, today=locale.today(), viewer_id=0, writes=False)
    view = presenting.view(span, pack, pack.facts, actions, locale.today())
    config: Config = current_app.config["PORTAL"]
    told = {"pack": view, "base": config.base_url}
    return Body(
        text=text(view, config.base_url),
        html=Markup(render_template("insights/pack/letter.html", **told)),  # noqa: S704  # escaped there
    )


def _line(it: Line, base: str) -> str:
    said = f"- {it.text}" + (f" ({it.note})" if it.note else "")
    return f"{said}\n  {base}{it.url}" if it.url else said


def text(pack: PackView, base: str) -> str:
    """Write a pack as plain text."""
    parts = [f"{pack.title}, {pack.when}"]
    for section in pack.sections:
        parts += ["", section.title.upper(), section.lead]
        for block in section.blocks:
            parts += [f"{block.title}:"] if block.title else []
            parts += [_line(line, base) for line in block.lines]
    if pack.decisions:
        parts += ["", presenting.decisions_title().upper()]
        parts += [_line(line, base) for line in pack.decisions]
    if pack.actions:
        parts += ["", presenting.actions_title().upper()]
        parts += [f"- {it.words} ({it.owner}, {locale.day(it.due)})" for it in pack.actions]
    return "\n".join(parts)

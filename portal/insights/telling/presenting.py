"""The line of closed deals on an asset page, in words a rep believes; drawn once, then kept."""

from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, url_for
from flask_babel import gettext
from markupsafe import Markup

from portal import clock
from portal.cache import ByteCache
from portal.insights.behind.presenting import said
from portal.insights.telling import queries
from portal.web import locale

EVERY = timedelta(seconds=10)
"""How often a process asks whether assets were judged anew."""
KEPT = 1024 * 1024


class Told:
    """The lines of assets, by asset and language; one a process.

    Judged anew, all lines are asked for again; a page costs no SELECT most of the time, and one by
    primary key at most.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = Lock()
        self._asked: datetime | None = None
        self._judged: datetime | None = None
        self._lines: ByteCache[tuple[int, str, datetime | None], str] = ByteCache(KEPT)

    def of(self, asset_id: int, *, every: timedelta = EVERY) -> Markup:
        """Return the line of an asset as HTML, nothing when it was used on no closed deal."""
        now = clock.now()
        with self._lock:
            due = self._asked is None or not timedelta() <= now - self._asked < every
            if due:
                self._asked = now
        if due:
            self._judged = queries.judged_at()
        if self._judged is None:
            return Markup("")
        key = (asset_id, str(locale.code()), self._judged)
        drawn = None if not every else self._lines.get(key)
        if drawn is None:
            drawn = _drawn(asset_id)
            self._lines.put(key, drawn, 200 + 2 * len(drawn))
        return Markup(drawn)  # noqa: S704  # drawn below


def _drawn(asset_id: int) -> str:
    line = queries.line(asset_id)
    if line is None:
        return ""
    url = url_for("insights_lift_asset.show", slug=line.slug)
    lang = str(locale.code())
    return str(
        Markup('<p class="n" lang="%s">%s <a href="%s">%s</a></p>')
        % (lang, said(line), url, gettext("Why?"))
    )


def install(app: Flask) -> None:
    """Give the library `arsenal.helps`: an asset's id → its line."""
    told, nothing = Told(), timedelta()

    def of(asset_id: int) -> Markup:
        # tests undo what they write: there nothing is believed to be as it was
        return told.of(asset_id, every=nothing if app.testing else EVERY)

    app.extensions["arsenal.helps"] = of

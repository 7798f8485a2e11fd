"""What the night forgets: which kinds of fact lose their person, or go, after how many months."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from portal import clock
from portal.accounts import erasing as accounts
from portal.calls.privacy import service as calls
from portal.deals import erasing as deals
from portal.insights.use import forgetting as use
from portal.library import erasing as library
from portal.retention_settings import RetentionSettings
from portal.search.log import service as searches
from portal.usage import retention as usage

LOT = 2000
"""Facts a transaction: who writes meanwhile waits that long."""

MONTH = timedelta(days=30, hours=10, minutes=30)
"""A twelfth of a year, on average."""

Step = Callable[[datetime, int], int]


def _forget_uses(zone: str, day: datetime, most: int) -> int:
    """Let uses forget whose they were, in the ledger and in what is kept of it alike."""
    old = usage.oldest(usage.USES, day, most)
    if old:
        use.forget(old, zone, forgetting=lambda: usage.take_off(old))
    return len(old)


def _forget_searches(zone: str, day: datetime, most: int) -> int:
    """Let searches forget whose they were, in the ledger and in what is kept of it alike."""
    done = usage.forget_people(usage.SEARCHES, day, most)
    if done:
        searches.forget_people(day, zone)
    return done


PREVIEWS = timedelta(days=7)
"""How long a file of deals waits to be taken in."""


def _steps(zone: str) -> tuple[tuple[str, Step], ...]:
    """Return setting → what forgets up to so many facts from before a moment, and says how many."""
    return (
        ("keep_searches_months", partial(_forget_searches, zone)),
        ("keep_uses_months", partial(_forget_uses, zone)),
        ("keep_call_words_months", calls.forget_words),
        ("keep_sign_ins_months", accounts.forget_sign_ins),
        ("keep_notices_months", library.forget_notices),
    )


def forget(settings: RetentionSettings, commit: Callable[[], None], *, zone: str) -> dict[str, int]:
    """Forget what is too old by the settings, lot by lot; returns how many facts of each kind.

    `zone` is the company's, by whose days uses are counted.
    """
    now = clock.now()
    waits = [(name, step, getattr(settings, name) * MONTH) for name, step in _steps(zone)]
    waits.append(("previews", deals.forget_previews, PREVIEWS))
    done = {}
    for name, step, kept in waits:
        if not kept:
            continue
        done[name] = 0
        while lot := step(now - kept, LOT):
            done[name] += lot
            commit()
    return done

"""Writes a world to the five files of `portal history import`, with awkward rows mixed in if asked.

Whole weeks of the world become whole weeks of the calendar: a use of week w lies within the seven
days after w weeks from the deal's begin, a stage is entered and a deal closed to the second then,
so that weeks in a stage and "the last seven days" read from the files are those of the world.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from portal import clock
from tests.insights.worlds import AFTER, STAGES, TYPES, World

WEEK = timedelta(days=7)
SEGMENTS = ("small", "middle", "large")
REGIONS = ("North", "South", "East", "West")
PRODUCTS = ("Cold Room", "Vault", "Logger", "Fleet")
COMPETITORS = ("", "Kestrel", "Norvik", "Boreas", "Halden", "Quay")
REASONS = ("price", "no decision", "competitor", "timing")
HEADERS = {
    "assets.csv": "asset_id,title,type,published_at,archived_at,version",
    "deals.csv": "deal_id,owner,segment,region,product,competitor,amount,currency,created_at,closed_at,status,loss_reason",
    "deal_stages.csv": "deal_id,stage,entered_at",
    "uses.csv": "use_id,at,rep,asset_id,action,deal_id,version,seconds",
    "ratings.csv": "rating_id,at,rep,asset_id,call_id,deal_id,stars,helped,comment,call_outcome",
}
HEADERS = {name: header.split(",") for name, header in HEADERS.items()}


@dataclass(frozen=True)
class Written:
    """What was written: rows of each file, and how many awkward ones of each sort."""

    begin: datetime
    rows: dict[str, int]
    awkward: Counter


def asset_id(number: int) -> str:
    """What the files call an asset of a world."""
    return f"A{number:05}"


def deal_id(number: int) -> str:
    """What the files call a deal of a world."""
    return f"D{number:07}"


def owner_email(number: int) -> str:
    """The e-mail of a rep of a world."""
    return f"rep.{number:04}@sim.example"


def begin_of(weeks: int, until: datetime) -> datetime:
    """The first day of the latest quarter from which so many weeks are over at `until`."""
    latest = until - (weeks + 1) * WEEK
    return datetime(latest.year, 1 + (latest.month - 1) // 3 * 3, 1, tzinfo=UTC)


def write(
    world: World,
    folder,
    *,
    until: datetime | None = None,
    awkward: bool = False,
    ratings: float = 0.1,
) -> Written:
    """Write the files of a world that ends before `until` (now) into a folder.

    `ratings` is the share of counted uses that are rated.
    """
    files = _Files(world, until or clock.now(), ratings)
    rows = files.rows()
    if awkward:
        files.spoil(rows)
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in rows.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS[name])
            writer.writerows(told)
            file.write(files.damaged.get(name, ""))
    return Written(files.begin, {name: len(told) for name, told in rows.items()}, files.awkward)


class _Files:
    def __init__(self, world, until, ratings):
        self.world, self.until, self.share = world, until, ratings
        self.rng = np.random.default_rng(world.seed + 1_000_003)
        self.begin = begin_of(world.size.weeks, until)
        self.awkward, self.damaged = Counter(), {}
        n = world.size.deals
        jitter = (self.rng.integers(0, 5, n) * 24 + self.rng.integers(8, 18, n)) * 3600
        seconds = world.created * 7 * 86_400 + jitter
        self.created = [self.begin + timedelta(seconds=int(s)) for s in seconds]

    def rows(self):
        return {
            "assets.csv": self._assets(), "deals.csv": self._deals(),
            "deal_stages.csv": self._stages(), "uses.csv": self._uses(),
            "ratings.csv": self._ratings(),
        }  # fmt: skip

    def _at(self, deal, weeks):
        return self.created[deal] + int(weeks) * WEEK

    def _assets(self):
        begin = self.begin.isoformat()
        return [
            [asset_id(a), f"{TYPES[kind].capitalize()} {a}", TYPES[kind], begin, "", 1 + a % 3]
            for a, kind in enumerate(self.world.kind)
        ]

    def _deals(self):
        w = self.world
        found = []
        for d in range(w.size.deals):
            status = w.status[d]
            closed = self._at(d, w.closed[d]).isoformat() if status >= 0 else ""
            found.append(
                [
                    deal_id(d), owner_email(w.owner[d]), SEGMENTS[w.segment[d]], REGIONS[w.region[d]],
                    PRODUCTS[w.product[d]], COMPETITORS[w.competitor[d]], f"{w.amount[d]:.2f}", "EUR",
                    self.created[d].isoformat(), closed, ("open", "lost", "won")[status + 1],
                    REASONS[d % len(REASONS)] if status == 0 else "",
                ]
            )  # fmt: skip
        return found

    def _stages(self):
        w = self.world
        return [
            [deal_id(d), STAGES[s], self._at(d, w.entered[d, s]).isoformat()]
            for d in range(w.size.deals)
            for s in range(len(STAGES))
            if w.entered[d, s] >= 0
        ]

    def _uses(self):
        w = self.world
        n = len(w.use_deal)
        offset = self.rng.integers(3600, 6 * 86_400 + 22 * 3600, n)
        action = self.rng.choice(["viewed", "viewed", "copied", "downloaded", "printed"], n)
        seconds = self.rng.integers(5, 600, n)
        at = [
            self._at(d, week) + timedelta(seconds=int(s))
            for d, week, s in zip(w.use_deal, w.use_week, offset, strict=True)
        ]
        self.used_at = at
        order = sorted(range(n), key=at.__getitem__)
        return [
            [
                f"U{i:08}", at[i].isoformat(), owner_email(w.owner[w.use_deal[i]]),
                asset_id(w.use_asset[i]), action[i], deal_id(w.use_deal[i]), 1, seconds[i],
            ]
            for i in order
            if at[i] < self.until  # what is used after the close may lie ahead
        ]  # fmt: skip

    def _ratings(self):
        w = self.world
        chosen = np.flatnonzero(w.counted & (self.rng.random(len(w.use_deal)) < self.share))
        found = []
        for i in chosen:
            d, a = w.use_deal[i], w.use_asset[i]
            stars = int(np.clip(round(3.4 + 6 * w.truth[a] + self.rng.normal(0, 0.8)), 1, 5))
            call = f"C{i:08}" if self.rng.random() < 0.5 else ""
            outcome = ("good" if self.rng.random() < 0.5 else "bad") if call else ""
            found.append(
                [
                    f"R{i:08}", self.used_at[i].isoformat(), owner_email(w.owner[d]), asset_id(a), call,
                    deal_id(d), stars, "yes" if stars > 3 else "no", "", outcome,
                ]
            )  # fmt: skip
        return found

    # --- awkward rows ---------------------------------------------------------------------------

    def spoil(self, rows):
        """Mix in what real exports have; nothing of it may change what is true."""
        self._spoil_deals(rows)
        self._spoil_uses(rows)
        some = rows["ratings.csv"][:1] or [
            ["", self.begin.isoformat(), owner_email(0), asset_id(0)]
        ]
        at = datetime.fromisoformat(some[0][1])
        for n in range(30):
            moment = (at + timedelta(minutes=n)).isoformat()
            rows["ratings.csv"].append(
                [
                    f"RR{n}",
                    moment,
                    some[0][2],
                    some[0][3],
                    "",
                    "",
                    5,
                    "yes",
                    'again "and" again',
                    "",
                ]
            )
        self.awkward["one rep rating again and again"] = 30
        for row in rows["assets.csv"][::20]:
            row[4] = self.until.isoformat()
            self.awkward["archived assets"] += 1

    def _spoil_deals(self, rows):
        w, deals, stages = self.world, rows["deals.csv"], rows["deal_stages.csv"]
        for d in np.flatnonzero((w.status >= 0) & (w.closed >= 2))[::50]:
            closed = self._at(d, w.closed[d])
            last = STAGES[int(np.flatnonzero(w.entered[d] >= 0)[-1])]
            again = (closed - timedelta(days=2)).isoformat()
            stages.append([deal_id(d), "Closed Lost", (closed - timedelta(days=3)).isoformat()])
            stages.append([deal_id(d), last, again])
            self.awkward["re-opened deals"] += 1
        for row in deals[::7]:
            row[6], row[7] = f"{float(row[6]) * 1.1:.2f}", "USD"
            self.awkward["another currency"] += 1
        deals.append(["D-FUTURE", owner_email(0), *deals[0][2:]])
        deals[-1][8] = (self.until + timedelta(days=400)).isoformat()
        deals.append(["D-NOZONE", owner_email(0), *deals[0][2:]])
        deals[-1][8] = "2026-01-05T10:00:00"
        deals.append(list(deals[3]))  # the same again: the later one counts
        deals[3][2] = "wrong"
        stages += [["D-NEVER", STAGES[0], self.begin.isoformat()], list(stages[0])]
        self.awkward |= Counter({"refused deals": 2, "repeated deals": 1, "refused stages": 1})

    def _spoil_uses(self, rows):
        uses = rows["uses.csv"]
        clean = [list(row) for row in uses]
        for n, row in enumerate(
            clean[::40]
        ):  # double clicks: two seconds later, with ids of their own
            at = datetime.fromisoformat(row[1]) + timedelta(seconds=2)
            uses.append([f"UD{n}", at.isoformat(), *row[2:]])
            self.awkward["double clicks"] += 1
        uses += clean[::100]
        self.awkward["the same use again"] = len(clean[::100])
        for n, row in enumerate(clean[::200]):
            uses.append([f"UX{n}", *row[1:5], "D-NEVER", *row[6:]])
            self.awkward["uses of unknown deals"] += 1
        first = clean[0]
        later = (self.until + timedelta(days=30)).isoformat()
        uses.append(["UF", later, *first[2:]])
        uses.append(["UZ", "2026-01-05 10:00", *first[2:]])
        uses.append(["UA", *first[1:3], "A-NEVER", *first[4:]])
        self.damaged["uses.csv"] = (
            f'"UQ,{first[1]},{first[2]}\r\n' + "U\x00N," + ",".join(map(str, first[1:])) + "\r\n"
            + "x" * 200_000 + "\r\n"
        )  # fmt: skip
        self.awkward["refused uses"] = 5


__all__ = ["AFTER", "Written", "asset_id", "begin_of", "deal_id", "owner_email", "write"]

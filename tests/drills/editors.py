"""Fifty people save the same text at the same moment: one is first, the others see both texts, nothing is lost."""

import re
from html import unescape

from sqlalchemy import select

from portal.library.publishing.models import TextRevision
from tests import make
from tests.drills.company import Company, together

EDITORS, SHORT = 50, 12


def run(report, folder, url, *, short):
    count = SHORT if short else EDITORS
    company = Company(folder, url).prepare()
    with company.inside(keep=True):
        asset = make.asset("shared", kind="faq", state="draft")
        make.text(asset, title="Shared", body="## About\n\nAs it was.\n")
        people = [make.user(name=f"Editor {number}", role="marketer") for number in range(count)]
        cookies = [company.cookie_of(person) for person in people]
    odd, both = [], 0
    with company.served("--workers", "4"):
        browsers = [company.browser(cookie) for cookie in cookies]
        for browser in browsers:
            browser.token()

        def mine(number):
            return f"Words of editor {number}."

        def save(number, base, text):
            fields = {"title": "Shared", "body": f"## About\n\n{text}\n", "base": base}
            return browsers[number].surely(
                lambda: browsers[number].post("/desk/shared/en", **fields)
            )[0]

        answers = together([lambda n=n: save(n, 1, mine(n)) for n in range(count)])
        first = [n for n, it in enumerate(answers) if getattr(it, "status", 0) == 303]
        others = [n for n, it in enumerate(answers) if getattr(it, "status", 0) == 409]
        odd += [repr(it) for n, it in enumerate(answers) if n not in first and n not in others]
        for number in others:
            # the words that differ are marked: without marks and blanks the texts are whole again
            bare = re.sub(r'<span class="vh">.*?</span>|<[^>]+>', "", answers[number].text)
            text = re.sub(r"\s", "", unescape(bare))
            both += all(mine(n).replace(" ", "") in text for n in (number, *first))
        # they go on from what they were shown, one after the other, each with all of it
        base, text = 2, mine(first[0]) if first else ""
        for number in others:
            text += f"\n\n{mine(number)}"
            answer = save(number, base, text)
            base += answer.status == 303
    with company.inside() as session:
        bodies = session.scalars(select(TextRevision.body).order_by(TextRevision.number)).all()
    report.did = (
        f"{count} people saved other words over the same revision at once, then one after the other"
    )
    report.find("saved at once", len(first), least=1, most=1)
    report.find("answered 409", len(others), least=count - 1)
    report.find("of them with both texts on the page", both, least=count - 1)
    report.find("revisions", len(bodies), least=count + 1, most=count + 1)
    report.none(
        "editors whose words are lost", [n for n in range(count) if mine(n) not in bodies[-1]]
    )
    report.none("odd answers", odd)

"""The same POST five times at once: of each form that matters, one effect."""

import re

import lxml.html
from sqlalchemy import func, select

from portal.db import Base
from tests import make
from tests.drills.company import Company, together
from tests.drills.walking import values_of

TIMES, SHORT = 5, 3
BESIDE = {
    "usage_events", "jobs", "job_duties", "job_workers", "sign_in_attempts", "sessions", "agreements",
}  # fmt: skip
"""Tables that note that something was asked for, not what it did; or that the worker writes."""


def fields_of(page, action):
    """What a browser would send of a page's form that leads to an address, untouched."""
    for form in lxml.html.fromstring(page).forms:
        if (form.action or "").split("?")[0].split("#")[0] == action:
            return values_of(form)
    raise LookupError(f"no form to {action}")


def errors_of(answer):
    """What a page says is wrong with a form."""
    found = re.findall(r'class="[^"]*err[^"]*"[^>]*>(.*?)<', getattr(answer, "text", ""), re.DOTALL)
    return found[:3]


def counts(company):
    """Rows of every table."""
    with company.inside() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in sorted(Base.metadata.tables.items())
            if name not in BESIDE and not name.startswith("search_")
        }


def cases(number, deal):
    """(name, page of the form, where it goes, what is filled in), each on objects of their own."""
    slug = f"a{number}"
    text = {"title": f"A {number}", "body": f"## New\n\nWords {number}.\n", "base": "1"}
    return [
        (
            "begin an asset",
            "/desk/new",
            "/desk/new",
            {"kind": "faq", "language": "en", "title": f"Begun {number}"},
        ),
        ("save a text", f"/desk/{slug}/en", f"/desk/{slug}/en", text),
        ("publish", "", f"/desk/{slug}/moves/publish", {"reason": ""}),
        ("retire", "", f"/desk/{slug}/moves/retire", {"reason": "old"}),
        (
            "rate",
            f"/assets/r{number}/en/rating",
            f"/assets/r{number}/en/rating",
            {"stars": "4", "why": "x", "helped": ""},
        ),
        ("ask for an asset", "/requests/new", "/requests/new", {"title": f"Wanted {number}"}),
        (
            "say it is wrong",
            f"/assets/r{number}/en/flag",
            f"/assets/r{number}/en/flag",
            {"words": "not so"},
        ),
        (
            "add a deal",
            "/deals/",
            "/deals/",
            {"name": f"Deal {number}", "customer": f"Customer {number}"},
        ),
        ("log a call", f"/calls/new?deal={deal}", "/calls/new", {"result": "advanced"}),
        ("make a collection", "/collections/", "/collections/", {"name": f"Set {number}"}),
    ]


def run(report, folder, url, *, short):
    times = SHORT if short else TIMES
    company = Company(folder, url).prepare()
    with company.inside(keep=True):
        writer, reader = make.user(role="admin"), make.user(role="marketer")
        for number in range(2):
            make.text(
                make.asset(f"a{number}", kind="faq", state="draft", owner_id=writer.id),
                title=f"A {number}",
            )
            make.text(make.asset(f"r{number}", kind="faq", owner_id=reader.id), title=f"R {number}")
        deals = [make.deal(writer, name=f"Deal of calls {number}").id for number in range(2)]
        cookie = company.cookie_of(writer)
    odd, more, effects = [], [], 0
    with company.served("--workers", "4", "--no-worker"):
        pairs = zip(cases(0, deals[0]), cases(1, deals[1]), strict=True)
        for (name, *one, first), (_, *many, second) in pairs:
            once = effect(company, cookie, 1, one, first, odd=odd, name=name)
            several = effect(company, cookie, times, many, second, odd=odd, name=name)
            if once != several:
                more.append(f"{name}: once {once}, {times} times {several}")
            effects += bool(once)
    names = ", ".join(name for name, *_ in cases(0, 0))
    report.did = f"the same POST {times} times at once, each by a browser of its own ({names})"
    report.find("forms with an effect", effects, least=len(cases(0, 0)))
    report.none("forms with more than one effect", more)
    report.none("odd answers", odd)


def effect(company, cookie, times, where, filled, *, odd, name):
    """Send it so often at once; returns which tables have how many rows more."""
    page, action = where
    browser = company.browser(cookie)
    token = browser.token()
    hidden = {}
    if page:
        try:
            hidden = fields_of(browser.get(page).text, action)
        except LookupError as error:
            odd.append(f"{name}: {error}")
    hidden.pop("csrf_token", None)
    before = counts(company)
    told = {**hidden, **filled}
    browsers = [
        company.browser("; ".join(f"{k}={v}" for k, v in browser.cookies.items()))
        for _ in range(times)
    ]
    for it in browsers:
        it._token = token
    answers = together(
        [lambda it=it: it.surely(lambda: it.post(action, **told))[0] for it in browsers]
    )
    for it in answers:
        if getattr(it, "status", 0) not in {303, 409}:
            odd.append(f"{name}: {getattr(it, 'status', it)!r} {errors_of(it)}")
    if not any(getattr(it, "status", 0) == 303 for it in answers):
        odd.append(f"{name}: nobody was let through")
    after = counts(company)
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}

"""Thousands of hostile inputs over every form, query, address, upload and import: no 5xx, no script runs."""

import io
import itertools
import json
import logging
import random
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_from_bytes, urlsplit

from tests.drills import payloads, seeding
from tests.drills.company import Company
from tests.drills.walking import FormSeen, walk
from tests.page import Client

INPUTS, SHORT = 20_000, 600
TIME = 1800
"""Seconds after which it ends, however far it came."""
SLOW = 15
"""Seconds after which an answer counts as hung, on a machine that does other things too."""
LEAVES = ("sign-out", "/account/sessions", "/account/password", "sign-in")
"""What would end the session that sends it all; these are tried by somebody of their own."""
SIGN_IN = FormSeen("/sign-in", "POST", (("email", ""), ("password", ""), ("next", "/")), ())
TURNS = "form form all query address form all body leave query file".split()
SAMPLES = {
    "slug": "kestrel-battlecard",
    "language": "en",
    "action": "retire",
    "name": "x",
    "facet": "product",
}


class Watch(logging.Handler):
    """Keeps the failures the application logs: where each broke."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.seen = []

    def emit(self, record):
        text = logging.Formatter().format(record) if record.exc_info else record.getMessage()
        self.seen.append(text[-1200:])


def encoded(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


class Sender:
    """Sends one input after the other, and keeps what came of it."""

    def __init__(self, company):
        self.company, self.chance = company, random.Random(8)
        self.sent, self.broken, self.slow, self.longest = 0, [], [], 0.0
        self.statuses = {}
        self.browser = None
        self.enter()

    def enter(self):
        with self.company.inside():
            self.browser = Client(self.company.app).sign_in(seeding.person(seeding.ADMIN))

    def leave(self, form, payload):
        """What ends a session, sent by a rep who has just come in, or by a stranger."""
        own = self.browser
        self.browser = Client(self.company.app)
        if form is not SIGN_IN:
            with self.company.inside():
                self.browser.sign_in(seeding.person(seeding.REP))
        self.form(form, payload, all_fields=self.chance.random() < 0.5)
        self.browser = own

    def send(self, what, method, path, **options):
        began = time.monotonic()
        try:
            answer = self.browser.raw.open(path, method=method, buffered=True, **options)
            status, where = answer.status_code, answer.location or ""
        except Exception as error:  # noqa: BLE001  # it would be a 500 on a server
            status, where = 599, repr(error)[:300]
        took = time.monotonic() - began
        self.sent += 1
        self.statuses[status // 100] = self.statuses.get(status // 100, 0) + 1
        self.longest = max(self.longest, took)
        if status >= 500:
            self.broken.append(f"{status} {method} {path[:120]} {what[:200]!r} {where}")
        if took > SLOW:
            self.slow.append(f"{took:.0f} s {method} {path[:120]} {what[:80]!r}")
        if "/sign-in" in where and not any(part in path for part in LEAVES):
            self.enter()

    def form(self, form, payload, *, all_fields):
        """A form as it was, with one of its fields, or all of them, hostile."""
        names = [name for name, _ in form.fields]
        if not names:
            names = ["x"]
        bad = set(names) if all_fields else {self.chance.choice(names)}
        told = {**dict(form.fields), **dict.fromkeys(bad, payload)}
        body = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in told.items())
        if form.method == "GET":
            self.send(payload, "GET", f"{form.action}?{body}")
        else:
            kind = "application/x-www-form-urlencoded"
            self.send(payload, "POST", form.action, data=body, content_type=kind)

    def query(self, path, names, payload):
        asked = "&".join(f"{encoded(name)}={encoded(payload)}" for name in names)
        self.send(payload, "GET", f"{urlsplit(path).path}?{asked}")

    def strange(self, form, body, kind):
        self.send(repr(body)[:60], "POST", form.action, data=body, content_type=kind)

    def file(self, action, field, name, content):
        data = {field: (io.BytesIO(content), name)}
        self.send(f"{name} ({len(content)})", "POST", action, data=data)


def forms_of(app, seen):
    """The forms met on pages, and for every other POST one without fields, at a made-up place."""
    forms = list(seen.forms.values())
    known = {seen.endpoint(it.action, it.method) for it in forms if it.method == "POST"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods and rule.endpoint not in known:
                told = {name: SAMPLES.get(name, 1) for name in rule.arguments}
                fields = tuple(
                    (name, "1") for name in ("title", "name", "body", "words", "state", "version")
                )
                forms.append(FormSeen(rule.build(told)[1], "POST", fields, ()))
    return forms


def addresses(app):
    """A function for each rule that puts a payload where its arguments are."""
    for rule in app.url_map.iter_rules():
        if rule.arguments:
            yield rule.rule, ("POST" if "POST" in rule.methods else "GET")


def inputs(app, seen, sender, texts):
    """Every input in a fixed random order, without end: forms, queries, addresses, bodies, files."""
    every = forms_of(app, seen)
    leaving = [it for it in every if any(part in it.action for part in LEAVES)] + [SIGN_IN]
    forms = [it for it in every if not any(part in it.action for part in LEAVES)]
    queries = [
        (seen.paths[name], sorted(names))
        for name, names in seen.queries.items()
        if names and name in seen.paths
    ]
    rules, bodies, files = list(addresses(app)), payloads.bodies(), payloads.files()
    places = [("/deals/import/", "file")]
    places += [(form.action, name) for form in forms for name in form.files]
    chance = sender.chance
    # each form and each query once with everything hostile, before chance decides
    for form in forms:
        yield lambda form=form: sender.form(form, chance.choice(texts), all_fields=True)
    for path, names in queries:
        yield lambda path=path, names=names: sender.query(path, names, chance.choice(texts))
    for (place, field), (name, content) in itertools.product(dict.fromkeys(places), files[:36]):
        yield lambda a=place, b=field, c=name, d=content: sender.file(a, b, c, d)
    for turn in itertools.cycle(TURNS):
        text = chance.choice(texts)
        if turn in {"form", "all"}:
            yield lambda text=text, turn=turn: sender.form(
                chance.choice(forms), text, all_fields=turn == "all"
            )
        elif turn == "leave":
            yield lambda text=text: sender.leave(chance.choice(leaving), text)
        elif turn == "query":
            path, names = chance.choice(queries)
            yield lambda path=path, names=names, text=text: sender.query(path, names, text)
        elif turn == "address":
            rule, method = chance.choice(rules)
            path = "/".join(
                encoded(text[:300]) if "<" in part else part for part in rule.split("/")
            )
            yield lambda path=path, method=method, text=text: sender.send(text, method, path)
        elif turn == "body":
            body, kind = chance.choice(bodies)
            yield lambda body=body, kind=kind: sender.strange(chance.choice(forms), body, kind)
        else:
            (place, field), (name, content) = chance.choice(places), chance.choice(files)
            yield lambda a=place, b=field, c=name, d=content: sender.file(a, b, c, d)


def run(report, folder, url, *, short):
    count = SHORT if short else INPUTS
    company = Company(folder, url, max_upload_mb=5, max_body_mb=2).prepare()
    seeding.fill(company, year=False)
    company.run("search", "rebuild")
    app = company.app
    app.config["WTF_CSRF_ENABLED"] = False
    watch = Watch()
    app.logger.addHandler(watch)
    sender = Sender(company)

    def get(path):
        answer = sender.browser.raw.get(path, buffered=True)
        return answer.status_code, answer.get_data().decode("utf-8", "replace"), answer.mimetype

    seen = walk(app, get, most=150 if short else 500, per_page=1 if short else 2)
    texts = payloads.texts()
    deadline = time.monotonic() + TIME
    for send in itertools.islice(inputs(app, seen, sender, texts), count):
        if time.monotonic() > deadline:
            break  # the report says how far it came
        send()
        if not short and sender.sent % 1000 == 0:
            print(f"{sender.sent} sent, {len(sender.broken)} broken", flush=True)
    report.did = (
        f"{sender.sent} inputs from {len(texts)} hostile texts, {len(payloads.files())} files and "
        f"{len(payloads.bodies())} bodies into {len(seen.forms)} forms, {len(seen.queries)} pages' queries and every "
        f"address; answers {json.dumps({f'{k}xx': v for k, v in sorted(sender.statuses.items())})}"
    )
    report.find("inputs", sender.sent, least=count)
    report.none("answers ≥ 500", [*sender.broken, *watch.seen] if sender.broken else [])
    report.none("answers slower than 15 s", sender.slow)
    report.find("slowest answer, s", round(sender.longest, 1))
    with company.inside():
        cookie = company.cookie_of(seeding.person(seeding.ADMIN))
    company.close()
    from tests.drills.looking import look

    # in a thread of its own: tests beside it may have a browser of theirs open in this one
    with company.served(), ThreadPoolExecutor(1) as apart:
        apart.submit(look, report, company, cookie, seen, most=40 if short else 250).result()

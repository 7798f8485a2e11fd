"""Walks every page a person can reach by links, a few of each kind, and collects the forms on them."""

from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html

PER_PAGE = 3
"""Addresses of one view that are opened, for each set of query names."""


@dataclass(frozen=True, slots=True)
class FormSeen:
    """A form as it was on a page: where to, how, what it holds, which of it is text or a file."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """What was seen: status of each address, forms by view, query names by view."""

    app: object
    statuses: dict[str, int] = field(default_factory=dict)
    forms: dict[tuple, FormSeen] = field(default_factory=dict)
    queries: dict[str, set[str]] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def endpoint(self, path, method="GET"):
        try:
            return self.app.url_map.bind("127.0.0.1").match(urlsplit(path).path, method=method)[0]
        except Exception:  # noqa: BLE001  # no such page: elsewhere
            return ""

    def wrong(self, fine=(200,)):
        return [f"{path}: {status}" for path, status in self.statuses.items() if status not in fine]


def values_of(form):
    """What a browser would send of a form that nobody touched, but for files."""
    told = {name: value for name, value in form.form_values() if isinstance(value, str)}
    for field_ in form.inputs:
        if field_.get("type") == "radio" and field_.get("checked") is not None:
            told[field_.name] = field_.get("value", "on")
    for field_ in form.iter("select"):  # a browser chooses the first one
        options = field_.value_options
        if field_.name and not field_.multiple and field_.name not in told and options:
            told[field_.name] = options[0]
    return told


def walk(app, get, start=("/", "/library", "/desk/", "/account"), *, most=600, per_page=PER_PAGE):
    """Open pages by their links, a few of each view; `get` answers (status, text, type)."""
    seen, kinds, todo = Walk(app), Counter(), deque(start)
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.arguments:
                todo.append(rule.build({})[1])
    met = set(todo)
    while todo and len(seen.statuses) < most:
        path = todo.popleft()
        name = seen.endpoint(path)
        names = tuple(sorted({key for key, _ in parse_qsl(urlsplit(path).query)}))
        if not name or name == "web.static_file" or kinds[name, names] >= per_page:
            continue
        kinds[name, names] += 1
        seen.queries.setdefault(name, set()).update(names)
        seen.paths.setdefault(name, path)
        status, text, mimetype = get(path)
        seen.statuses[path] = status
        if mimetype != "text/html" or status != 200:
            continue
        for link in _read(seen, path, text):
            if link not in met:
                met.add(link)
                todo.append(link)
    return seen


def _read(seen, path, text):
    """Keep the forms of a page; yield its links to other pages of the portal."""
    try:
        page = lxml.html.fromstring(text)
    except lxml.etree.LxmlError:
        return
    for form in page.forms:
        action = urljoin(path, form.action or path)
        method = form.method.upper()
        names = tuple(sorted({it.name for it in form.inputs if it.name}))
        files = tuple(it.name for it in form.inputs if it.get("type") == "file" and it.name)
        given = values_of(form)
        told = {name: given.get(name, "") for name in names if name not in files}
        told.pop("csrf_token", None)
        key = (seen.endpoint(action, method), method, names)
        if key[0]:
            seen.forms.setdefault(
                key, FormSeen(urlsplit(action).path, method, tuple(told.items()), files)
            )
            if method == "GET":
                seen.queries.setdefault(key[0], set()).update(told)
    for link in page.iter("a"):
        where = link.get("href") or ""
        if where.startswith(("/", "?")) and not where.startswith("//"):
            parts = urlsplit(urljoin(path, where))
            yield parts.path + (f"?{parts.query}" if parts.query else "")

"""Translations straight from `.po` files: compiled in memory on first use, kept for good."""

import io
import threading
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.config import Language
from portal.web import locale

FOLDER = Path(__file__).parents[1] / "translations"


def compile_po(path: Path, language: str) -> Translations:
    """Turn a `.po` file into translations; fuzzy messages are left out, as gettext does."""
    buffer = io.BytesIO()
    with path.open("rb") as file:
        write_mo(buffer, read_po(file, locale=language, domain="messages"))
    buffer.seek(0)
    return Translations(buffer, domain="messages")


class PoDomain(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The domain Flask-Babel asks; with `watch` a changed file is read again (for development)."""

    def __init__(self, folder: Path = FOLDER, *, watch: bool = False) -> None:
        """Remember the folder that holds `<language>/LC_MESSAGES/messages.po`."""
        super().__init__([str(folder)], "messages")
        self.folder = folder
        self.watch = watch
        self._known: dict[str, tuple[int, NullTranslations]] = {}
        self._lock = threading.Lock()

    def get_translations(self) -> NullTranslations:
        """The translations of this request's language; English needs none."""
        here = locale.of_request()
        language = here.language if here else "en"
        known = self._known.get(language)
        if known is not None and not self.watch:
            return known[1]
        return self._load(language)

    def _load(self, language: str) -> NullTranslations:
        path = self.folder / language / "LC_MESSAGES" / "messages.po"
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        with self._lock:
            known = self._known.get(language)
            if known is None or known[0] != stamp:
                made = compile_po(path, language) if stamp else NullTranslations()
                known = self._known[language] = (stamp, made)
        return known[1]


def _speak(domain: PoDomain, environment: Environment) -> None:
    """Give templates `_()` and `ngettext()` that ask the domain directly.

    Flask-Babel's own look the domain and the request up again for every word, which is a tenth of
    the time a page takes.
    """

    def finish(context: EvalContext, text: str, values: dict[str, object]) -> str:
        shown = Markup(text) if context.autoescape else text  # noqa: S704  # our own catalogs
        return shown % values if values or "%" in text else shown

    @pass_eval_context
    def translate(context: EvalContext, text: str, /, **values: object) -> str:
        return finish(context, domain.get_translations().gettext(text), values)

    @pass_eval_context
    def count(context: EvalContext, one: str, many: str, num: int, /, **values: object) -> str:
        text = domain.get_translations().ngettext(one, many, num)
        return finish(context, text, {"num": num, **values})

    environment.globals.update({"_": translate, "gettext": translate, "ngettext": count})


def install(
    app: Flask, *, default: Language, timezone: str, folder: Path = FOLDER, watch: bool = False
) -> PoDomain:
    """Give the application its languages and time zone; returns the domain."""
    babel = Babel()
    babel.init_app(
        app,
        default_locale=str(default),
        default_timezone=timezone,
        locale_selector=locale.pick,
    )
    domain = PoDomain(folder, watch=watch)
    babel.domain_instance = domain
    _speak(domain, app.jinja_env)
    return domain

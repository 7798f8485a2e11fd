"""The pieces of a page's frame that are the same on every page of a person: drawn once, kept."""

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

KEPT = 400
"""Pieces kept at most, about 1 kB each; a person in one language and theme has five."""

DEPENDS_ON = ("me", "locale", "theme", "active")
"""What a piece may depend on besides what is the same for everybody."""
FOLLOWS = ("link", "navigation")
"""What a piece is given besides, because it follows from these."""


def install(environment: Environment, *, most: int = KEPT) -> None:
    """Give templates `piece(name)`: `web/frame/<name>.html`, drawn when it is first needed.

    Args:
        environment: where the templates are.
        most: how many pieces are kept before all are forgotten; 0 draws every one anew.
    """
    kept: dict[tuple[object, ...], Markup] = {}

    @pass_context
    def piece(context: Context, name: str) -> Markup:
        key = (name, *(context[it] for it in DEPENDS_ON))
        found = kept.get(key)
        if found is None:
            told = {it: context[it] for it in (*DEPENDS_ON, *FOLLOWS)}
            template = environment.get_template(f"web/frame/{name}.html")
            found = Markup(template.render(told))  # noqa: S704  # just drawn
            if len(kept) >= most:
                kept.clear()
            if most:
                kept[key] = found
        return found

    environment.globals["piece"] = piece

"""What pages show of second factors: the picture for an app, what there is."""

from flask import current_app
from flask_login import current_user
from markupsafe import Markup

from portal.accounts.factors import rules
from portal.config import Config

ISSUER = "Arsenal"


def secret() -> str:
    """Return the portal's secret."""
    config: Config = current_app.config["PORTAL"]
    return config.secret_key


def is_required() -> bool:
    """Whether the person's role must have a second factor."""
    config: Config = current_app.config["PORTAL"]
    return current_user.role.value in config.second_factor_names


def app_facts(content: bytes, account: str) -> dict[str, object]:
    """Return what the page of a new app shows: a picture to scan, a key to type."""
    import segno  # noqa: PLC0415  # for those few who set an app up

    address = rules.address(content, account=account, issuer=ISSUER)
    picture = segno.make(address, error="m", micro=False).svg_inline(
        border=3, light="#fff", svgclass=None, lineclass=None, omitsize=True
    )
    return {
        "picture": Markup(picture),  # noqa: S704  # made here, of letters and digits
        "key": rules.grouped(rules.base32(content)),
        "address": address,
    }

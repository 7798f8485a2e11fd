"""Who may see how the portal is: whoever shows the token."""

import hmac

from flask import current_app, request

from portal.config import Config


def is_told() -> bool:
    """Whether who asks may see how the portal is: they show the token."""
    config: Config = current_app.config["PORTAL"]
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    wanted = f"Bearer {config.metrics_token}".encode()
    return bool(config.metrics_token) and hmac.compare_digest(given, wanted)

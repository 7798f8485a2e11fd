"""Settings of those who watch over the portal: logs, and who may read figures."""

from typing import Literal

from pydantic import BaseModel, Field


class WatchSettings(BaseModel):
    """How the portal tells how it is."""

    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="how much is logged: DEBUG, INFO, WARNING or ERROR",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="how log lines look: text, or json for programs"
    )
    metrics_token: str = Field(
        default="",
        pattern="^([!-~]{16,200})?$",
        description="who shows it may read `/metrics`; 16 characters or more; empty: nobody",
    )

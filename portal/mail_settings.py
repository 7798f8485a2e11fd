"""Settings of the mail server: by which one notices go out, and from whom."""

import re
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, field_validator, model_validator

PLAIN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class Tls(StrEnum):
    """How the mail server is spoken to: STARTTLS, TLS from the first byte, or in the clear."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class InDoubt(StrEnum):
    """What becomes of a mail that the server may have or not have: see `library/mail/sending`."""

    AGAIN = "again"  # sent again, under the same name: no mail waits for anybody
    HOLD = "hold"  # until somebody has looked: no mail goes out twice


class MailSettings(BaseModel):
    """What the portal must be told to send mail; without a server it sends none."""

    smtp_host: str = Field(
        default="", description="the mail server notices are sent by; empty: no mail"
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_user: str = Field(default="", description="the user to sign in as, if it asks for one")
    smtp_password: str = Field(default="", description="that user's password")
    smtp_tls: Tls = Field(
        default=Tls.STARTTLS, description="starttls, tls (port 465) or none (a trusted network)"
    )
    mail_from: str = Field(
        default="", description="the sender, `Arsenal <arsenal@example.com>`; needed with a server"
    )

    mail_in_doubt: InDoubt = Field(
        default=InDoubt.AGAIN,
        description="a mail whose server died without an answer: send it again or hold it",
    )

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, value: str) -> str:
        _, address = parseaddr(value)
        good = re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", address) and value.isprintable()
        if value and (not good or len(getaddresses([value])) != 1):
            message = "must look like Arsenal <arsenal@example.com>"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _mail(self) -> Self:
        if bool(self.smtp_host) != bool(self.mail_from):
            message = "PORTAL_SMTP_HOST and PORTAL_MAIL_FROM go together: give both or neither"
            raise ValueError(message)
        if bool(self.smtp_user) != bool(self.smtp_password):
            message = "PORTAL_SMTP_USER and PORTAL_SMTP_PASSWORD go together: give both or neither"
            raise ValueError(message)
        if self.smtp_user and not self.smtp_host:
            message = "PORTAL_SMTP_USER needs PORTAL_SMTP_HOST"
            raise ValueError(message)
        if self.smtp_user and self.smtp_tls is Tls.NONE and self.smtp_host not in PLAIN_HOSTS:
            message = "PORTAL_SMTP_TLS=none would send the password in the clear"
            raise ValueError(message)
        return self

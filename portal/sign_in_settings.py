"""Settings of signing in: by the company's own sign-in (OpenID Connect), and second factors."""

import re
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator, model_validator

from portal.mail_settings import PLAIN_HOSTS

ROLES = ("rep", "contributor", "marketer", "manager", "admin")
EVERYBODY = "*"
"""Stands for every group, and for none: the role of all whom the company's sign-in knows."""


class Unknown(StrEnum):
    """What becomes of people the company's sign-in knows and the portal does not."""

    REFUSE = "refuse"
    MAKE = "make"


def role_map(text: str) -> dict[str, str]:
    """Read `group=role, another group=role`.

    Raises:
        ValueError: when it can not be read, or names no role.
    """
    found: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        group, equals, role = (part.strip() for part in piece.rpartition("="))
        if not (group and equals) or role not in ROLES:
            message = f"must look like group=role, with the roles {', '.join(ROLES)}"
            raise ValueError(message)
        if group in found:
            message = f"names the group {group} twice"
            raise ValueError(message)
        found[group] = role
    return found


def names(text: str) -> tuple[str, ...]:
    """Read a list of words, parted by commas or blanks."""
    return tuple(dict.fromkeys(re.split(r"[\s,]+", text.strip()))) if text.strip() else ()


class SignInSettings(BaseModel):
    """What the portal must be told about how people sign in."""

    oidc_issuer: str = Field(
        default="", description="sign-in by your company's own: the issuer's `https://…`"
    )
    oidc_client_id: str = Field(default="", description="how the portal is called there")
    oidc_client_secret: str = Field(default="", description="its secret there, if it has one")
    oidc_scopes: str = Field(
        default="openid email profile", description="what the portal asks it to tell"
    )
    oidc_groups_claim: str = Field(
        default="groups", description="where it tells groups; steps by dots: `realm_access.roles`"
    )
    oidc_roles: str = Field(
        default="",
        description="roles by group: `sales=rep, it=admin`; `*=rep`: everybody; empty: not by it",
    )
    oidc_name: str = Field(default="", description="what the button says; empty: the issuer's host")
    oidc_unknown: Unknown = Field(
        default=Unknown.REFUSE, description="people new to the portal: refuse or make"
    )
    oidc_hosts: str = Field(
        default="", description="hosts it needs besides its own, e.g. `oauth2.googleapis.com`"
    )
    second_factor_roles: str = Field(
        default="", description="who must give a second factor, e.g. `manager,admin`"
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _an_issuer(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        plain = parts.scheme == "http" and parts.hostname in PLAIN_HOSTS
        good = parts.hostname and (parts.scheme == "https" or plain)
        if not good or parts.query or parts.fragment or parts.username or parts.password:
            message = "must look like https://sign-in.example.com"
            raise ValueError(message)
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _openid(cls, value: str) -> str:
        if "openid" not in value.split():
            message = "must hold openid"
            raise ValueError(message)
        return " ".join(value.split())

    @field_validator("oidc_roles")
    @classmethod
    def _mapped(cls, value: str) -> str:
        role_map(value)
        return value

    @field_validator("second_factor_roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        if not set(names(value)) <= set(ROLES):
            message = f"must hold some of {', '.join(ROLES)}"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _sign_in(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            message = "PORTAL_OIDC_ISSUER and PORTAL_OIDC_CLIENT_ID go together: give both"
            raise ValueError(f"{message} or neither")
        return self

    @property
    def second_factor_names(self) -> tuple[str, ...]:
        """The roles whose people must give a second factor."""
        return names(self.second_factor_roles)

    @property
    def company_sign_in(self) -> str:
        """What the button of the company's sign-in is called; empty: there is none."""
        return self.oidc_name or urlsplit(self.oidc_issuer).hostname or ""

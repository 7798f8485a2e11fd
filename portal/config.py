"""Settings from the environment (`PORTAL_…`), typed; refuses to start half-told."""

import os
import re
import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from portal.mail_settings import PLAIN_HOSTS, MailSettings
from portal.retention_settings import RetentionSettings
from portal.sign_in_settings import SignInSettings
from portal.watch_settings import WatchSettings

PREFIX = "PORTAL_"
SECRETS = frozenset(
    {
        "secret_key",
        "database_url",
        "s3_access_key",
        "s3_secret_key",
        "smtp_password",
        "metrics_token",
        "oidc_client_secret",
    }
)
DEMO_MARK = "arsenal-demo"
DEMO_PHRASE = b"This folder is a demo of Arsenal; it may be deleted.\n"
SECRET_FILE = "secret_key"  # noqa: S105  # a file's name, not a secret
BEING_WRITTEN = ".new"  # ends the name of a file until it is complete
SECRET_LEAST, SECRET_VARIETY = 32, 8  # characters, and different ones among them


class Language(StrEnum):
    """The languages the portal works, reads and searches in."""

    EN = "en"
    VI = "vi"
    RU = "ru"


class Synchronous(StrEnum):
    """How hard SQLite insists on the disk: NORMAL may lose the last moments on power loss."""

    NORMAL = "NORMAL"
    FULL = "FULL"


class ConfigError(Exception):
    """The settings can not be used; the text says which and what to do, one line each."""


class Config(SignInSettings, RetentionSettings, WatchSettings, MailSettings):
    """What the portal must be told to run; one field a setting, the names upper-cased."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"), description="where the database, index and secrets live"
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite in the data directory"
    )
    secret_key: str = Field(default="", description="signs cookies; at least 32 characters; needed")
    base_url: str = Field(
        default="", description="how people reach the portal, `https://…`; needed"
    )
    timezone: str = Field(
        default="UTC", description="the company's time zone, e.g. `Asia/Ho_Chi_Minh`"
    )
    language: Language = Field(
        default=Language.EN, description="of those who have not chosen: en, vi or ru"
    )
    host: str = Field(default="127.0.0.1", description="the address `portal serve` listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="the port it listens on")
    workers: int = Field(default=2, ge=1, le=64, description="web processes")
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="reverse proxies whose X-Forwarded-… count"
    )
    max_body_mb: int = Field(default=2, ge=1, le=1024, description="largest form, in MB")
    max_upload_mb: int = Field(default=50, ge=1, le=2000, description="largest attachment, in MB")
    s3_endpoint: str = Field(default="", description="attachments in S3: its `https://…`")
    s3_bucket: str = Field(default="", description="its bucket; empty: files in the data directory")
    s3_region: str = Field(default="us-east-1", description="its region")
    s3_access_key: str = Field(default="", description="the access key's id")
    s3_secret_key: str = Field(default="", description="the access key's secret")
    session_idle_hours: int = Field(
        default=72, ge=1, le=720, description="signed out after so long unused"
    )
    session_days: int = Field(
        default=30, ge=1, le=365, description="signed out after so long in any case"
    )
    search: Literal["embedded", "postgresql"] = Field(
        default="embedded",
        description="the index: embedded (a folder of each machine), postgresql (one for all)",
    )
    sqlite_synchronous: Synchronous = Field(
        default=Synchronous.NORMAL, description="SQLite only: NORMAL or FULL (12× slower writes)"
    )
    demo: bool = Field(
        default=False, exclude=True, description="never from the environment: the data directory"
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = "is not a time zone such as Asia/Ho_Chi_Minh"
            raise ValueError(message) from error
        return value

    @field_validator("base_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            message = "must look like https://arsenal.example.com"
            raise ValueError(message)
        try:
            usable = parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            message = "must have a port from 1 to 65535, or none"
            raise ValueError(message)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _database(self) -> Self:
        url = self.database_url or f"sqlite:///{(self.data_dir / 'portal.sqlite').resolve()}"
        if url.startswith(("postgresql://", "postgres://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        if not url.startswith(("sqlite:///", "postgresql+")):
            message = "database_url must start with sqlite:/// or postgresql://"
            raise ValueError(message)
        if self.search == "postgresql" and url.startswith("sqlite"):
            message = "PORTAL_SEARCH=postgresql needs a PostgreSQL database: set it with "
            raise ValueError(f"{message}PORTAL_DATABASE_URL, or leave PORTAL_SEARCH out")
        object.__setattr__(self, "database_url", url)
        return self

    @property
    def index_dir(self) -> Path:
        """Where the search index lives; it can be deleted at any time."""
        return self.data_dir / "index"

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    def check_production(self) -> Self:
        """Refuse what would be unsafe or half-told on a server people use.

        Raises:
            ConfigError: with one line for each setting that is missing or too weak.
        """
        wrong = []
        if not self.secret_key:
            wrong.append(
                "PORTAL_SECRET_KEY is not set: 32 random characters or more, "
                "or PORTAL_SECRET_KEY_FILE"
            )
        elif len(self.secret_key) < SECRET_LEAST or len(set(self.secret_key)) < SECRET_VARIETY:
            wrong.append(
                "PORTAL_SECRET_KEY is too easy to guess: give 32 random characters or more"
            )
        if not self.base_url:
            wrong.append(
                "PORTAL_BASE_URL is not set: how people reach the portal, "
                "e.g. https://arsenal.example.com"
            )
        elif not self.secure and urlsplit(self.base_url).hostname not in PLAIN_HOSTS:
            wrong.append(
                "PORTAL_BASE_URL must start with https:// unless it is this machine itself"
            )
        if wrong:
            raise ConfigError("\n".join(wrong))
        return self


def _values(environ: Mapping[str, str]) -> dict[str, str]:
    """Collect the settings given, secrets from files too, and refuse names nobody knows."""
    values: dict[str, str] = {}
    wrong: list[str] = []
    for key in sorted(k for k in environ if k.startswith(PREFIX)):
        name = key.removeprefix(PREFIX).lower()
        if name.removesuffix("_file") in SECRETS and name.endswith("_file"):
            plain = key.removesuffix("_FILE")
            if environ.get(plain):
                wrong.append(f"{plain} and {key} are both set: keep one")
                continue
            try:
                values[name.removesuffix("_file")] = Path(environ[key]).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                wrong.append(f"{key}: {environ[key]} can not be read ({type(error).__name__})")
        elif name in Config.model_fields and name != "demo":
            if environ[key] != "":
                values[name] = environ[key]
        else:
            wrong.append(f"{key} is not a setting: see the table in README")
    if wrong:
        raise ConfigError("\n".join(wrong))
    return values


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; a demo's data directory brings its own secret and address.

    Raises:
        ConfigError: when one is unknown or can not be used, naming each.
    """
    values: dict[str, object] = dict(_values(os.environ if environ is None else environ))
    folder = Path(str(values.get("data_dir", "data")))
    if demo_password(folder) is not None:
        values["demo"] = True
        values.setdefault("secret_key", _demo_secret(folder))
        values.setdefault("base_url", f"http://127.0.0.1:{values.get('port', 8000)}")
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = f"{PREFIX}{problem['loc'][0]}".upper() if problem["loc"] else "settings"
            lines.append(f"{name}: {problem['msg'].removeprefix('Value error, ')}")
        raise ConfigError("\n".join(lines)) from error


def demo_password(folder: Path) -> str | None:
    """Return the password of a demo's people, or None when the folder is not a demo's."""
    try:
        with (folder / DEMO_MARK).open("rb") as file:
            phrase, password, rest = file.readline(200), file.readline(200), file.read(1)
    except OSError:
        return None
    known = phrase == DEMO_PHRASE and re.fullmatch(rb"[\w-]{8,100}\n", password) and not rest
    return password.decode("ascii").strip() if known else None


def _demo_secret(folder: Path) -> str:
    try:
        return (folder / SECRET_FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{folder / SECRET_FILE} can not be read ({type(error).__name__}): "
        raise ConfigError(message + "run `portal demo` on this folder, or delete it") from error


def _may_become_demo(folder: Path) -> bool:
    """Whether there is nothing in it, or nothing but a demo's mark that was being written."""
    names = [path.name for path in folder.iterdir()]
    if names != [DEMO_MARK + BEING_WRITTEN]:
        return not names
    begun = folder / names[0]
    return begun.is_file() and begun.read_bytes()[: len(DEMO_PHRASE)] in {
        DEMO_PHRASE[:length] for length in range(len(DEMO_PHRASE) + 1)
    }


def _write(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 that is there as a whole or not at all."""
    begun = path.with_name(path.name + BEING_WRITTEN)
    begun.unlink(missing_ok=True)
    handle = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    begun.replace(path)


def make_demo(folder: Path) -> str:
    """Turn an empty folder into a demo's data directory; return the password of its people.

    Its secret and that password are made at random, each in a file of mode 0600. One that was
    interrupted here is completed.

    Raises:
        ConfigError: when the folder holds something that is not a demo's; it stays as it is.
        OSError: when it can not be read or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = demo_password(folder)
    if password is None and not _may_become_demo(folder):
        message = f"{folder} is not a demo's data directory; give another one with --data-dir"
        raise ConfigError(message)
    folder.chmod(0o700)
    if password is None:  # the mark first: with it, whatever is in the folder is a demo's
        password = secrets.token_urlsafe(9)
        _write(folder / DEMO_MARK, DEMO_PHRASE + password.encode("ascii") + b"\n")
    if not (folder / SECRET_FILE).exists():
        _write(folder / SECRET_FILE, secrets.token_urlsafe(48).encode("ascii"))
    return password

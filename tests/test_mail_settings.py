"""Settings of the mail server: refused when half-told."""

import pytest

from portal.config import ConfigError, load

GOOD = {
    "PORTAL_SMTP_HOST": "mail.example.com",
    "PORTAL_MAIL_FROM": "Arsenal <arsenal@example.com>",
    "PORTAL_SMTP_USER": "arsenal",
    "PORTAL_SMTP_PASSWORD": "secret",
}


@pytest.fixture
def told(tmp_path):
    return lambda **changes: load({**GOOD, "PORTAL_DATA_DIR": str(tmp_path), **changes})


def test_all_told(told, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("from a file\n")
    found = told(PORTAL_SMTP_PASSWORD="", PORTAL_SMTP_PASSWORD_FILE=str(secret))
    assert (found.smtp_port, found.smtp_tls, found.smtp_password) == (
        587,
        "starttls",
        "from a file",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"PORTAL_MAIL_FROM": ""}, "give both or neither"),
        ({"PORTAL_SMTP_HOST": ""}, "give both or neither"),
        ({"PORTAL_SMTP_PASSWORD": ""}, "give both or neither"),
        ({"PORTAL_SMTP_TLS": "none"}, "in the clear"),
        ({"PORTAL_SMTP_TLS": "maybe"}, "PORTAL_SMTP_TLS"),
        ({"PORTAL_SMTP_PORT": "0"}, "PORTAL_SMTP_PORT"),
        ({"PORTAL_MAIL_FROM": "Arsenal"}, "must look like"),
        ({"PORTAL_MAIL_FROM": "a@x.example\nBcc: b@x.example"}, "must look like"),
        ({"PORTAL_MAIL_FROM": "a@x.example, b@x.example"}, "must look like"),
    ],
)
def test_half_told_is_refused(told, changes, said):
    with pytest.raises(ConfigError, match=said):
        told(**changes)

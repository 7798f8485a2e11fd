"""What may become a header, an address, a message on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.mail.message import Letter, build
from portal.library.mail.rules import USUAL, header, quoted, wire_address
from portal.library.notices.rules import Kind


@given(st.text(max_size=400))
def test_a_header_is_one_printable_line(text):
    made = header(text)
    assert len(made) <= 160
    assert made == "" or made.isprintable()
    assert header(made) == made


@given(st.text(max_size=200), st.text(max_size=100))
def test_no_text_begins_another_header(subject, name):
    from datetime import UTC, datetime
    from email import message_from_bytes

    letter = Letter(subject, "text", "<p>", "en", "https://x.example/mail/mute/" + "a" * 80)
    subject = subject.encode("utf-8", "replace").decode()
    made = build(
        letter, mail_from="A <a@x.example>", to="b@x.example", name=name,
        message_id="<1@x.example>", date=datetime(2026, 11, 25, tzinfo=UTC),
    )  # fmt: skip
    read = message_from_bytes(made.as_bytes())
    assert sorted(set(map(str.lower, read.keys()))) == [
        "auto-submitted", "content-language", "content-type", "date", "from", "list-unsubscribe",
        "list-unsubscribe-post", "message-id", "mime-version", "subject", "to",
    ]  # fmt: skip


@given(st.binary(max_size=300))
def test_nothing_within_a_message_ends_it(content):
    made = quoted(content)
    assert made.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + made
    undone = (b"\r\n" + made).replace(b"\r\n..", b"\r\n.")[2:]
    assert undone.split(b"\r\n")[:-1] == quoted(content).replace(b"\r\n..", b"\r\n.").split(
        b"\r\n"
    )[:-1] or content.startswith(b".")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "@x",
        "x@",
        "a b@x.example",
        "a@x.example\r\nRCPT TO:<z@x>",
        "a<b@x.example",
        "a@x..example",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError):
        wire_address(address)


def test_addresses_in_other_letters():
    assert wire_address("lan@пример.example") == ("lan@xn--e1afmkfd.example", False)
    assert wire_address("лань@x.example") == ("лань@x.example", True)


def test_every_kind_has_a_usual_way():
    assert set(USUAL) == set(Kind)

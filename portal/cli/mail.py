"""`portal mail …`: whether mail goes out."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import click

from portal import clock
from portal.cli.helpers import refuse, unit
from portal.config import Config
from portal.library.mail import message, presenting, rules, smtp


@click.group()
def mail() -> None:
    """Mail that tells people of what waits for them."""


@mail.command("test")
@click.argument("address")
def try_it(address: str) -> None:
    """Send one mail to ADDRESS at once, and say what the server answered."""
    with unit() as app:
        settings: Config = app.config["PORTAL"]
        if not settings.smtp_host:
            raise refuse("There is no mail server: set PORTAL_SMTP_HOST and PORTAL_MAIL_FROM.")
        subject, text = presenting.trial()
        server = smtp.Server.of(settings, message.host_of(settings.base_url))
        try:
            made = _trial(settings, address, rules.header(subject), text)
            _, sender = message.sender_of(settings.mail_from)
            said = smtp.hand_over(
                server, made.as_bytes(), sender=sender, to=address, last_moment=_nothing
            )
        except (ValueError, smtp.RefusedError, smtp.TroubleError) as error:
            raise refuse(f"{address}: {error}") from error
    click.echo(f"{server.host}:{server.port} has it: {said}")


def _nothing() -> None:
    """Nothing is kept of a trial."""


def _trial(settings: Config, address: str, subject: str, text: str) -> EmailMessage:
    made = EmailMessage(message.POLICY)
    made["From"] = settings.mail_from
    made["To"] = rules.wire_address(address)[0]
    made["Subject"] = subject
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = make_msgid(domain=message.host_of(settings.base_url))
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text, cte="base64")
    return made

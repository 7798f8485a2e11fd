"""The command line `portal`: thin commands that call services, one file a subject.

Exit status: 0 done, 1 refused (the reason on standard error), 2 wrong usage.
"""

# ruff: noqa: E402  # what is imported below the pause loads nearly everything

from portal.cli import collecting

# isort: split
collecting.pause()

import click

from portal.cli import attachments as _attachments  # noqa: F401  # adds to `portal content`
from portal.cli import comparing as _comparing  # noqa: F401  # as well
from portal.cli import insights_use as _insights_use  # noqa: F401  # adds to `portal insights`
from portal.cli import sources as _sources  # noqa: F401  # adds to `portal content`
from portal.cli.content import content
from portal.cli.database import db_group
from portal.cli.deals import deals
from portal.cli.demo import demo
from portal.cli.doctor import doctor
from portal.cli.history import history
from portal.cli.insights import insights
from portal.cli.mail import mail
from portal.cli.people import user
from portal.cli.privacy import people
from portal.cli.requests import requests
from portal.cli.search import search
from portal.cli.serving import serve
from portal.cli.usage import usage
from portal.cli.worker import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="arsenal-portal", message="Arsenal %(version)s")
def main() -> None:
    """Arsenal: the content portal of your sales team."""


for command in (
    demo, serve, worker, db_group, user, people, content, deals, requests, usage, history,
    insights, search, mail, doctor,
):  # fmt: skip
    main.add_command(command)
collecting.resume()

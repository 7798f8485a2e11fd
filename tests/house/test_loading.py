"""A server starts without what few of its requests need, which would cost each worker memory."""

import os
import subprocess
import sys

from tests.browser import ROOT

LATE = {
    "openpyxl": "workbooks of deals",
    "icalendar": "calendar files",
    "holidays": "agreements on time",
    "PIL": "pictures",
    "pypdfium2": "attachments",
    "docx": "attachments",
    "pptx": "attachments",
    "lxml": "attachments and workbooks",
    "markdown": "texts that are saved",
    "nh3": "texts that are saved",
    "pygments": "nothing: Markdown takes it along",
    "alembic": "migrations",
    "authlib": "sign-in by the company",
    "requests": "sign-in by the company",
    "webauthn": "passkeys",
    "segno": "second factors that are set up",
    "cryptography": "second factors and passkeys",
    "minio": "a bucket of files",
    "portal.cli.demo": "the demo",
    "portal.cli.content": "content that is brought in by command",
    "portal.insights.history.service": "a history that is moved in",
    "portal.work": "the worker",
}
"""What is loaded when it is needed, and by what."""

START = """
import sys
from portal.cli import main, server
main.commands["serve"]
from portal.cli.helpers import create_app
from portal.config import load
app = create_app(load())
server.load(app)
for path in ("/sign-in", "/"):
    app.test_client().get(path)
print(*sys.modules)
"""


def loaded(folder):
    """The modules of a server that has shown its first pages."""
    environ = {name: v for name, v in os.environ.items() if not name.startswith("PORTAL_")}
    environ |= {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_SECRET_KEY": "0123456789 and some more of a secret",
        "PORTAL_BASE_URL": "http://127.0.0.1:5000",
    }
    migrate = [sys.executable, "-c", "from portal.cli import main; main()", "db", "upgrade"]
    subprocess.run(migrate, cwd=ROOT, env=environ, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environ, check=True, capture_output=True
    )
    return set(done.stdout.decode().split())


def test_a_server_starts_without_what_few_need(tmp_path):
    found = loaded(tmp_path)
    assert {"flask", "sqlalchemy", "portal.app"} <= found
    assert {name: LATE[name] for name in LATE if name in found} == {}

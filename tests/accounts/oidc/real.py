"""Starts npm's `oidc-provider`, and walks through its pages as a browser does."""

import html
import json
import os
import re
import shutil
import subprocess
import urllib.parse
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.browser import ROOT, free_port

SCRIPT = Path(__file__).with_name("provider.mjs")
FOLDERS = [Path(os.environ.get("PORTAL_TEST_NODE_MODULES") or ROOT / "node_modules")]
CLIENT, SECRET = "arsenal", "a secret of tests only"


def modules():
    """Where the provider is; the test is skipped when there is none."""
    if not shutil.which("node"):
        pytest.skip("no node on the path")
    for folder in FOLDERS:
        if (folder / "oidc-provider").is_dir():
            return folder
    return pytest.skip("no oidc-provider: `npm install oidc-provider@8`, PORTAL_TEST_NODE_MODULES")


@contextmanager
def provider(back, people):
    """A provider on a free port that knows these people; yields its issuer."""
    port = free_port()
    told = {"port": port, "client_id": CLIENT, "client_secret": SECRET, "back": back}
    process = subprocess.Popen(
        ["node", SCRIPT, modules(), json.dumps({**told, "people": people})],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.strip() == "ready":
                break
        else:
            pytest.fail("the provider did not start:\n" + "".join(said))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Browser:
    """Somebody at the provider's pages: signs in by its form, and says yes."""

    def __init__(self):
        self._http = requests.Session()
        self._http.trust_env = False

    def _ask(self, url, data=None):
        """(where it leads, or None; what it says): nothing is followed here."""
        method = "POST" if data else "GET"
        answer = self._http.request(method, url, data=data, timeout=30, allow_redirects=False)
        where = answer.headers.get("Location")
        assert where or answer.ok, f"{url}: {answer.status_code} {answer.text[:2000]}"
        return where and urllib.parse.urljoin(url, where), answer.text

    def sign_in(self, url, login, back):
        """Follow an address to the provider until it sends the browser back; return that address."""
        for _ in range(12):
            if url.startswith(back):
                return url
            where, page = self._ask(url)
            if where is None:
                action = html.unescape(re.search(r'action="([^"]+)"', page)[1])
                prompt = re.search(r'name="prompt" value="(\w+)"', page)[1]
                data = {"prompt": prompt, "login": login, "password": "x"}
                where, said = self._ask(urllib.parse.urljoin(url, action), data)
                assert where, (
                    f"{action} led nowhere with {data}: {said[:3000]}\n\nafter {page[:3000]}"
                )
            url = where
        pytest.fail(f"the provider never sent the browser back: {url}")

"""OpenStack Swift on this machine: a real S3-compatible server in processes that may be killed.

Its four servers keep accounts, buckets and objects on the disk as in a data centre, with one copy
of each; its `s3api` speaks S3 with signatures of version 4. `python -m …swift NAME FILE` is one.
"""

import getpass
import http.client
import importlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ACCESS, SECRET = "arsenal:portal", "only-tests-use-this-one"
STORAGE = {"account": "account", "container": "container", "object": "obj"}
PATIENCE = 60

COMMON = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
log_level = ERROR
# a slow machine is not a broken one, and one that was killed is asked again at once
conn_timeout = 30
node_timeout = 60
container_update_timeout = 60
error_suppression_limit = 1000000
"""
BEHIND = """[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""
PROXY = """[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_arsenal_portal = {secret} .admin
[filter:s3api]
use = egg:swift#s3api
max_bucket_listing = 5
location = us-east-1
"""
FILTERS = ("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "slo")


def free_ports(count):
    """Ports that nobody listens on."""
    found = [socket.socket() for _ in range(count)]
    try:
        for it in found:
            it.bind(("127.0.0.1", 0))
        return [it.getsockname()[1] for it in found]
    finally:
        for it in found:
            it.close()


class Swift:
    """One server of S3, in a folder of its own."""

    access, secret = ACCESS, SECRET

    def __init__(self, folder):
        self.folder = Path(folder)
        self.ports = dict(zip(("proxy", *STORAGE), free_ports(1 + len(STORAGE)), strict=True))
        self.url = f"http://127.0.0.1:{self.ports['proxy']}"
        self.running = {}
        (self.folder / "devices" / "one").mkdir(parents=True)
        self._write("swift.conf", "[swift-hash]\nswift_hash_path_suffix = arsenal\n")
        for name in STORAGE:
            self._write(f"{name}.conf", COMMON + BEHIND, name=name)
            self._make_ring(name)
        filters = "".join(f"[filter:{it}]\nuse = egg:swift#{it}\n" for it in FILTERS)
        self._write("proxy.conf", COMMON + PROXY + filters, name="proxy")

    def _write(self, file, text, name=""):
        told = {"port": self.ports.get(name), "user": getpass.getuser(), "folder": self.folder}
        (self.folder / file).write_text(text.format(**told, name=name, secret=SECRET))

    def _make_ring(self, name):
        from swift.common.ring import RingBuilder

        ring = RingBuilder(4, 1, 0)  # sixteen parts, one copy
        ring.add_dev(
            {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": self.ports[name],
             "device": "one", "weight": 1.0}
        )  # fmt: skip
        ring.rebalance()
        ring.get_ring().save(str(self.folder / f"{name}.ring.gz"))

    def start(self, *names):
        """Start its servers, or some; returns when they answer."""
        for name in names or self.ports:
            log = (self.folder / f"{name}.log").open("ab")
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", __name__, name, str(self.folder / f"{name}.conf")],
                stdout=log, stderr=log, start_new_session=True, cwd=ROOT,
            )  # fmt: skip
            log.close()
        for name in names or self.ports:
            self._wait(name)

    def _wait(self, name):
        end = time.monotonic() + PATIENCE
        while True:
            line = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=5)
            try:
                line.request("GET", "/healthcheck")
                line.getresponse().read()
            except OSError:
                if self.running[name].poll() is not None or time.monotonic() > end:
                    log = (self.folder / f"{name}.log").read_text(errors="replace")
                    raise RuntimeError(f"Swift's {name} server did not start:\n{log}") from None
                time.sleep(0.05)
            else:
                return
            finally:
                line.close()

    def stop(self, *names):
        """Kill its servers, or some, at once."""
        for name in names or list(self.running):
            process = self.running.pop(name)
            process.kill()
            process.wait()


ROOT = Path(__file__).parents[3]


def be(name, file):
    """Be one of the servers, with the settings that lie beside its own."""
    import swift.common.utils

    swift.common.utils.set_swift_dir(os.path.dirname(file))  # noqa: PTH120  # as it compares them
    module = importlib.import_module(f"swift.{STORAGE.get(name, name)}.server")
    sys.argv = ["swift", file]
    module.main()


if __name__ == "__main__":
    be(*sys.argv[1:3])

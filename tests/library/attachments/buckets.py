"""Servers of S3 the store is tried against: moto, Swift, and one that you name.

`PORTAL_TEST_S3_URL`, `PORTAL_TEST_S3_ACCESS_KEY` and `PORTAL_TEST_S3_SECRET_KEY` name yours: the
tests make buckets there, and delete them.
"""

import os
import uuid
from dataclasses import dataclass

import pytest
from minio import Minio

from tests.library.attachments.swift import Swift


@dataclass
class Server:
    """Where a server is, and who may use it."""

    url: str
    access: str
    secret: str

    def client(self):
        """A client of it."""
        scheme, _, address = self.url.partition("://")
        return Minio(
            address, self.access, self.secret, secure=scheme == "https", region="us-east-1"
        )


GIVEN = Server(
    os.environ.get("PORTAL_TEST_S3_URL", ""),
    os.environ.get("PORTAL_TEST_S3_ACCESS_KEY", ""),
    os.environ.get("PORTAL_TEST_S3_SECRET_KEY", ""),
)
REAL = ["swift", *(["given"] if GIVEN.url else [])]
SERVERS = ["moto", *REAL]


@pytest.fixture(scope="session")
def moto_s3():
    """moto's server: it speaks S3 over HTTP in this process."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield Server(f"http://{host}:{port}", "test", "testtest")
    server.stop()


@pytest.fixture(scope="session")
def swift_s3(tmp_path_factory):
    """OpenStack Swift, in processes of its own."""
    server = Swift(tmp_path_factory.mktemp("swift"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def given_s3():
    """The server that the environment names."""
    return GIVEN


def a_bucket(server, request):
    """Make a bucket for one test; returns the settings of a portal that keeps its files there."""
    client, bucket = Server(server.url, server.access, server.secret).client(), f"a-{uuid.uuid4()}"
    client.make_bucket(bucket)

    def forget():
        for found in client.list_objects(bucket, recursive=True):
            client.remove_object(bucket, found.object_name)
        client.remove_bucket(bucket)

    request.addfinalizer(forget)
    return {
        "s3_endpoint": server.url,
        "s3_bucket": bucket,
        "s3_access_key": server.access,
        "s3_secret_key": server.secret,
    }

"""A device of our own that makes and shows keys, honestly or as told."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    """One key; `origin`, `site`, `flags`, `count` and `handle` may be changed to lie."""

    def __init__(self, origin=ORIGIN, site="localhost"):
        self.origin, self.site = origin, site
        self.flags = PRESENT | VERIFIED
        self.count = 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.handle = None

    def _client(self, kind, challenge):
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _said(self, flags):
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response):
        named = {name: b64(value) for name, value in response.items() if value is not None}
        told = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key"}
        return json.dumps({**told, "response": named})

    def make(self, options, challenge=None):
        """Answer to options for a new key."""
        self.handle = raw(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.x, numbers.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        place = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        said = self._said(self.flags | ATTESTED) + place
        return self._answer(
            clientDataJSON=self._client("webauthn.create", challenge or options["challenge"]),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said}),
        )

    def show(self, options, challenge=None):
        """Answer to options for showing a key."""
        self.count += 1
        client = self._client("webauthn.get", challenge or options["challenge"])
        said = self._said(self.flags)
        signed = said + hashlib.sha256(client).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=said,
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.handle,
        )

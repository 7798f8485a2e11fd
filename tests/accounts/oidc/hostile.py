"""A provider of our own that lies as told: other audiences, issuers, keys, times, algorithms."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "arsenal", "a secret of tests only"
KEY = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
PERSON = {
    "sub": "subject-1",
    "email": "mai@example.com",
    "email_verified": True,
    "name": "Đỗ Thanh Mai",
    "groups": ["sales"],
}


def _b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Hostile:
    """What it answers may be changed at any time: `claims`, `key`, `algorithm`, `about`, `answers`."""

    def __init__(self):
        self.claims = {}
        self.person = dict(PERSON)
        self.key, self.algorithm, self.kid = KEY, "RS256", "one"
        self.public = [KEY.as_dict(private=False)]
        self.about = {}
        self.answers = {}
        self.codes = {}
        self.asked = []
        self.userinfo = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer._get(self)

            def do_POST(self):
                outer._post(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _send(self, handler, body, status=200):
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(sent)))
        if status == 302:
            handler.send_header("Location", f"{self.issuer}/elsewhere")
        handler.end_headers()
        handler.wfile.write(sent)

    def _get(self, handler):
        self.asked.append(handler.path)
        if handler.path in self.answers:
            self._send(handler, *self.answers[handler.path])
        elif handler.path == "/.well-known/openid-configuration":
            self._send(handler, self._described())
        elif handler.path == "/jwks":
            self._send(handler, {"keys": self.public})
        elif handler.path == "/userinfo" and handler.headers["Authorization"] == "Bearer access":
            self._send(handler, self.userinfo or {**self.person})
        else:
            self._send(handler, {"error": "not_found"}, 404)

    def _described(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
            **self.about,
        }

    def _post(self, handler):
        self.asked.append(handler.path)
        body = handler.rfile.read(int(handler.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        if handler.path in self.answers:
            self._send(handler, *self.answers[handler.path])
            return
        asked = self.codes.pop(form.get("code"), None)  # a code works once
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proof = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or handler.headers["Authorization"] != basic
            or asked["code_challenge"] != proof
            or asked["code_challenge_method"] != "S256"
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            self._send(handler, {"error": "invalid_grant"}, 400)
            return
        token = {"access_token": "access", "token_type": "Bearer", "id_token": self.token(asked)}
        self._send(handler, token)

    def token(self, asked):
        """The ID token for an answer, with the lies of the day; None drops a claim."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in told.items() if value is not None}
        header = {"alg": self.algorithm, **({"kid": self.kid} if self.kid else {})}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(map(_b64, parts)) + "."
        if self.algorithm == "HS256":  # libraries refuse to: the public key as a shared secret
            signed = ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
            secret = KEY.as_pem(private=False)
            return f"{signed}.{_b64(hmac.digest(secret, signed.encode(), 'sha256'))}"
        registry = JWSRegistry(algorithms=[self.algorithm])
        return jwt.encode(header, claims, self.key, registry=registry)

    def agree(self, address):
        """Somebody signs in at an address the portal sent them to; what comes back to the portal."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

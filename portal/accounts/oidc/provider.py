"""Speaks to the company's provider: where things are, its keys, a code for a checked ID token."""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from portal import clock
from portal.accounts.oidc.rules import LEEWAY, Flow, Refused, Why, is_since
from portal.config import Config
from portal.sign_in_settings import names

log = logging.getLogger(__name__)

TIMEOUT = (5, 10)
"""Seconds to connect, and between two bytes."""
BODY_MOST = 1_000_000
KEPT = 3600
"""Seconds what the provider tells about itself is believed."""
SOONEST = 60
"""Seconds at least between two looks at its keys, whatever keys tokens name."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with a key of the provider's alone: never `none`, never a secret both know."""
BROKEN = (
    AuthlibBaseError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    RecursionError,
)
"""What comes of an answer that is none: requests' errors are OSErrors."""
DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "/sign-in/company/back"


class Provider:
    """The provider of the settings, with what is known of it for an hour; for many threads."""

    def __init__(self, config: Config, ticks: Callable[[], float] = time.monotonic) -> None:
        self.issuer = config.oidc_issuer
        self._config = config
        self._hosts = {urlsplit(self.issuer).netloc, *names(config.oidc_hosts)}
        self._ticks = ticks
        self._lock = Lock()
        self._known: dict[str, tuple[float, Any]] = {}

    @property
    def tells_issuer(self) -> bool:
        """Whether it says in each callback whose it is (RFC 9207)."""
        told = self._about().get("authorization_response_iss_parameter_supported")
        return told is True

    def address(self, flow: Flow) -> str:
        """Return where a browser signs in; anew, when somebody is to show who they are."""
        again = {"prompt": "login", "max_age": "0"} if flow.confirms else {}
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint", ours=False),
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
                **again,
            )
        return str(url)

    def claims(self, code: str, flow: Flow) -> Mapping[str, object]:
        """Return what the provider says of who has come, for a code.

        Raises:
            Refused: when the code or the token does not hold, or the provider is not there.
        """
        tokens = self._tokens(code, flow)
        claims = self._checked(tokens.get("id_token"), flow.nonce, tokens.get("access_token"))
        if flow.confirms:
            _lately(claims, flow)
        if self._tells_all(claims) or "userinfo_endpoint" not in self._about():
            return claims
        more = self._more(tokens.get("access_token"))
        if more.get("sub") != claims["sub"]:
            raise Refused(Why.REFUSED, "the userinfo is of somebody else")
        return {**more, **claims}

    # --- what it says about itself --------------------------------------------------------------

    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = self._kept("about", self._discover)
        return about

    def _discover(self) -> dict[str, Any]:
        found = self._get(self.issuer.rstrip("/") + DISCOVERY)
        if not isinstance(found, dict) or found.get("issuer") != self.issuer:
            raise Refused(Why.UNREACHABLE, "the provider's description is of another issuer")
        return found

    def _endpoint(self, name: str, *, ours: bool = True) -> str:
        """Return an address it names; those the portal itself speaks to are on known hosts."""
        url = self._about().get(name)
        parts = urlsplit(url) if isinstance(url, str) else None
        secure = parts and parts.scheme in {"https", urlsplit(self.issuer).scheme}
        if not parts or not secure or (ours and parts.netloc not in self._hosts):
            raise Refused(Why.UNREACHABLE, f"{name} is not on a host of PORTAL_OIDC_HOSTS")
        return str(url)

    def _keys(self, *, older_than: float = KEPT) -> jwk.KeySet:
        def fetched() -> jwk.KeySet:
            return _usable(self._get(self._endpoint("jwks_uri")))

        found: jwk.KeySet = self._kept("keys", fetched, older_than)
        return found

    def _kept(self, name: str, fetch: Callable[[], Any], older_than: float = KEPT) -> Any:  # noqa: ANN401
        with self._lock:
            at, value = self._known.get(name, (0.0, None))
        if value is None or self._ticks() - at > older_than:
            value = fetch()
            with self._lock:
                self._known[name] = (self._ticks(), value)
        return value

    # --- speaking to it -------------------------------------------------------------------------

    def _client(self) -> Any:  # noqa: ANN401  # Authlib tells no types
        secret = self._config.oidc_client_secret
        return OAuth2Session(
            client_id=self._config.oidc_client_id,
            client_secret=secret or None,
            token_endpoint_auth_method=self._way() if secret else "none",
            scope=self._config.oidc_scopes,
            redirect_uri=self._config.base_url + CALLBACK,
            code_challenge_method="S256",
        )

    def _way(self) -> str:
        """Return how the portal shows that it is itself."""
        ways = self._about().get("token_endpoint_auth_methods_supported")
        given = ways if isinstance(ways, list) else []
        basic = "client_secret_basic"
        return "client_secret_post" if given and basic not in given else basic

    def _get(self, url: str, token: str = "") -> Any:  # noqa: ANN401
        """Return the JSON of an address; redirects are not followed, long answers not read."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with (
                OAuth2Session() as session,
                session.get(
                    url,
                    withhold_token=True,
                    allow_redirects=False,
                    timeout=TIMEOUT,
                    stream=True,
                    headers=headers,
                ) as answer,
            ):
                if answer.status_code != 200:  # noqa: PLR2004
                    raise Refused(Why.UNREACHABLE, f"it answered with {answer.status_code}")
                body = answer.raw.read(BODY_MOST + 1, decode_content=True)
                if len(body) > BODY_MOST:
                    raise Refused(Why.UNREACHABLE, "its answer is too long")
                answer._content = body  # noqa: SLF001  # requests has no way to read at most so much
                return answer.json()
        except BROKEN as error:
            raise Refused(Why.UNREACHABLE, f"no answer ({type(error).__name__})") from error

    def _tokens(self, code: str, flow: Flow) -> Mapping[str, Any]:
        url = self._endpoint("token_endpoint")
        try:
            with self._client() as client:
                found = client.fetch_token(
                    url,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
        except BROKEN as error:
            reason = f"the code was not taken ({type(error).__name__})"
            raise Refused(Why.REFUSED, reason) from error
        return dict(found)

    def _more(self, token: object) -> Mapping[str, object]:
        if not isinstance(token, str):
            raise Refused(Why.REFUSED, "there is no access token")
        found = self._get(self._endpoint("userinfo_endpoint"), token)
        return found if isinstance(found, dict) else {}

    def _tells_all(self, claims: Mapping[str, object]) -> bool:
        """Whether the ID token itself has what is needed."""
        groups = self._config.oidc_groups_claim
        wanted = not self._config.oidc_roles or groups in claims or groups.split(".")[0] in claims
        return "email" in claims and "name" in claims and wanted

    # --- checking its word ----------------------------------------------------------------------

    def _checked(self, token: object, nonce: str, access_token: object) -> dict[str, Any]:
        if not isinstance(token, str):
            raise Refused(Why.REFUSED, "there is no ID token")
        try:
            decoded = self._decoded(token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._config.oidc_client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._config.oidc_client_id,
                    "access_token": access_token,
                },
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
            _of_us_alone(claims, self._config.oidc_client_id)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            reason = f"the ID token does not hold ({type(error).__name__})"
            raise Refused(Why.REFUSED, reason) from error
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._keys(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # perhaps a new key
            return jwt.decode(token, self._keys(older_than=SOONEST), algorithms=ALGORITHMS)


def _of_us_alone(claims: Mapping[str, Any], client_id: str) -> None:
    """Refuse a token that is meant for others as well, but for when it says it was for us."""
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client_id:
        message = "azp"
        raise ValueError(message)


def _lately(claims: Mapping[str, Any], flow: Flow) -> None:
    """Refuse who did not sign in at the provider after they were asked to."""
    if not is_since(claims, flow.begun):
        raise Refused(Why.REFUSED, "the sign-in is older than the question")


def _usable(found: object) -> jwk.KeySet:
    """Return the keys that can sign; others, of kinds not known here too, are left out."""
    keys = []
    for it in found.get("keys", ()) if isinstance(found, dict) else ():
        if isinstance(it, dict) and it.get("kty") in {"RSA", "EC"} and it.get("use") != "enc":
            try:
                keys.append(jwk.import_key(it))
            except (JoseError, ValueError, TypeError, KeyError):
                log.warning("a key of the company's sign-in can not be read")
    return jwk.KeySet(keys)

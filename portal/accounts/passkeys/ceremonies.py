"""What is asked of a browser's authenticator, and whether its answer holds (py_webauthn)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.passkeys.rules import (
    ANSWER_MOST,
    Site,
    WrongKeyError,
    is_credential,
)

NAME = "Arsenal"


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of a new key."""

    credential_id: str
    public_key: bytes
    sign_count: int


def to_add(
    site: Site, *, handle: str, email: str, name: str, known: Iterable[str], challenge: str
) -> str:
    """Return, as JSON, what a browser needs to make a key: one that it can find by itself."""
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=NAME,
        user_id=base64url_to_bytes(handle),
        user_name=email,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def to_sign_in(site: Site, *, known: Iterable[str], challenge: str) -> str:
    """Return, as JSON, what a browser needs to show a key; none known: any it finds."""
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=base64url_to_bytes(challenge),
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _described(known: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(it)) for it in known]


def added(site: Site, answer: str, *, challenge: str) -> NewKey:
    """Return the key of an answer.

    Raises:
        WrongKeyError: when it does not hold.
    """
    _bounded(answer)
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # parsers of five formats meet bytes of anybody's making
        raise WrongKeyError(f"a new key does not hold ({type(error).__name__})") from error
    name = bytes_to_base64url(found.credential_id)
    if not is_credential(name) or len(found.credential_public_key) > ANSWER_MOST:
        raise WrongKeyError("a new key is too long")
    return NewKey(name, found.credential_public_key, found.sign_count)


def credential_of(answer: str) -> tuple[str, str | None]:
    """Return which key an answer says it is of, and whose (unchecked).

    Raises:
        WrongKeyError: when it says nothing that can be one.
    """
    _bounded(answer)
    try:
        found = json.loads(answer)
        name, handle = found["id"], found["response"].get("userHandle")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WrongKeyError("an answer that is none") from error
    if not is_credential(name) or not (handle is None or is_credential(handle)):
        raise WrongKeyError("an answer without a key")
    return name, handle


def _bounded(answer: str) -> None:
    if len(answer) > ANSWER_MOST or not answer.isascii():
        raise WrongKeyError("an answer that is none")


def shown(site: Site, answer: str, *, challenge: str, public_key: bytes) -> int:
    """Return the counter of a key that was shown.

    Raises:
        WrongKeyError: when the answer does not hold.
    """
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # the service looks: a clone is no stranger
            require_user_verification=True,
        )
    except Exception as error:  # as above
        raise WrongKeyError(f"a key does not hold ({type(error).__name__})") from error
    return found.new_sign_count

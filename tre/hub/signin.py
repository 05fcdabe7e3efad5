"""Owns what must be true of a sign-in before the hub lets the person in. Must never let somebody in because something
was missing: an absent claim is a refusal.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from tre.kernel.errors import Unavailable
from tre.kernel.ids import is_person_id

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def second_factor_hook(issuer: str, acr: str) -> Callable[[Any, Any, Mapping[str, Any]], Mapping[str, Any] | None]:
    """Return a `post_auth_hook` that refuses whoever was not signed in by `issuer` with the second factor `acr`."""

    def hook(authenticator: Any, _handler: Any, model: Mapping[str, Any]) -> Mapping[str, Any] | None:
        claims = ((model.get("auth_state") or {}).get("oauth_user")) or {}
        reason = _refusal(claims, issuer, acr)
        if reason is None and model.get("name") != claims.get("sub"):
            reason = "people.sign_in.other_name"
        if reason is None:
            return model
        authenticator.log.warning("Sign-in refused: %s", reason)
        return None

    return hook


def _refusal(claims: Mapping[str, Any], issuer: str, acr: str) -> str | None:
    if claims.get("iss") != issuer:
        return "people.sign_in.other_issuer"
    if claims.get("acr") != acr:
        return "people.sign_in.no_second_factor"
    if not is_person_id(str(claims.get("sub", ""))):
        return "people.sign_in.no_person_id"
    return None


def check_endpoint(url: str) -> str:
    """Return `url`, where the hub gets its id_token from.

    The hub reads the token it got straight from there without checking a signature, which OpenID Connect Core 3.1.3.7
    allows only on a channel that proves who answers: HTTPS, or this machine itself.

    Raises:
        Unavailable: it is neither.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Unavailable("The provider's token address must be HTTPS: change TRE_ISSUER.")
    return url

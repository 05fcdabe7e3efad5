"""Owns the talk with the OpenID provider: code flow with PKCE, every check of what comes back, signing out there.

The one module that imports authlib. Must never decide who may do what, nor write a record.
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import Request
from fastapi.responses import Response
from joserfc.errors import JoseError

from tre.kernel.errors import Conflict, NotPermitted, Unavailable
from tre.people.domain.sign_in import ProvenPerson
from tre.plumbing.config import Config

log = logging.getLogger(__name__)

CALLBACK = "/auth/callback"
STATE_LOST = "people.sign_in.state_lost"
# Signatures by a key that only the provider holds; a provider that also offers "none" or a shared secret is not believed.
_SIGNATURES = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_LEEWAY_SECONDS = 30
_TIMEOUT_SECONDS = 5
_UNREACHABLE = "The sign-in service does not answer. Wait a minute, then try again."
_NOT_BELIEVED = "The sign-in service gave an answer that cannot be trusted, so you were not signed in. Tell the people who run this service."


class Provider:
    """The identity provider of this installation.

    Args:
        config: names the issuer, the client and the strength asked for.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.issuer = config.oidc_issuer
        self._client: Any = None

    async def begin(self, request: Request, *, prompt: str = "") -> Response:
        """Return the redirect to the provider; `prompt` is OpenID's (`login` asks for the person anew)."""
        client = await self._ready()
        asked = {"acr_values": self.config.mfa_acr} | ({"prompt": prompt} if prompt else {})
        return _see_other(await client.authorize_redirect(request, self.config.portal_origin + CALLBACK, **asked))

    async def finish(self, request: Request) -> ProvenPerson:
        """Return whom the provider vouches for, from its redirect back to us.

        Raises:
            Conflict: `people.sign_in.state_lost`, this browser did not ask (or asked again since in another tab).
            NotPermitted: the provider refused, or what it sent does not hold.
            Unavailable: the provider does not answer.
        """
        client = await self._ready()
        self._check_issuer(request, client.server_metadata)
        try:
            token = await client.authorize_access_token(request, claims_options=self._claims(), leeway=_LEEWAY_SECONDS)
            claims = token.get("userinfo")
            if not claims:  # authlib is silent when there is no id_token
                raise NotPermitted(("people.sign_in.no_id_token",), sentences=(_NOT_BELIEVED,))
            about = await client.userinfo(token=token)
        except OAuthError as error:
            raise _refusal(error) from error
        except (JoseError, ValueError) as error:
            log.warning("an id_token was not believed: %s", type(error).__name__)
            raise NotPermitted(("people.sign_in.token_not_believed",), sentences=(_NOT_BELIEVED,)) from error
        except httpx2.HTTPError as error:
            raise Unavailable(_UNREACHABLE, code="people.sign_in.provider_unreachable") from error
        return self._proven(claims, about, id_token=str(token["id_token"]))

    async def leave(self, request: Request, *, id_token: str) -> Response:
        """Return the redirect that signs the person out at the provider and then comes home."""
        client = await self._ready()
        home = self.config.portal_origin + "/"
        answer = await client.logout_redirect(request, post_logout_redirect_uri=home, id_token_hint=id_token)
        request.session.clear()  # authlib keeps a state there that nobody asks for: the home page takes no answer
        return _see_other(answer)

    async def _ready(self) -> Any:
        if self._client is None:
            self._client = self._register()
        try:
            metadata = await self._client.load_server_metadata()
        except (httpx2.HTTPError, ValueError) as error:
            raise Unavailable(_UNREACHABLE, code="people.sign_in.provider_unreachable") from error
        offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in _SIGNATURES]
        return self._client

    def _register(self) -> Any:
        return OAuth().register(
            "idp",
            client_id=self.config.oidc_client_id,
            client_secret=self.config.secret("oidc_portal_secret"),
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_SECONDS,
            },
        )

    def _claims(self) -> dict[str, dict[str, object]]:
        return {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.config.oidc_client_id},
            "acr": {"essential": True},
        }

    def _check_issuer(self, request: Request, metadata: Mapping[str, Any]) -> None:
        """RFC 9207: an answer that another provider sent is not taken for ours."""
        promised = metadata.get("authorization_response_iss_parameter_supported", False)
        given = request.query_params.get("iss", "" if promised else self.issuer)
        if given != self.issuer:
            raise NotPermitted(("people.sign_in.wrong_issuer",), sentences=(_NOT_BELIEVED,))

    def _proven(self, claims: Mapping[str, Any], about: Mapping[str, Any], *, id_token: str) -> ProvenPerson:
        subject = str(claims["sub"])
        if not secrets.compare_digest(subject.encode(), str(about.get("sub", "")).encode()):
            raise NotPermitted(("people.sign_in.two_persons",), sentences=(_NOT_BELIEVED,))
        return ProvenPerson(
            person_id=str(claims.get(self.config.person_claim) or about.get(self.config.person_claim) or ""),
            account=f"{self.issuer} {subject}",
            name=str(claims.get("name") or about.get("name") or "")[:200],
            strength=str(claims["acr"]),
            id_token=id_token,
        )


def _refusal(error: OAuthError) -> Conflict | NotPermitted:
    if error.error == "mismatching_state":
        told = "This sign-in was begun in another window, or too long ago. Sign in again."
        return Conflict(told, code=STATE_LOST)
    log.warning("the provider refused a sign-in: %s", error.error)
    told = (
        "The sign-in service did not sign you in. Try again; if it goes on, ask the people who look after your account."
    )
    return NotPermitted(("people.sign_in.provider_refused",), sentences=(told,))


def _see_other(answer: Response) -> Response:
    answer.status_code = 303  # authlib answers 302, after which some clients would send the form again
    return answer

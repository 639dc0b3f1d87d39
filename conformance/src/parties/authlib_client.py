"""A relying party and a resource server made of Authlib, Debian's python3-authlib. Reads a line of JSON for each step, and answers with one.

Nothing in here is ours but the order of the calls: what is tested is whether software that knows only the standards can use the platform.
"""

import json
import os
import sys
import time

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

# The platform under test is on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"


class Party:
    def __init__(self, issuer, client_id, client_secret, redirect_uri):
        self.issuer = issuer
        self.client_id = client_id
        self.metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
        self.keys = JsonWebKey.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=10).json())
        self.session = OAuth2Session(
            client_id,
            client_secret,
            scope="openid profile email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint=self.metadata["token_endpoint"],
            revocation_endpoint_auth_method="client_secret_basic",
        )
        self.nonce = generate_token()
        self.verifier = generate_token(48)

    def begin(self):
        url, _state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce
        )
        return {"url": url}

    def finish(self, answer):
        token = self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=answer, code_verifier=self.verifier
        )
        claims = JsonWebToken(["ES256"]).decode(
            token["id_token"],
            self.keys,
            claims_cls=CodeIDToken,
            claims_options={"iss": {"values": [self.issuer]}, "aud": {"values": [self.client_id]}},
            claims_params={"nonce": self.nonce, "client_id": self.client_id},
        )
        claims.validate(leeway=10)
        userinfo = self.session.get(self.metadata["userinfo_endpoint"]).json()
        return {"claims": claims, "userinfo": userinfo}

    def refresh(self):
        before = self.session.token
        after = self.session.refresh_token(self.metadata["token_endpoint"], before["refresh_token"])
        return {"renewed": after["access_token"] != before["access_token"]}

    def revoke(self):
        token = self.session.token["refresh_token"]
        status = self.session.revoke_token(self.metadata["revocation_endpoint"], token).status_code
        try:
            self.session.refresh_token(self.metadata["token_endpoint"], token)
        except Exception as error:
            return {"status": status, "error": getattr(error, "error", repr(error))}
        return {"status": status}

    def judge(self, token, audience, later):
        """What a resource server thinks of an access token, `later` seconds from now."""
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": audience},
            **{name: {"essential": True} for name in ("exp", "iat", "sub", "jti", "client_id")},
        }
        try:
            claims = JsonWebToken(["ES256"]).decode(token, self.keys, claims_options=options)
            claims.validate(now=int(time.time()) + later)
        except Exception as error:
            return {"refused": type(error).__name__}
        return {"type": claims.header["typ"], "claims": claims}


def main():
    party = Party(**json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        step, arguments = json.loads(line)
        print(json.dumps(getattr(party, step)(*arguments)), flush=True)


main()

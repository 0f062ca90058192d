"""The issuers of the demonstration: one for citizens, one for officers, where people sign in by choosing themselves.

They speak OpenID Connect as the national sign-in and a city's own do, so that nothing in the gateway is made for a
demonstration. They listen on this machine only and are no part of what is deployed.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, redirect, request
from joserfc.jwk import ECKey
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from gateway.auth.clients import Client
from gateway.auth.sign_in import CITIZENS, OFFICERS, DoorName
from local.demo.shell import render
from shared.contracts.principal import Role

ALGORITHM = "ES256"
CLIENT = "truc-chung"
_CODE_SECONDS = 60
_PROGRAMS = {Role.AGENCY_SYSTEM, Role.IDENTITY_PROVIDER}
_TITLES: Mapping[DoorName, str] = {CITIZENS: "Người dân", OFFICERS: "Cán bộ, công chức"}

_PAGE = """<h1>{{ title }}: bạn là ai?</h1>
<p>Nơi đăng nhập thử nghiệm, đứng thay cho nơi cấp tài khoản thật. Hãy chọn một người mẫu; không cần mật khẩu.</p>
<form method="post"><ul>
{% for one in people %}<li><button name="person" value="{{ one.id }}"><b>{{ one.name }}</b>{{ one.note }}</button></li>
{% endfor %}</ul></form>
<p><a href="{{ refuse }}">Thôi, không đăng nhập</a></p>"""


@dataclass(frozen=True)
class Pages(ClientMixin):  # type: ignore[misc]  # Authlib publishes no types
    """The only client: the pages of the gateway, with one address to come back to."""

    secret: str
    back: str

    def get_client_id(self) -> str:
        """The name of the client."""
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        """Where people are sent back."""
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        """All that is asked for."""
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """No other address."""
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is right."""
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """By Basic only."""
        return bool(method == "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        """The code flow only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """The code flow only."""
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # Authlib publishes no types
    """A code on its way: for whom, and what was asked."""

    text: str
    person: Client
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    made: float

    def get_redirect_uri(self) -> str:
        """Where it was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What it opens."""
        return self.scope

    def get_nonce(self) -> str:
        """What the ID token repeats."""
        return self.nonce

    def get_auth_time(self) -> int:
        """When the person signed in."""
        return int(self.made)

    def get_acr(self) -> None:
        """Nothing is said of how strong the sign-in was."""

    def get_amr(self) -> None:
        """Nothing is said of its means."""


def create_issuer(url: str, title: str, people: Mapping[str, Client], pages: Pages, key: ECKey) -> Flask:
    """One issuer at `url`; `pages` is its client, `key` signs."""
    app = Flask(__name__)
    codes: dict[str, Code] = {}
    server = AuthorizationServer(app, query_client=lambda name: pages if name == CLIENT else None)
    server.init_app(app, save_token=lambda token, of: None)
    server.register_grant(_code_grant(codes), [_id_token(url, key), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def describe() -> Response:
        return jsonify(_described(url))

    @app.get("/keys")
    def show_keys() -> Response:
        return jsonify({"keys": [key.as_dict(private=False)]})

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        grant = server.get_consent_grant()
        if request.method == "GET":
            refuse = f"{grant.redirect_uri}?error=access_denied&state={request.args.get('state', '')}"
            return render(f"Đăng nhập thử nghiệm: {title}", _PAGE, title=title, people=people.values(), refuse=refuse)
        return server.create_authorization_response(grant_user=people.get(request.form.get("person", "")), grant=grant)

    @app.post("/token")
    def issue() -> Any:
        return server.create_token_response()

    @app.get("/end")
    def end() -> Any:
        back = request.args.get("post_logout_redirect_uri", "")
        home = pages.back.partition("/dang-nhap/")[0] + "/"
        return redirect(home) if back == home else ("", 400)

    return app


def _described(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/keys",
        "end_session_endpoint": f"{url}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }


def _code_grant(codes: dict[str, Code]) -> type:
    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib publishes no types
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, of: Any) -> None:
            asked = of.payload.data
            if asked.get("code_challenge_method") != "S256":
                raise ValueError("the pages always send a challenge")
            wanted = {name: asked.get(name, "") for name in ("nonce", "code_challenge", "code_challenge_method")}
            codes[code] = Code(code, of.user, of.payload.redirect_uri, of.payload.scope, **wanted, made=time.time())

        def query_authorization_code(self, code: str, client: Pages) -> Code | None:
            found = codes.get(code)
            return found if found and found.made + _CODE_SECONDS > time.time() else None

        def delete_authorization_code(self, code: Code) -> None:
            del codes[code.text]

        def authenticate_user(self, code: Code) -> Client:
            return code.person

    return CodeGrant


def _id_token(url: str, key: ECKey) -> Any:
    class IdToken(OpenIDCode):  # type: ignore[misc]  # Authlib publishes no types
        def exists_nonce(self, nonce: str, of: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Pages) -> ECKey:
            return key

        def get_client_algorithm(self, client: Pages) -> str:
            return ALGORITHM

        def get_encode_header(self, client: Pages) -> dict[str, str]:
            return {"alg": ALGORITHM, "kid": str(key.kid)}

        def get_client_claims(self, client: Pages) -> dict[str, str]:
            return {"iss": url, "sid": uuid.uuid4().hex}

        def generate_user_info(self, user: Client, scope: str) -> Any:
            return UserInfo(
                sub=user.id,
                name=user.name,
                roles=list(user.roles),
                agency=user.agency,
                identity=user.identity,
                verified=user.verified,
            )

    return IdToken(require_nonce=True)


def issuer_urls(port: int) -> dict[DoorName, str]:
    """Where the issuers are that listen on this port."""
    return {name: f"http://127.0.0.1:{port}/{name}" for name in _TITLES}


def create_issuers(
    port: int, back: Callable[[DoorName], str], secret: str, clients: Mapping[str, Client], key: ECKey
) -> DispatcherMiddleware:
    """Both issuers as one application, to be served on this port; `back` is where each sends people."""
    urls = issuer_urls(port)
    people = {name: client for name, client in clients.items() if not _PROGRAMS & set(client.roles)}
    at: dict[DoorName, dict[str, Client]] = {
        CITIZENS: {name: one for name, one in people.items() if Role.CITIZEN in one.roles},
        OFFICERS: {name: one for name, one in people.items() if Role.CITIZEN not in one.roles},
    }
    apps: dict[str, Any] = {
        f"/{name}": create_issuer(urls[name], title, at[name], Pages(secret, back(name)), key)
        for name, title in _TITLES.items()
    }
    return DispatcherMiddleware(Response("", 404), apps)

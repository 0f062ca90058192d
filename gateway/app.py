"""The composition root of the gateway: settings in, a WSGI application out. Nothing is built at import."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, Response
from httpx2 import BaseTransport
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from gateway.api.about import about_routes
from gateway.api.conference_booking import conference_booking
from gateway.api.document_routing import document_routing
from gateway.api.email_provisioning import email_provisioning
from gateway.api.files import files
from gateway.api.health import Readiness, health
from gateway.api.mount import Bus
from gateway.api.oauth import oauth_routes
from gateway.api.one_stop_shop import one_stop_shop
from gateway.api.operations import operations
from gateway.api.scim import scim
from gateway.auth.access import guard, refuse_undeclared
from gateway.auth.clients import is_demonstration, load_clients
from gateway.auth.hosts import Hosts
from gateway.auth.issuer import BuiltInIssuer, Credentials, read_signing_keys
from gateway.auth.keys import LocalKeys, RemoteKeys, fetch_json
from gateway.auth.scopes import scopes_by_role
from gateway.auth.sign_in import CITIZENS, MAY_BE, OFFICERS, Door, DoorName
from gateway.auth.tokens import Issuer, Verifier
from gateway.bus import BusClient
from gateway.caldav.routes import caldav
from gateway.http.access_log import log_requests
from gateway.http.call import begin_call
from gateway.http.hardening import hardened
from gateway.http.limits import Buckets
from gateway.http.problems import register_problems
from gateway.openapi.document import create_api
from gateway.portal.assets import Assets
from gateway.portal.routes import portal_routes
from gateway.portal.sessions import EndedSessions, Sessions
from gateway.portal.sign_in import came_back_at
from shared.contracts.principal import Role
from shared.ended_sessions import open_ended_sessions
from shared.errors import Unavailable
from shared.file_bucket import open_store
from shared.files import FileStore
from shared.observability import configure_logging, logger
from shared.restore_mark import open_look
from shared.settings import Settings, load
from shared.spans import begin_export

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Outside:
    """What the gateway talks to; tests put fakes here. `web` is the way to issuers: without it, the network."""

    bus: Bus
    files: FileStore
    ended: EndedSessions
    probe: Callable[[], None]
    web: BaseTransport | None = None


class Gateway(Flask):
    """Flask without a search for coroutines at every call: no view here is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func

    def make_default_options_response(self) -> Response:
        """Which verbs there are, and nothing to read."""
        response = super().make_default_options_response()
        response.status_code = 204
        del response.headers["Content-Type"]
        return response


class Name(BaseConverter):
    """A name in a path: what identifiers and codes are made of, so that nothing else reaches a service."""

    regex = r"[A-Za-z0-9._-]{1,64}"
    part_isolating = True


def create_app(settings: Settings | None = None, outside: Outside | None = None) -> Flask:
    """The application for one worker process; connections open at their first use."""
    if settings is None:
        settings = load()
        configure_logging("gateway", settings.log_level)
        begin_export("gateway", settings)
    app = Gateway("gateway", static_folder=None, template_folder=None)
    _configure(app, settings)
    outside = outside or _connect(settings)
    app.extensions |= {"bus": outside.bus, "files": outside.files, "readiness": Readiness(outside.probe)}
    app.url_map.converters["name"] = Name
    app.url_map.strict_slashes = False

    built_in = _built_in_issuer(settings)
    sessions = Sessions(
        _secret(settings),
        outside.ended,
        hours=settings.session_hours,
        secure=settings.public_url.startswith("https://"),
    )
    app.extensions |= {"sessions": sessions, "assets": Assets()}
    app.before_request(begin_call)
    log_requests(app)
    register_problems(app)
    verifier = _verifier(settings, built_in)
    buckets = Buckets(settings.public_per_minute, settings.public_at_once)
    hosts = Hosts(settings.public_url, settings.officers_url, scopes_by_role()[Role.CITIZEN])
    guard(app, verifier, buckets, sessions.recognise, hosts)
    _add_routes(app, built_in)
    app.register_blueprint(portal_routes(_doors(settings, outside.web)))
    refuse_undeclared(app)
    app.wsgi_app = hardened(app.wsgi_app)  # type: ignore[assignment,method-assign]  # Flask's own way
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _secret(settings: Settings) -> str:
    """Something that is secret and the same in every worker."""
    return settings.issuer_key or settings.amqp_uri


def _configure(app: Flask, settings: Settings) -> None:
    app.config |= {
        "PUBLIC_URL": settings.public_url.rstrip("/"),
        "SYSTEMS_URL": (settings.officers_url or settings.public_url).rstrip("/"),
        "MAX_CONTENT_LENGTH": settings.max_body_bytes,
        "MAX_FORM_MEMORY_SIZE": settings.max_body_bytes,
        "MAX_UPLOAD_BYTES": settings.max_upload_bytes,
        "ANSWER_SECONDS": settings.rpc_timeout_seconds,
        "READ_SECONDS": settings.read_timeout_seconds,
        "UPLOAD_SECONDS": settings.upload_timeout_seconds,
        "CURSOR_SECRET": hmac.digest(_secret(settings).encode(), b"cursor", hashlib.sha256),
        "HOTLINE": settings.hotline,
        "DRAFT_DAYS": settings.draft_days,
        "DEMONSTRATION": settings.clients_file is not None and is_demonstration(settings.clients_file),
        "PAYMENT_SECRET": settings.payment_secret,
        "HEALTH_PORT": settings.health_port,
        "DRAIN_SECONDS": settings.drain_seconds,
        "METRICS_FOLDER": settings.prometheus_multiproc_dir,
    }


def _connect(settings: Settings) -> Outside:
    bus = BusClient(settings.amqp_uri, heartbeat=settings.heartbeat)
    files = open_store(settings, "gateway")
    refuse_half_restored = open_look(settings, "gateway")

    def probe() -> None:
        bus.start()
        if not bus.connected:
            raise Unavailable("service_unavailable")
        refuse_half_restored()
        files.exists("0" * 64)

    return Outside(bus, files, open_ended_sessions(settings, "gateway"), probe)


def _built_in_issuer(settings: Settings) -> BuiltInIssuer | None:
    """The built-in issuer, where it was given a key."""
    if settings.issuer_key is None:
        return None
    made_up = settings.made_up_people == "welcome"
    clients = load_clients(settings.clients_file, made_up=made_up) if settings.clients_file else {}
    keys = read_signing_keys(settings.issuer_key)
    return BuiltInIssuer(settings.public_url.rstrip("/"), settings.token_audience, keys, clients)


def _doors(settings: Settings, web: BaseTransport | None) -> list[Door]:
    """Where people sign in, as far as issuers are named."""
    named: tuple[tuple[DoorName, str | None, Credentials], ...] = (
        (
            CITIZENS,
            settings.sign_in_citizens,
            Credentials(settings.sign_in_citizens_client, settings.sign_in_citizens_secret),
        ),
        (
            OFFICERS,
            settings.sign_in_officers,
            Credentials(settings.sign_in_officers_client, settings.sign_in_officers_secret),
        ),
    )
    return [_door(settings, name, url.rstrip("/"), client, web) for name, url, client in named if url]


def _door(settings: Settings, name: DoorName, url: str, client: Credentials, web: BaseTransport | None) -> Door:
    keys = RemoteKeys(url, fetch=partial(fetch_json, transport=web))
    issuer = Issuer(url, keys, MAY_BE[name], scopes_by_role(), own=url in settings.own_issuers)
    home = (name == OFFICERS and settings.officers_url) or settings.public_url
    return Door(name, issuer, keys, client, f"{home.rstrip('/')}{came_back_at(name)}", transport=web)


def _verifier(settings: Settings, built_in: BuiltInIssuer | None) -> Verifier:
    issuers = [_trusted(entry, settings.own_issuers) for entry in settings.trusted_issuers]
    if built_in:
        issuers.append(Issuer(built_in.url, LocalKeys(built_in.keys)))
    if not issuers:
        _log.warning("no_issuer", hint="neither ISSUER_KEY nor TRUSTED_ISSUERS is set: only public routes work")
    return Verifier(issuers, settings.token_audience)


def _trusted(entry: str, own: tuple[str, ...]) -> Issuer:
    """An issuer from `https://sso.example.vn=citizen` or `…=specialist|head_of_unit`: its address and its roles."""
    url, equals, roles = entry.rpartition("=")
    if not equals:
        raise ValueError(f"TRUSTED_ISSUERS: {entry} must say which roles it may grant, as in {entry}=citizen")
    allowed = frozenset(Role(role) for role in roles.split("|"))
    return Issuer(url.rstrip("/"), RemoteKeys(url), allowed, scopes_by_role(), own=url.rstrip("/") in own)


def _add_routes(app: Flask, built_in: BuiltInIssuer | None) -> None:
    api = create_api(app)
    if built_in:
        api.register_blueprint(oauth_routes(built_in))
    services = (one_stop_shop, email_provisioning, document_routing, conference_booking)
    for routes in (*services, operations, files, about_routes(api)):
        api.register_blueprint(routes)
    app.register_blueprint(scim)
    app.register_blueprint(caldav)
    app.register_blueprint(health)

"""The gateway as an application in this process, with a fake bus, a file store in memory and the demo people."""

from dataclasses import dataclass, field
from typing import Any

import yaml
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient
from httpx2 import BaseTransport
from werkzeug.test import TestResponse

from gateway.api.health import Readiness
from gateway.app import Outside, create_app
from local.platform import CLIENTS_FILE
from shared.files import FileStore
from shared.settings import load
from tests.support.ended import EndedInMemory
from tests.support.fake_bus import FakeBus
from tests.support.memory_bucket import MemoryBucket

PUBLIC_URL = "http://localhost:8000"
PAYMENT_SECRET = "the payment platform's secret"
KEY = "0192f3a4-5b6c-7d8e-9f00-112233445566"


def new_signing_key() -> str:
    """A private key for the built-in issuer."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def secrets() -> dict[str, str]:
    """The demo people's secrets by login."""
    clients = yaml.safe_load(CLIENTS_FILE.read_text(encoding="utf-8"))["clients"]
    return {client["id"]: client["secret"] for client in clients}


@dataclass
class GatewayInHand:
    """A gateway with what stands behind it."""

    bus: FakeBus = field(default_factory=FakeBus)
    environment: dict[str, str] = field(default_factory=dict)
    away: list[Exception] = field(default_factory=list)
    web: BaseTransport | None = None
    probed: int = 0

    def __post_init__(self) -> None:
        self._tokens: dict[str, str] = {}
        settings = load(
            {
                "AMQP_URI": "pyamqp://guest:guest@localhost/x",
                "MONGO_URI": "mongodb://localhost",
                "ISSUER_KEY": new_signing_key(),
                "CLIENTS_FILE": str(CLIENTS_FILE),
                "PUBLIC_URL": PUBLIC_URL,
                "PAYMENT_SECRET": PAYMENT_SECRET,
                "PUBLIC_AT_ONCE": "1000",
                "HEALTH_PORT": "9100",
                "MAX_UPLOAD_BYTES": "200000",
                "MAX_BODY_BYTES": "20000",
                **self.environment,
            }
        )
        self.ended = EndedInMemory()
        self.app: Flask = create_app(
            settings, Outside(self.bus, self._empty_store(), self.ended, self._probe, self.web)
        )
        self.client: FlaskClient = self.app.test_client()

    def _empty_store(self) -> FileStore:
        self.files = FileStore(MemoryBucket(), ("pdf", "png"))
        return self.files

    def begin_again(self) -> None:
        """Forget what a test before has told, asked and stored; the application itself is costly to make."""
        self.bus.answers.clear()
        self.bus.asked.clear()
        self.away.clear()
        self.ended.at.clear()
        self.app.extensions["files"] = self._empty_store()
        self.app.extensions["readiness"] = Readiness(self._probe)

    def _probe(self) -> None:
        self.probed += 1
        for error in self.away:
            raise error

    def token(self, login: str, **form: str) -> str:
        """A token of one of the demo people."""
        wanted = {"grant_type": "client_credentials", **form}
        answer = self.client.post("/oauth/token", data=wanted, auth=(login, secrets()[login]))
        token: str = answer.get_json()["access_token"]
        return token

    def send(
        self, verb: str, path: str, *, login: str = "", headers: dict[str, str] | None = None, **rest: Any
    ) -> TestResponse:
        """A request under `/api/v1`, as one of the demo people; every POST gets an idempotency key."""
        sent = {"Idempotency-Key": KEY} if verb == "POST" else {}
        if login:
            if login not in self._tokens:
                self._tokens[login] = self.token(login)
            sent["Authorization"] = f"Bearer {self._tokens[login]}"
        sent |= headers or {}
        given = {name: value for name, value in sent.items() if value}
        return self.client.open(f"/api/v1{path}", method=verb, headers=given, **rest)

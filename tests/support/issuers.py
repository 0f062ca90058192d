"""The issuers of the demonstration in this process, for gateways that run in it too."""

from dataclasses import dataclass
from functools import cache

from httpx2 import WSGITransport
from joserfc.jwk import ECKey
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from gateway.auth.clients import load_clients
from gateway.auth.sign_in import CITIZENS, OFFICERS, DoorName
from local.demo.issuer import create_issuers, issuer_urls
from local.platform import CLIENTS_FILE

PORT = 21001
SECRET = "what only the pages and the issuers know"


@dataclass(frozen=True)
class Issuers:
    """Both issuers, by their doors, and the key with which they sign."""

    app: DispatcherMiddleware
    key: ECKey
    urls = issuer_urls(PORT)

    def web(self) -> WSGITransport:
        """The way to them."""
        return WSGITransport(app=self.app)

    def settings(self) -> dict[str, str]:
        """What a gateway needs to know of them."""
        return {
            "SIGN_IN_CITIZENS": self.urls[CITIZENS],
            "SIGN_IN_CITIZENS_SECRET": SECRET,
            "SIGN_IN_OFFICERS": self.urls[OFFICERS],
            "SIGN_IN_OFFICERS_SECRET": SECRET,
            "OWN_ISSUERS": ",".join(self.urls.values()),
        }

    def choose(self, address: str, login: str) -> str:
        """Become somebody on the issuer's page; where that leads."""
        answer = Client(self.app).post(address, data={"person": login})
        return answer.headers["Location"]


@cache
def started_issuers(public_url: str) -> Issuers:
    """Issuers that know pages at this address."""
    key = ECKey.generate_key("P-256", {"use": "sig", "kid": "of the demonstration"})
    back = f"{public_url}/dang-nhap/"
    clients = load_clients(CLIENTS_FILE)
    return Issuers(create_issuers(PORT, lambda door: f"{back}{door}/ve", SECRET, clients, key), key)


def door_of(login: str) -> DoorName:
    """Where somebody signs in."""
    return CITIZENS if login.startswith("citizen-") else OFFICERS

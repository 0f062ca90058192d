"""What lies outside the platform in the demonstration, on one port: the issuers of sign-in and the payment page."""

import sys
from pathlib import Path

from joserfc.jwk import ECKey
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from gateway.auth.clients import load_clients
from local.demo.issuer import create_issuers
from local.demo.payment import create_payment_page, teller

_PAYMENT = "/thanh-toan"


def payment_url(port: int) -> str:
    """Where people pay, if that listens on this port."""
    return f"http://127.0.0.1:{port}{_PAYMENT}/"


def main(
    port: str, platform: str, clients_file: str, secret_file: str, key_file: str, payment_secret_file: str
) -> None:
    """Serve until the end of the process."""
    secret = Path(secret_file).read_text("utf-8")
    key = ECKey.import_key(Path(key_file).read_text("utf-8"), {"use": "sig"})
    key = ECKey.import_key(key.as_dict(private=True), {"use": "sig", "kid": key.thumbprint()})
    clients = load_clients(Path(clients_file))
    issuers = create_issuers(int(port), lambda door: f"{platform}/dang-nhap/{door}/ve", secret, clients, key)
    paying = create_payment_page(Path(payment_secret_file).read_bytes(), teller(platform))
    app = DispatcherMiddleware(issuers, {_PAYMENT: paying})
    make_server("127.0.0.1", int(port), app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

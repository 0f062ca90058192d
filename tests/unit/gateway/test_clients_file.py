"""The file of clients: secrets, mistakes, made-up people."""

import time
from pathlib import Path

import pytest
import yaml
from joserfc import jwt
from joserfc.jwk import KeySet

from gateway.auth.clients import ClientsFileError, hash_secret, load_clients, secret_matches
from local.platform import CLIENTS_FILE
from tests.support.gateway import GatewayInHand


def test_a_secret_is_kept_as_a_hash() -> None:
    stored = hash_secret("mật khẩu")

    assert "mật khẩu" not in stored
    assert secret_matches("mật khẩu", stored)
    assert not secret_matches("mat khau", stored)


def test_mistakes_in_the_file_of_clients_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "clients.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "clients": [
                    {"id": "a", "name": "A", "roles": ["king"], "secret": "clear", "colour": "red"},
                    {"id": "b", "roles": ["citizen"]},
                ]
            }
        )
    )

    with pytest.raises(ClientsFileError) as caught:
        load_clients(path)

    said = str(caught.value)
    for part in (
        "a: unknown role king",
        "a: unknown field colour",
        "a secret in clear is for files that say",
        "b: name is missing",
        "b: needs either secret_scrypt",
    ):
        assert part in said


def test_made_up_people_are_refused_where_real_ones_are_served() -> None:
    with pytest.raises(ClientsFileError, match="demo: true"):
        load_clients(CLIENTS_FILE, made_up=False)


def test_a_real_file_of_clients_holds_hashes(tmp_path: Path) -> None:
    path = tmp_path / "clients.yaml"
    entry = {
        "id": "agency-7",
        "name": "Hệ thống Sở Tư pháp",
        "roles": ["agency_system"],
        "agency": "H13.7",
        "secret_scrypt": hash_secret("s3cret"),
    }
    path.write_text(yaml.safe_dump({"clients": [entry]}))
    gateway = GatewayInHand(environment={"CLIENTS_FILE": str(path)})

    def ask(secret: str) -> int:
        return gateway.client.post(
            "/oauth/token", data={"grant_type": "client_credentials"}, auth=("agency-7", secret)
        ).status_code

    assert (ask("s3cret"), ask("S3cret")) == (200, 401)


def test_the_demo_people_expire_like_everybody(gateway: GatewayInHand) -> None:
    claims = jwt.decode(
        gateway.token("head-ninh-kieu"),
        KeySet.import_key_set(gateway.client.get("/oauth/jwks.json").get_json()),
        algorithms=["ES256"],
    ).claims

    assert claims["agency"] == "H13.30.01"
    assert claims["roles"] == ["head_of_unit"]
    assert 3500 < claims["exp"] - time.time() <= 3600

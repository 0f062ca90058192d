"""While versions change, gateways and services of both understand each other; what would not is shown to be refused."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from local import docs
from local.docs import Incompatible, refuse_incompatible
from local.offers import FOLDER, breaking_offers, offers
from local.state import ROOT
from shared.contracts.base import Request
from shared.errors import Invalid
from shared.requests import read_query, read_request

Offers = dict[str, dict[str, Any]]


def field(schema: Any, *path: str) -> Any:
    """A schema inside another one."""
    for name in path:
        schema = schema["properties"][name]
    return schema


@pytest.fixture
def shop() -> tuple[Offers, Offers]:
    """What the one-stop shop offers, twice."""
    offered = offers()["one_stop_shop"]
    return copy.deepcopy(offered), copy.deepcopy(offered)


def test_every_offer_still_fits_its_snapshot() -> None:
    now = offers()
    for service, offered in now.items():
        kept = json.loads((ROOT / FOLDER / f"{service}.json").read_text("utf-8"))
        assert kept
        assert list(breaking_offers(kept, offered)) == []
        assert list(breaking_offers(offered, kept)) == [], "a gateway of now asks a service of then"


def test_what_both_versions_understand_may_be_added(shop: tuple[Offers, Offers]) -> None:
    old, new = shop
    new["brand_new"] = {"verb": "POST", "path": "/new"}
    new["submit_application"]["body"]["properties"]["urgent"] = {"type": "boolean", "default": False}
    new["submit_application"]["body"]["properties"]["wish"] = {"type": "string"}
    new["list_applications"]["query"]["properties"]["urgent"] = {"type": ["boolean", "null"], "default": None}
    new["get_application"]["view"]["properties"]["urgent"] = {"type": "boolean"}
    assert list(breaking_offers(old, new)) == []


def test_what_the_other_version_would_stumble_over_is_named(shop: tuple[Offers, Offers]) -> None:
    old, new = shop
    del new["list_procedures"]
    new["get_procedure"]["path"] = "/elsewhere"
    body = new["submit_application"]["body"]
    del body["properties"]["content"]
    body["properties"]["reason"] = {"type": "string"}
    body["required"] = [*body["required"], "reason"]
    field(body, "owner", "address")["type"] = "string"
    new["list_applications"]["query"]["properties"]["order"] = {"type": "string", "default": "newest"}
    new["get_application"]["view"]["properties"]["code"]["type"] = "integer"
    del new["get_application"]["view"]["properties"]["status"]
    assert sorted(breaking_offers(old, new)) == sorted(
        [
            "list_procedures is gone",
            "get_procedure moved",
            "submit_application: body content was removed",
            "submit_application: body reason was added without a default",
            "submit_application: body owner.address: type changed from 'object' to 'string'",
            "list_applications: query order was added with a default that an old service does not know",
            "get_application: view code: type changed from 'string' to 'integer'",
            "get_application: view status was removed",
        ]
    )


def test_a_breaking_edit_is_refused_by_name(tmp_path: Path) -> None:
    for path, text in docs.snapshots():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / FOLDER).mkdir(parents=True)
    for service, offered in offers().items():
        richer = {**offered, "forgotten": {"verb": "GET", "path": "/forgotten"}}
        (tmp_path / FOLDER / f"{service}.json").write_text(json.dumps(richer), encoding="utf-8")
    with pytest.raises(Incompatible) as refused:
        refuse_incompatible(tmp_path)
    assert [line for line in str(refused.value).splitlines() if "forgotten" in line] == [
        f"{service}.forgotten is gone" for service in offers()
    ]


class Then(Request):
    """A request of the version before."""

    name = fields.String(required=True)


class Now(Then):
    """The same with one more field."""

    urgent = fields.Boolean(load_default=False)
    only = fields.String(load_default=None, allow_none=True)


def test_a_service_understands_gateways_of_both_versions() -> None:
    """What the rules above rest on: defaults are the service's, and an empty filter is not told."""
    assert read_request(Now, {"name": "An", "_command": {}}) == {"name": "An", "urgent": False, "only": None}
    assert read_query(Then, {"name": "An", "only": None, "limit": 5}) == {"name": "An"}
    with pytest.raises(Invalid, match="request_invalid"):
        read_request(Then, {"name": "An", "urgent": True})

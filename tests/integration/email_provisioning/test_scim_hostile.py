"""Whatever is sent to the SCIM interface, it answers in the protocol's own form and never fails."""

import json
from itertools import product
from typing import Any

import orjson
import pytest

from services.email_provisioning.domain.scim.wishes import USER_EXTENSION
from tests.support.directory import DirectoryWorld
from tests.support.scim import PATCH_OP, Answer, IdentityProvider, group, user

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
QUOTA = f"{USER_EXTENSION}:quota"
KNOWN = 'userName eq "known"'
PLACES = ("/Users", "/Groups", "")
OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
LAST_MOMENT, FIRST_MOMENT = "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"
LITERALS = (
    *(r'"\u0000"', r'"a\u001fb"', r'"\ud800"', r'"\udfff x"', r'"\u202e"', '"(("', '"' + "a" * 5000 + '"'),
    *(f'"{LAST_MOMENT}"', f'"{FIRST_MOMENT}"', '"0001-01-01T00:00:00"', '"9999-12-31T23:59:59"'),
    *("99999999999999999999", "-99999999999999999999", "9223372036854775808", "1e400", "1e30", "true", "null"),
)
ATTRIBUTES = (*("userName", "id", "displayName", "emails.value", "members.value", "active", "meta.created", QUOTA),)
INDEXES = ("99999999999999999999", "9223372036854775808", "9223372036854775807", "-99999999999999999999", "9" * 5000)
TEXTS = ("a\0b", "\x1f", "\u202eab", "\ud800")


@pytest.fixture(scope="module")
def idp(world: DirectoryWorld) -> IdentityProvider:
    idp = IdentityProvider(world)
    member = idp.create("known", displayName="Lê Văn Biết", said={"quota": 512, "revokeOn": "2099-01-01"})
    assert idp.send("POST", "/Groups", group("Tổ biết", [member])).status == 201
    return idp


def judged(answer: Answer) -> Answer:
    """An answer that is none of a failure, and can be sent on."""
    assert answer.status < 500, answer.body
    orjson.dumps(answer.body)
    if answer.status >= 400:
        assert (answer.body["schemas"], answer.body["status"]) == ([ERROR], str(answer.status))
    return answer


def names(idp: IdentityProvider, wanted: str) -> list[str]:
    """Whom a filter finds among the users of this module."""
    answer = judged(idp.send("GET", "/Users", filter=f"{KNOWN} and {wanted}"))
    assert answer.status == 200, answer.body
    return [one["userName"] for one in answer.body["Resources"]]


def path_of_known(idp: IdentityProvider) -> str:
    """The user of this module."""
    return f"/Users/{idp.send('GET', '/Users', filter=KNOWN).body['Resources'][0]['id']}"


@pytest.mark.parametrize("literal", LITERALS)
def test_filters(idp: IdentityProvider, literal: str) -> None:
    for attribute, operator in product(ATTRIBUTES, OPERATORS):
        judged(idp.send("GET", "", filter=f"{attribute} {operator} {literal}"))
    for place in PLACES:
        wanted = {"schemas": [], "filter": f"displayName co {literal} or not (meta.created gt {literal})"}
        judged(idp.send("POST", f"{place}/.search", wanted))
        judged(idp.send("GET", place, filter=f"emails[value eq {literal}]", cursor=""))


@pytest.mark.parametrize("operator", ["eq", "ne", "co", "sw", "gt"])
@pytest.mark.parametrize("literal", [r'"\u0000"', r'"\ud800"', r'"\u202e"'])
def test_a_text_that_nobody_has_is_no_filter(idp: IdentityProvider, literal: str, operator: str) -> None:
    for place in ("/Users/.search", "/Groups/.search", "/.search"):
        refused = idp.send("POST", place, {"schemas": [], "filter": f"displayName {operator} {literal}"})
        assert (refused.status, refused.body["scimType"]) == (400, "invalidFilter")
        assert "control characters" in refused.body["detail"]


def test_numbers_and_moments_beyond_all_others_are_compared_as_such(idp: IdentityProvider) -> None:
    many = "99999999999999999999"
    for operator in OPERATORS[:2] + OPERATORS[5:]:
        found = ["known"] if operator in ("ne", "lt", "le") else []
        assert names(idp, f"{QUOTA} {operator} {many}") == found
        assert names(idp, f'meta.created {operator} "{LAST_MOMENT}"') == found
    assert names(idp, f"{QUOTA} gt -{many}") == ["known"]
    assert names(idp, f'meta.created gt "{FIRST_MOMENT}"') == ["known"]
    assert names(idp, f'meta.created lt "{FIRST_MOMENT}"') == []


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("wanted", ["id pr", 'displayName eq "nobody"'])
def test_pages(idp: IdentityProvider, index: str, wanted: str) -> None:
    for place in PLACES:
        for query in ({"startIndex": index}, {"count": index}, {"count": index, "cursor": ""}, {"cursor": index}):
            judged(idp.send("GET", place, filter=wanted, **query))
        body = {"schemas": [], "filter": wanted, "startIndex": index, "count": index}
        judged(idp.send("POST", f"{place}/.search", body))
        refused = idp.send("GET", place, startIndex="9223372036854775808")
        assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")


def test_other_names_of_things(idp: IdentityProvider) -> None:
    for text in TEXTS[:3]:
        assert judged(idp.send("GET", f"/Users/{text}")).status == 404
        for name in ("attributes", "excludedAttributes", "sortBy", "sortOrder", "cursor", "filter"):
            judged(idp.send("GET", "/Users", **{name: text}))
        judged(idp.send("GET", "/Users", headers={"If-Match": text, "If-None-Match": text}))


WRONG: list[tuple[str, dict[str, Any]]] = [
    *(("quota", {"said": {"quota": quota}}) for quota in (2**63, 2**64, 2147483648000, -1)),
    *(("revokeOn", {"said": {"revokeOn": day}}) for day in ("99999-01-01", "9999-01-01", "1899-12-31", "mai", "a\0")),
    ("startsOn", {"said": {"startsOn": "2026-02-30"}}),
    *(("displayName", {"displayName": text}) for text in TEXTS[:3]),
    ("emails.value", {"emails": [{"value": "a\x07"}]}),
    ("name.familyName", {"name": {"familyName": "a\u202eb"}}),
]


@pytest.mark.parametrize(("place", "wrong"), WRONG)
def test_values_that_can_never_be_are_refused_with_a_reason(
    idp: IdentityProvider, place: str, wrong: dict[str, Any]
) -> None:
    body = user("refused", **wrong)
    path = path_of_known(idp)
    added = {name: value for name, value in body.items() if name not in ("schemas", "userName")}
    for refused in (
        idp.send("POST", "/Users", body),
        idp.send("PUT", path, {**body, "userName": "known"}),
        idp.patch(path, {"op": "add", "value": added}),
    ):
        judged(refused)
        assert (refused.status, refused.body["scimType"]) == (400, "invalidValue"), refused.body
        assert place in refused.body["detail"]


@pytest.mark.parametrize("text", TEXTS)
def test_names_that_no_database_keeps_are_refused(idp: IdentityProvider, text: str) -> None:
    assert judged(idp.send("POST", "/Users", user(text))).status == 400
    assert judged(idp.send("POST", "/Groups", group(text, []))).status == 400
    known = path_of_known(idp)
    place = f"emails[value eq {json.dumps(text)}].type"
    assert judged(idp.patch(known, {"op": "add", "path": place, "value": "work"})).status == 400
    data = {"schemas": [PATCH_OP], "Operations": [{"op": "add", "path": "displayName", "value": text}]}
    operations = [
        {"method": "PATCH", "path": known, "data": data},
        {"method": "DELETE", "path": f"/Users/{text}"},
        {"method": "POST", "path": "/Users", "bulkId": text, "data": user(text)},
    ]
    bulk = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}
    answer = judged(idp.send("POST", "/Bulk", bulk))
    if answer.status == 200:
        assert [one["status"] for one in answer.body["Operations"]] == ["400", "404", "400"]

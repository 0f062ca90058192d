"""The SCIM interface over a real database: what it says of itself, how it changes, what each caller sees."""

from typing import Any

import pytest

from services.email_provisioning.domain.scim.wishes import USER_EXTENSION
from shared.contracts.principal import Principal, Role
from shared.errors import Forbidden
from tests.support.directory import OPERATOR, DirectoryWorld
from tests.support.scim import (
    BASE,
    IDP,
    OTHER_IDP,
    TOLD,
    WARD_IDP,
    IdentityProvider,
    group,
    user,
)


@pytest.fixture
def idp(world: DirectoryWorld) -> IdentityProvider:
    return IdentityProvider(world)


def test_it_says_what_it_can(idp: IdentityProvider) -> None:
    config = idp.send("GET", "/ServiceProviderConfig").body
    assert config["patch"]["supported"]
    assert config["etag"]["supported"]
    assert config["sort"]["supported"]
    assert config["filter"] == {"supported": True, "maxResults": 200}
    assert config["bulk"] == {"supported": True, "maxOperations": 50, "maxPayloadSize": 100_000}
    assert not config["changePassword"]["supported"]
    assert (config["pagination"]["cursor"], config["pagination"]["index"]) == (True, True)
    assert [one["type"] for one in config["authenticationSchemes"]] == ["oauthbearertoken"]
    schemas = {one["id"]: one for one in idp.send("GET", "/Schemas").body["Resources"]}
    names = [one["name"] for one in schemas["urn:ietf:params:scim:schemas:core:2.0:User"]["attributes"]]
    assert not {"password", "groups"} & set(names)
    ours = {one["name"]: one for one in schemas[USER_EXTENSION]["attributes"]}
    assert (ours["mailbox"]["mutability"], ours["mailbox"]["returned"]) == ("readOnly", "request")
    assert {"agency", "unit", "post", "startsOn", "quota", "revokeOn", "officer"} < set(ours)


def test_a_password_is_refused_instead_of_kept(idp: IdentityProvider) -> None:
    answer = idp.send("POST", "/Users", user("pass.word", password="bốn con trâu"))
    assert (answer.status, "trâu" in str(answer.body)) == (400, False)


def test_versions_guard_changes(idp: IdentityProvider) -> None:
    identifier = idp.create("versions")
    first = idp.send("GET", f"/Users/{identifier}").headers["ETag"]
    change = {"op": "replace", "path": "displayName", "value": "Một"}
    changed = idp.patch(f"/Users/{identifier}", change, headers={"If-Match": first})
    assert (changed.status, changed.body["displayName"]) == (200, "Một")
    assert changed.headers["ETag"] != first
    stale = idp.patch(f"/Users/{identifier}", {**change, "value": "Hai"}, headers={"If-Match": first})
    assert (stale.status, stale.body["status"]) == (412, "412")
    unchanged = idp.send("GET", f"/Users/{identifier}", headers={"If-None-Match": changed.headers["ETag"]})
    assert (unchanged.status, unchanged.body) == (304, None)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "REPLACE", "value": {"active": "False"}},
        {"op": "Add", "path": "active", "value": "False"},
    ],
)
def test_the_habits_of_entra_are_understood(idp: IdentityProvider, operation: dict[str, Any]) -> None:
    identifier = idp.create(f"entra.{abs(hash(str(operation)))}", active=True)
    answer = idp.patch(f"/Users/{identifier}", operation)
    assert (answer.status, answer.body["active"]) == (200, False)
    again = idp.patch(f"/Users/{identifier}", {"op": "Replace", "path": "active", "value": "True"})
    assert again.body["active"] is True


def test_entra_writes_extensions_by_their_whole_names(idp: IdentityProvider) -> None:
    identifier = idp.create("entra.names")
    answer = idp.patch(
        f"/Users/{identifier}",
        {"op": "Add", "path": f"{USER_EXTENSION}:quota", "value": 4096},
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "a@b.vn"},
        {"op": "Add", "value": {"name.familyName": "Nguyễn"}},
    )
    assert answer.status == 200, answer.body
    assert answer.body[USER_EXTENSION]["quota"] == 4096
    assert answer.body["emails"][0]["value"] == "a@b.vn"


def test_one_member_goes_and_the_others_stay(idp: IdentityProvider) -> None:
    users = [idp.create(f"member{number}") for number in range(3)]
    made = idp.send("POST", "/Groups", group("Tổ công tác", users))
    assert made.status == 201, made.body
    path = f"/Groups/{made.body['id']}"
    one = idp.patch(path, {"op": "Remove", "path": f'members[value eq "{users[1]}"]'})
    assert [member["value"] for member in one.body["members"]] == [users[0], users[2]]
    azure = idp.patch(path, {"op": "Remove", "path": "members", "value": [{"value": users[0]}]})
    assert [member["value"] for member in azure.body["members"]] == [users[2]]


def test_refusals_have_the_form_of_the_protocol(idp: IdentityProvider) -> None:
    idp.create("taken")
    taken = idp.send("POST", "/Users", user("TAKEN"))
    assert (taken.status, taken.body["scimType"]) == (409, "uniqueness")
    assert idp.send("GET", "/Users/nobody").status == 404
    assert idp.send("GET", "/Nothing").status == 404
    assert idp.send("DELETE", "/Users").status == 405
    wrong = idp.send("GET", "/Users", filter="userName eq")
    assert (wrong.status, wrong.body["scimType"]) == (400, "invalidFilter")
    large = idp.send("POST", "/Bulk", {"schemas": [], "Operations": [], "x": "y" * 100_001})
    assert large.status == 413


def test_many_at_once(idp: IdentityProvider) -> None:
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": f"b{number}", "data": user(f"bulk{number}")}
        for number in range(3)
    ]
    operations.append({"method": "POST", "path": "/Users", "bulkId": "again", "data": user("bulk0")})
    members = group("Cùng lúc", ["bulkId:b0", "bulkId:b1"])
    operations.append({"method": "POST", "path": "/Groups", "bulkId": "g", "data": members})
    answer = idp.send(
        "POST", "/Bulk", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations}
    )
    assert [one["status"] for one in answer.body["Operations"]] == ["201", "201", "201", "409", "201"]
    many = idp.send(
        "POST",
        "/Bulk",
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{"method": "DELETE", "path": "/Users/x"}] * 51,
        },
    )
    assert many.status == 413


def test_pages_by_cursor_and_by_index(idp: IdentityProvider) -> None:
    for number in range(5):
        idp.create(f"paged{number}")
    asked = {"filter": 'userName sw "paged"', "sortBy": "userName", "count": "2"}
    by_index = idp.send("GET", "/Users", startIndex="3", **asked).body
    assert (by_index["totalResults"], [one["userName"] for one in by_index["Resources"]]) == (5, ["paged2", "paged3"])
    seen: list[str] = []
    cursor = ""
    while True:
        page = idp.send("GET", "/Users", cursor=cursor, **asked).body
        seen += [one["userName"] for one in page["Resources"]]
        if "nextCursor" not in page:
            break
        cursor = page["nextCursor"]
    assert seen == [f"paged{number}" for number in range(5)]


def test_each_sees_their_own_agency_and_below(world: DirectoryWorld) -> None:
    city, ward, other = (IdentityProvider(world, who) for who in (IDP, WARD_IDP, OTHER_IDP))
    said = {"agency": "H13.30.01", "post": "Chuyên viên"}
    of_ward = city.create("of.ward", displayName="Lê Thị Phường", said=said)
    of_city = city.create("of.city", displayName="Lê Văn Sở", said={"agency": "H13.06", "post": "Chuyên viên"})
    pending = ward.create("pending.ward", displayName="Lê Chờ", said={"agency": "H13.99", "post": "Chuyên viên"})

    def names(idp: IdentityProvider, **query: str) -> set[str]:
        found = idp.send("GET", "/Users", **query).body["Resources"]
        return {one["userName"] for one in found} & {"of.ward", "of.city", "pending.ward"}

    assert names(city) == {"of.ward", "of.city", "pending.ward"}
    assert names(ward) == {"of.ward", "pending.ward"}
    assert names(other) == set()
    assert names(ward, filter='userName eq "of.city" or userName eq "of.ward"') == {"of.ward"}
    searched = ward.send("POST", "/.search", {"schemas": [], "filter": 'displayName sw "Lê"'}).body
    assert {one["userName"] for one in searched["Resources"]} == {"of.ward", "pending.ward"}
    assert ward.send("GET", f"/Users/{of_city}").status == 404
    assert ward.patch(f"/Users/{of_city}", {"op": "replace", "path": "active", "value": False}).status == 404
    assert ward.send("PUT", f"/Users/{of_city}", user("of.city")).status == 404
    assert ward.send("DELETE", f"/Users/{of_city}").status == 404
    assert other.send("GET", f"/Users/{pending}").status == 404
    assert ward.send("GET", f"/Users/{of_ward}").status == 200


def test_a_wish_reaches_no_further_than_its_sender(world: DirectoryWorld) -> None:
    ward = IdentityProvider(world, WARD_IDP)
    abroad = ward.create("abroad", displayName="Lê Ngoài", said={"agency": "H13.06", "post": "Chuyên viên"})
    told = ward.told(abroad)
    assert told["officer"] is None
    assert "agency_not_here" in told["problem"]
    assert IdentityProvider(world, OTHER_IDP).send("GET", f"/Users/{abroad}").status == 404


def test_only_administrators_and_identity_providers_may(world: DirectoryWorld) -> None:
    clerk = Principal("van-thu", "Văn thư", frozenset({Role.CLERK}), agency="H13")
    homeless = Principal("idp", "IdP", frozenset({Role.IDENTITY_PROVIDER}))
    for who in (clerk, OPERATOR, homeless):
        with pytest.raises(Forbidden, match="role_not_allowed"):
            IdentityProvider(world, who).send("GET", "/Users")


def test_what_is_told_comes_only_to_who_asks(idp: IdentityProvider) -> None:
    said = {"agency": "H13.06", "post": "Chuyên viên"}
    identifier = idp.create("quiet", displayName="Lê Văn Lặng", said=said)
    assert idp.send("GET", f"/Users/{identifier}").body[USER_EXTENSION] == said
    asked = idp.send("GET", f"/Users/{identifier}", attributes=TOLD).body
    assert asked[USER_EXTENSION]["mailbox"]["state"] == "approved"
    found = idp.send("GET", "/Users", filter=f'{USER_EXTENSION}:mailbox.state eq "approved"').body
    assert identifier in [one["id"] for one in found["Resources"]]
    assert asked["id"] == identifier
    located = idp.send("GET", f"/Users/{identifier}").headers["Content-Location"]
    assert located == f"{BASE}/Users/{identifier}"

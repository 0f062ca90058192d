"""Questions over SCIM stand on indexes, and read what they answer, whoever asks and however many users there are."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo import MongoClient

from services.email_provisioning.adapters.scim.resources import COLLECTION
from services.email_provisioning.domain.scim.wishes import ENTERPRISE
from tests.integration.email_provisioning.conftest import Overheard
from tests.integration.email_provisioning.test_query_plans import examined, explanation, stages
from tests.support.directory import DirectoryWorld
from tests.support.scim import OTHER_IDP, WARD_IDP, IdentityProvider
from tests.support.scim_crowd import crowd

Document = dict[str, Any]
MANY = 3000
Explain = Callable[..., list[Document]]


@pytest.fixture(scope="module")
def crowded(world: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str) -> DirectoryWorld:
    said = {"agency": "H13.30.01", "post": "Chuyên viên"}
    sent = IdentityProvider(world).create(
        "mark0@idp.vn",
        externalId="ext-mark0",
        displayName="Lê Văn mark0",
        number="CT-mark0",
        emails=[{"value": "mark0@example.vn", "type": "work"}],
        said=said,
    )
    crowd(client[f"{mongo_prefix}directory"][COLLECTION], sent, MANY)
    return world


@pytest.fixture
def explain(crowded: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str, overheard: Overheard) -> Explain:
    """Asks something and answers the plans of the questions that it became."""
    database = client[f"{mongo_prefix}directory"]

    def ask(idp: IdentityProvider, path: str = "/Users", **query: str) -> list[Document]:
        overheard.commands.clear()
        answer = idp.send("GET", path, **query)
        assert answer.status == 200, answer.body
        asked = [command for command in overheard.commands if COLLECTION in command.values()]
        assert asked
        return [_chosen(explanation(database, command)) for command in asked]

    return ask


def _chosen(plan: Any) -> Any:
    """An explanation without the plans that were not taken."""
    if isinstance(plan, list):
        return [_chosen(one) for one in plan]
    if not isinstance(plan, dict):
        return plan
    return {name: _chosen(value) for name, value in plan.items() if name != "rejectedPlans"}


@pytest.mark.parametrize(
    "wanted",
    [
        'userName eq "mark77@idp.vn"',
        'externalId eq "ext-mark77"',
        'displayName eq "Lê Văn mark77"',
        'emails.value eq "mark77@example.vn"',
        'emails[type eq "work" and value eq "mark77@example.vn"]',
        f'{ENTERPRISE}:employeeNumber eq "CT-mark77"',
        'userName sw "mark77@"',
    ],
)
@pytest.mark.parametrize("who", [None, WARD_IDP, OTHER_IDP])
def test_a_filter_reads_what_it_finds(crowded: DirectoryWorld, explain: Explain, wanted: str, who: Any) -> None:
    idp = IdentityProvider(crowded, *([who] if who else []))
    for plan in explain(idp, filter=wanted):
        assert "COLLSCAN" not in set(stages(plan)), plan
        assert examined(plan) <= 2, plan


def test_pages_in_order_read_themselves(crowded: DirectoryWorld, explain: Explain) -> None:
    idp = IdentityProvider(crowded)
    for order in ({}, {"sortBy": "userName"}):
        page = idp.send("GET", "/Users", count="50", cursor="", **order).body
        for _ in range(5):
            page = idp.send("GET", "/Users", count="50", cursor=page["nextCursor"], **order).body
        plans = explain(idp, count="50", cursor=page["nextCursor"], **order)
        assert len(plans) == 1
        assert not {"COLLSCAN", "SORT"} & set(stages(plans[0])), plans[0]
        assert examined(plans[0]) <= 400, plans[0]


def test_whoever_sees_few_reads_few(crowded: DirectoryWorld, explain: Explain) -> None:
    for plan in explain(IdentityProvider(crowded, OTHER_IDP), sortBy="userName", count="50"):
        assert examined(plan) == 0, plan


def test_counting_all_reads_the_index_alone(crowded: DirectoryWorld, explain: Explain) -> None:
    plan = explain(IdentityProvider(crowded), count="0")[0]
    assert "COLLSCAN" not in set(stages(plan))
    assert examined(plan) == 0, plan


def test_seeing_a_wish_through_reads_only_what_it_is_about(
    crowded: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str, overheard: Overheard
) -> None:
    database = client[f"{mongo_prefix}directory"]
    idp = IdentityProvider(crowded)
    overheard.commands.clear()
    said = {"agency": "H13.30.01", "post": "Chuyên viên"}
    made = idp.create("through", displayName="Lê Thị Xong", externalId="through", number="CT-T", said=said)
    idp.patch(f"/Users/{made}", {"op": "replace", "path": "displayName", "value": "Lê Thị Rồi"})
    officer = idp.told(made)["officer"]
    crowded.context.scim.resources.wake(officers=[officer], mailboxes=["0"], at=crowded.now)
    idp.send("DELETE", f"/Users/{made}")
    asked = [command for command in overheard.commands if command.get("$db") == database.name]
    assert len(asked) > 20
    for command in asked:
        plan = _chosen(explanation(database, command))
        assert "COLLSCAN" not in set(stages(plan)), command
        assert examined(plan) <= 2, command

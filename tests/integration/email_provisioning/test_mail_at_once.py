"""Many ask for mailboxes at the same moment: no address goes to two, no grant gives more than it holds."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo import MongoClient

from services.email_provisioning.domain.mail.states import COUNTED
from shared.errors import Error
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld
from tests.support.mailboxes import RULES

AT_ONCE = 100
WARD, OTHER = "H13.30.01", "H13.30.02"
Document = dict[str, Any]


def together(act: Callable[[Any], Any], arguments: list[Any]) -> Counter[str]:
    """What came of acts done at once: `done`, or the code of the refusal."""

    def attempt(argument: Any) -> str:
        try:
            act(argument)
        except Error as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(attempt, arguments))


def stored(client: MongoClient[Document], prefix: str) -> list[Document]:
    return list(client[f"{prefix}directory"]["mailboxes"].find({}))


def test_a_hundred_homonyms_get_a_hundred_addresses(
    world: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str
) -> None:
    officers = [world.appoint(WARD, name="Nguyễn Văn An") for _ in range(AT_ONCE)]
    assert together(lambda one: world.tell("request_mailbox", ADMIN, owner=one), officers) == {"done": AT_ONCE}
    mailboxes = stored(client, mongo_prefix)
    addresses = {mailbox["address"] for mailbox in mailboxes}
    assert len(addresses) == len(mailboxes) == AT_ONCE
    assert addresses == {"nvan@cantho.gov.vn"} | {f"nvan{n}@cantho.gov.vn" for n in range(1, AT_ONCE)}


def test_a_grant_gives_what_it_holds_to_whoever_is_first(
    world: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str
) -> None:
    requested = [box["_id"] for box in stored(client, mongo_prefix) if box["state"] == "requested"]
    fitting = RULES.grants[WARD] // RULES.default_quota
    came = together(lambda one: world.tell("approve_mailbox", OPERATOR, mailbox=one), requested)
    assert came == {"done": fitting, "mailbox_pool_exhausted": AT_ONCE - fitting}
    assert_pools_are_exact(world, client, mongo_prefix)


def test_pools_stay_exact_whatever_is_changed_at_once(
    world: DirectoryWorld, client: MongoClient[Document], mongo_prefix: str
) -> None:
    approved = [box["_id"] for box in stored(client, mongo_prefix) if box["state"] == "approved"]

    def change(number: int) -> None:
        mailbox = approved[number % len(approved)]
        if number % 3 == 0:
            world.tell("change_quota", ADMIN, mailbox=mailbox, quota=500 + number)
        else:
            world.tell("transfer_mailbox", ADMIN, mailbox=mailbox, agency=OTHER if number % 3 == 1 else WARD)

    together(change, list(range(2 * AT_ONCE)))
    assert_pools_are_exact(world, client, mongo_prefix)
    assert world.mail.mailboxes.used(OTHER) > 0


def test_of_two_approvals_for_one_person_one_holds(world: DirectoryWorld) -> None:
    officer = world.appoint(OTHER, name="Lê Hai Hộp")
    first = world.tell("request_mailbox", ADMIN, owner=officer)["id"]
    world.tell("refuse_mailbox", OPERATOR, mailbox=first, reason="Tạm thời")
    second = world.tell("request_mailbox", ADMIN, owner=officer)["id"]
    collection = world.mail.mailboxes._collection
    other = "lhhkhac@cantho.gov.vn"
    collection.update_one({"_id": first}, {"$set": {"state": "requested", "address": other, "held": [other]}})
    came = together(lambda one: world.tell("approve_mailbox", OPERATOR, mailbox=one), [first, second])
    assert came == {"done": 1, "mailbox_not_the_only_one": 1}


def test_one_command_sent_many_times_makes_one_mailbox(world: DirectoryWorld) -> None:
    officer = world.appoint(OTHER, name="Trần Một Lần")
    answers: list[Any] = []

    def ask(_: int) -> None:
        answers.append(world.tell("request_mailbox", ADMIN, key="one", owner=officer))

    assert together(ask, list(range(20))) == {"done": 20}
    assert all(answer == answers[0] for answer in answers)
    assert len(world.ask("find_mailboxes", ADMIN, owner=officer)["items"]) == 1


def test_an_address_wanted_by_many_goes_to_one(world: DirectoryWorld) -> None:
    officers = [world.appoint(OTHER, name=f"Phạm Thị {letter}") for letter in "ABCDEFGHIK"]
    unit = {"kind": "unit", "name": "Một cửa", "address": "motcua@cantho.gov.vn"}
    came = together(lambda one: world.tell("request_mailbox", ADMIN, owner=one, **unit), officers)
    assert came == {"done": 1, "mailbox_address_taken": 9}


def assert_pools_are_exact(world: DirectoryWorld, client: MongoClient[Document], prefix: str) -> None:
    """What each agency has drawn is the sum of what its mailboxes have, and no more than its grant."""
    counted = [box for box in stored(client, prefix) if box["state"] in COUNTED]
    for agency in (WARD, OTHER):
        used = world.mail.mailboxes.used(agency)
        assert used == sum(box["quota"] for box in counted if box["agency"] == agency)
        assert used <= (RULES.grant_of(agency) or used)

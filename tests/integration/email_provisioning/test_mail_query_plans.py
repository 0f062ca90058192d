"""No question about mailboxes reads more than it answers: every plan stands on an index, however many there are."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient

from services.email_provisioning.domain.actors import SETUP
from services.email_provisioning.usecases.mail import following
from services.email_provisioning.usecases.mail.due import fire_due_mailbox
from services.email_provisioning.usecases.officer_rows import OfficerRow, bring_in_all
from shared.contracts.principal import Principal
from tests.integration.email_provisioning.conftest import Overheard
from tests.integration.email_provisioning.test_query_plans import examined, explanation, stages
from tests.support.directory import ADMIN, OPERATOR, WARD_ADMIN, DirectoryWorld

Document = dict[str, Any]
MAILBOXES, LIMIT = 600, 50
HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
WARDS = ("H13.30.02", "H13.06", "H13")
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Quốc Cường", "Phạm Thị Dung", "Võ Minh Đức")


@pytest.fixture(scope="module")
def full(world: DirectoryWorld) -> DirectoryWorld:
    """So many mailboxes that reading all of one agency's would show; every tenth is approved."""
    rows = [
        OfficerRow(
            {
                "name": NAMES[n % 5],
                "number": f"CB-{n}",
                "account": f"cb{n}",
                "post": {"agency": WARDS[n % 3], "title": "Cán bộ"},
            },
            {"key": f"k{n}", "digest": "d", "answer": {}},
            "QĐ 1",
            sample=True,
        )
        for n in range(MAILBOXES)
    ]
    officers = [outcome.subject for outcome in bring_in_all(world.context, rows, SETUP)]  # type: ignore[union-attr]  # none is refused
    for number, officer in enumerate(officers):
        mailbox = world.tell("request_mailbox", ADMIN, owner=officer)["id"]
        if number % 10 == 0:
            world.tell("approve_mailbox", OPERATOR, mailbox=mailbox)
    group = {"kind": "group", "name": "Tất cả", "address": "tatca@cantho.gov.vn", "owner": officers[0]}
    made = world.tell("request_mailbox", ADMIN, **group, members={"agency": "H13.06", "role": "clerk"})["id"]
    world.tell("approve_mailbox", OPERATOR, mailbox=made)
    return world


@pytest.fixture
def explained(
    full: DirectoryWorld, overheard: Overheard, client: MongoClient[Document], mongo_prefix: str
) -> Callable[[Callable[[], Any]], list[Document]]:
    """Runs something and answers the plan of every question that it put to the database."""
    database = client[f"{mongo_prefix}directory"]

    def explain(act: Callable[[], Any]) -> list[Document]:
        overheard.commands.clear()
        act()
        commands = [command for command in overheard.commands if command.get("$db") == database.name]
        assert commands, "the database was asked"
        return [explanation(database, command) for command in commands]

    return explain


QUESTIONS: list[tuple[str, Principal, dict[str, Any], int]] = [
    ("find_mailboxes", ADMIN, {}, LIMIT),
    ("find_mailboxes", ADMIN, {"state": "approved"}, LIMIT),
    ("find_mailboxes", ADMIN, {"state": "suspended"}, 0),
    ("find_mailboxes", ADMIN, {"q": "vmduc17"}, 200),
    ("find_mailboxes", OPERATOR, {"q": "minh duc"}, 200),
    ("find_mailboxes", ADMIN, {"agency": "H13.06", "state": "approved"}, LIMIT),
    ("find_mailboxes", ADMIN, {"kind": "group", "q": "tat ca"}, 1),
    ("find_mailboxes", WARD_ADMIN, {}, 0),
    ("find_mailboxes", ADMIN, {"q": "khong co"}, 0),
    ("suggest_addresses", ADMIN, {"name": "Không Ai Giống", "agency": "H13.06"}, 1),
    ("list_own_mailboxes", Principal("cb7", "Cán bộ", frozenset()), {}, 1),
    ("read_mail_pool", ADMIN, {"agency": "H13.06"}, 1),
    ("list_mail_hosts", ADMIN, {}, 1),
    ("list_mail_instructions", HOST, {"host": "mail-1", "limit": LIMIT}, LIMIT),
]


@pytest.mark.parametrize(("operation", "principal", "asked", "most"), QUESTIONS)
def test_a_question_reads_hardly_more_than_it_answers(
    full: DirectoryWorld, explained: Any, operation: str, principal: Principal, asked: dict[str, Any], most: int
) -> None:
    request = asked if "host" in asked or operation in ("suggest_addresses",) else {"limit": LIMIT} | asked
    for plan in explained(lambda: full.ask(operation, principal, **request)):
        assert not {"COLLSCAN", "SORT"} & set(stages(plan)), plan
        assert examined(plan) <= most, plan


def test_commands_and_what_follows_read_what_they_change_and_no_more(full: DirectoryWorld, explained: Any) -> None:
    mailbox = full.ask("find_mailboxes", ADMIN, state="approved", q="an")["items"][0]["id"]
    waiting = full.ask("find_mailboxes", ADMIN, state="requested")["items"][0]["id"]
    owner = full.mail.mailboxes.find(mailbox).document["owner"]
    reports = [{"mailbox": mailbox, "generation": 9, "error": ""}]
    rows = [{"mailbox": mailbox, "bytes": 5, "messages": 1, "last_login": "2026-11-23T08:00:00+07:00"}]
    acts = [
        lambda: full.tell("approve_mailbox", OPERATOR, mailbox=waiting),
        lambda: full.ask("report_mail_applied", HOST, host="mail-1", reports=reports),
        lambda: full.ask("report_mail_usage", HOST, host="mail-1", rows=rows),
        lambda: full.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=[mailbox]),
        lambda: full.tell("rename_mailbox", ADMIN, mailbox=mailbox, address="an.moi@cantho.gov.vn"),
        lambda: full.tell("suspend_mailbox", ADMIN, mailbox=mailbox, reason="Công văn 1"),
        lambda: full.ask("read_mailbox", ADMIN, mailbox=mailbox),
        lambda: following.follow_officer(full.context, owner),
        lambda: fire_due_mailbox(full.context, mailbox),
        lambda: full.mail.followups.mark([f"officer/{owner}"], datetime.now(UTC)),
        lambda: full.mail.mailboxes.of_agency("H13.06", after="", limit=3),
        lambda: full.mail.mailboxes.within("H13", after="", limit=3),
    ]
    for act in acts:
        for plan in explained(act):
            assert "COLLSCAN" not in set(stages(plan)), plan
            assert examined(plan) <= 3, plan


def test_the_next_homonym_is_found_with_few_looks(full: DirectoryWorld, overheard: Overheard) -> None:
    overheard.commands.clear()
    full.ask("suggest_addresses", ADMIN, name="Nguyễn Văn An", agency="H13.06")
    asked = [command for command in overheard.commands if command.get("find") == "mailboxes"]
    assert len(asked) <= 5, "each look is at twice as many"

"""Who may do and see what with mailboxes: every operation, asked by everybody, about a mailbox of one ward."""

from typing import Any

import pytest

from shared.contracts.email_provisioning.mail_operations import MAIL_OPERATIONS
from shared.contracts.principal import Principal, Role
from shared.errors import Error
from tests.integration.email_provisioning.test_scoping import EVERYBODY as DIRECTORY
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld

WARD, WHY = "H13.30.01", "Công văn số 1"
OWNER = Principal("chu-hop-thu", "Chủ hộp thư", frozenset({Role.SPECIALIST}), agency=WARD)
HOST = Principal("mail-host:mail-1", "mail-1", frozenset())
EVERYBODY = DIRECTORY | {"owner": OWNER, "host": HOST}
SEEN, EMPTY, UNKNOWN, ROLE, OTHER = "seen", "empty", "unknown", "role_not_allowed", "other_agency"

NOBODY = dict.fromkeys(EVERYBODY, ROLE)
READS = NOBODY | {"city": SEEN, "ward": SEEN, "operator": SEEN, "neighbour": UNKNOWN, "elsewhere": UNKNOWN}
LISTS = READS | {"neighbour": EMPTY, "elsewhere": EMPTY}
NONE_OF_WARD = {who: EMPTY if what == SEEN else what for who, what in READS.items()}
"""A list of the ward, where nobody's use was told yet."""
PLACED = READS | {"neighbour": OTHER, "elsewhere": OTHER}
HOUSE = READS | {"city": ROLE, "ward": ROLE}
"""What only those who run the mail decide."""
HOUSE_ONLY = HOUSE | {"neighbour": ROLE, "elsewhere": ROLE}
"""What only they see."""
OWN = dict.fromkeys(EVERYBODY, UNKNOWN) | {"owner": SEEN, "city": ROLE, "ward": ROLE, "operator": ROLE, "roaming": ROLE}
USED = OWN | dict.fromkeys(("city", "ward", "operator"), SEEN)
RULES: dict[str, dict[str, str]] = {
    "find_mailboxes": LISTS,
    "read_mailbox": READS,
    "read_mailbox_history": READS,
    "verify_mailbox_history": READS,
    "suggest_addresses": PLACED,
    "read_mail_pool": READS,
    "list_mail_hosts": READS | {"neighbour": SEEN, "elsewhere": SEEN},
    "report_mail_use": READS,
    "print_mail_use": READS,
    "find_unused_mailboxes": NONE_OF_WARD,
    "find_full_mailboxes": NONE_OF_WARD,
    "list_mail_domains": HOUSE_ONLY,
    "check_mail_domain": HOUSE_ONLY,
    "list_own_mailboxes": dict.fromkeys(EVERYBODY, EMPTY) | {"owner": SEEN},
    "request_mailbox": READS | {"neighbour": "request_invalid", "elsewhere": "request_invalid"},
    "approve_mailbox": HOUSE,
    "refuse_mailbox": HOUSE,
    "suspend_mailbox": READS,
    "restore_mailbox": READS,
    "schedule_revocation": READS,
    "cancel_revocation": READS,
    "revoke_mailbox": HOUSE,
    "reinstate_mailbox": HOUSE,
    "purge_mailbox": HOUSE,
    "hold_mailbox": HOUSE,
    "release_hold": HOUSE,
    "rename_mailbox": READS,
    "transfer_mailbox": READS,
    "hand_over_mailbox": READS,
    "change_quota": READS,
    "add_alias": READS,
    "remove_alias": READS,
    "change_group": READS,
    "issue_password_link": READS,
    "make_app_password": OWN,
    "list_app_passwords": USED,
    "revoke_app_password": USED,
}
BODIES: dict[str, dict[str, Any]] = {
    "suspend_mailbox": {"reason": WHY},
    "refuse_mailbox": {"reason": WHY},
    "revoke_mailbox": {"reason": WHY},
    "reinstate_mailbox": {"reason": WHY},
    "hold_mailbox": {"reason": WHY},
    "release_hold": {"reason": WHY},
    "schedule_revocation": {"reason": WHY, "revoke_on": "2027-01-01"},
    "rename_mailbox": {"address": "khac@cantho.gov.vn"},
    "transfer_mailbox": {"agency": WARD},
    "change_quota": {"quota": 100},
    "add_alias": {"address": "khac@cantho.gov.vn", "until": "2027-01-01"},
    "remove_alias": {"address": "khac@cantho.gov.vn"},
    "make_app_password": {"name": "Điện thoại"},
    "revoke_app_password": {"app_password": "0" * 8},
    "suggest_addresses": {"name": "Nguyễn Văn An"},
    "check_mail_domain": {"domain": "cantho.gov.vn"},
    "report_mail_use": {"first_day": "2026-11-01", "last_day": "2026-11-30"},
    "print_mail_use": {"first_day": "2026-11-01", "last_day": "2026-11-30"},
}
OF_WARD = {"suggest_addresses", "read_mail_pool", "find_unused_mailboxes", "find_full_mailboxes"}
OF_WARD |= {"report_mail_use", "print_mail_use"}
"""What is asked about the ward."""
ALLOWED_BUT_NOT_NOW = {"mailbox_action_not_allowed", "mailbox_app_password_unknown", "mailbox_alias_unknown"}
ALLOWED_BUT_NOT_NOW |= {"mailbox_is_personal", "mailbox_is_no_group", "mailbox_not_held", "mailbox_not_the_only_one"}
ALLOWED_BUT_NOT_NOW |= {"mailbox_there_already"}


def test_every_operation_has_its_rule() -> None:
    offered = {operation.name for operation in MAIL_OPERATIONS if not operation.public}
    assert set(RULES) == offered


@pytest.fixture(scope="module")
def subjects(world: DirectoryWorld) -> dict[str, str]:
    """A mailbox of the ward that is there, and its owner."""
    owner = world.appoint(WARD, name="Chủ Hộp Thư", account="chu-hop-thu")
    mailbox = world.tell("request_mailbox", ADMIN, owner=owner)["id"]
    other = world.appoint(WARD, name="Người Kế Nhiệm")
    return {"mailbox": mailbox, "owner": owner, "other": other}


def attempt(world: DirectoryWorld, subjects: dict[str, str], operation: str, who: str) -> str:
    """What comes of an operation; what is refused only because of the state counts as allowed."""
    row = next(known for known in MAIL_OPERATIONS if known.name == operation)
    request = BODIES.get(operation, {}) | ({"mailbox": subjects["mailbox"]} if "{mailbox}" in row.path else {})
    if operation in OF_WARD:
        request |= {"agency": WARD}
    if operation == "request_mailbox":
        request |= {"owner": subjects["owner"]}
    if operation == "hand_over_mailbox":
        request |= {"owner": subjects["other"]}
    try:
        if row.verb == "POST":
            world.tell(operation, EVERYBODY[who], **request)
            return SEEN
        answer = world.ask(operation, EVERYBODY[who], **request)
    except Error as error:
        if error.code in ALLOWED_BUT_NOT_NOW:
            return SEEN
        return UNKNOWN if error.kind == "NotFound" else error.code
    return SEEN if not row.paged or answer["items"] else EMPTY


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("operation", RULES)
def test_what_comes_of_an_operation(world: DirectoryWorld, subjects: dict[str, str], operation: str, who: str) -> None:
    assert attempt(world, subjects, operation, who) == RULES[operation][who]


@pytest.mark.parametrize("who", [name for name in EVERYBODY if name != "host"])
def test_only_a_host_asks_as_a_host_and_only_for_itself(world: DirectoryWorld, who: str) -> None:
    for principal in (EVERYBODY[who], Principal("mail-host:mail-2", "mail-2", frozenset({Role.OPERATOR}))):
        for operation, body in (
            ("read_mail_instructions", {"mailboxes": []}),
            ("list_mail_instructions", {}),
            ("report_mail_applied", {"reports": []}),
            ("report_mail_usage", {"rows": []}),
            ("report_mail_drift", {"checked": 0, "at": "2026-11-23T00:00:00+07:00"}),
        ):
            with pytest.raises(Error, match="mail_host_only"):
                world.ask(operation, principal, host="mail-1", **body)


def test_an_operator_runs_the_mail_of_all(world: DirectoryWorld) -> None:
    assert world.ask("find_mailboxes", OPERATOR)["items"]

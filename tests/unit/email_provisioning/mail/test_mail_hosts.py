"""What a mail host reports and asks for."""

from dataclasses import replace

from shared.contracts.principal import Principal
from tests.support.directory import ADMIN, OPERATOR, DirectoryWorld
from tests.support.mailboxes import RULES
from tests.unit.email_provisioning.mail.mailboxes import HOST, act, active, ask_for, report, said, stored


def test_a_host_says_how_far_it_is_and_what_stands_in_its_way(world: DirectoryWorld) -> None:
    mailbox = ask_for(world)
    act(world, "approve_mailbox", mailbox)
    [lagging] = world.ask("list_mail_hosts", OPERATOR)["hosts"]
    assert (lagging["waiting"], lagging["waiting_since"]) == (1, world.now)
    report(world, mailbox, error="đĩa đầy")
    assert said(world, mailbox) == ("approved", 0, "đĩa đầy")
    report(world, mailbox)
    report(world, mailbox)
    report(world, mailbox, generation=1, error="bản tin cũ")
    assert said(world, mailbox) == ("active", 3, "")
    drift = {"missing": [], "surplus": ["f" * 32], "stale": [], "checked": 1, "at": "2026-11-23T09:00:00+07:00"}
    world.ask("report_mail_drift", HOST, host="mail-1", **drift)
    [host] = world.ask("list_mail_hosts", OPERATOR)["hosts"]
    assert (host["waiting"], host["last_contact"], host["drift"]["surplus_count"]) == (0, world.now, 1)


def test_usage_never_goes_back(world: DirectoryWorld) -> None:
    mailbox = active(world)
    for used, login in ((900, "2026-11-23T09:00:00+07:00"), (500, "2026-11-22T09:00:00+07:00")):
        row = {"mailbox": mailbox, "bytes": used, "messages": 3, "last_login": login}
        world.ask("report_mail_usage", HOST, host="mail-1", rows=[row])
    usage = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["usage"]
    assert (usage["bytes"], usage["last_login"].isoformat()) == (500, "2026-11-23T02:00:00+00:00")


def test_a_host_pages_through_all_that_it_has_to_know(world: DirectoryWorld) -> None:
    names = ("Lê A", "Lê B", "Lê C")
    made = sorted(active(world, name) for name in names)
    ask_for(world, "Lê D")
    first = world.ask("list_mail_instructions", HOST, host="mail-1", limit=2)
    rest = world.ask("list_mail_instructions", HOST, host="mail-1", limit=2, after=first["next"])
    assert [one["mailbox"] for one in (*first["items"], *rest["items"])] == made
    assert rest["next"] is None
    unknown = world.ask("read_mail_instructions", HOST, host="mail-1", mailboxes=["f" * 32])["items"][0]
    assert (unknown["exists"], unknown["generation"]) == (False, 0)


def test_each_host_shows_how_far_it_is(world: DirectoryWorld) -> None:
    mailbox = active(world)
    report(world, mailbox)
    both = replace(RULES.domains[0], hosts=("mail-1", "mail-2"))
    rules = replace(RULES, domains=(both, *RULES.domains[1:]))
    world.context = replace(world.context, mail=replace(world.mail, rules=rules))
    act(world, "change_quota", mailbox, quota=512)

    def shown() -> list[tuple[str, int, bool]]:
        hosts = world.ask("read_mailbox", ADMIN, mailbox=mailbox)["hosts"]
        return [(one["host"], one["generation"], one["waiting"]) for one in hosts]

    now = stored(world, mailbox)["generation"]
    assert shown() == [("mail-1", now - 1, True), ("mail-2", 0, True)], "the second never told anything"
    second = Principal("mail-host:mail-2", "mail-2", frozenset())
    said = {"mailbox": mailbox, "generation": now, "error": ""}
    world.ask("report_mail_applied", second, host="mail-2", reports=[said])
    assert shown() == [("mail-1", now - 1, True), ("mail-2", now, False)]
    assert [host["waiting"] for host in world.ask("list_mail_hosts", OPERATOR)["hosts"]] == [1, 0]
    report(world, mailbox)
    assert shown() == [("mail-1", now, False), ("mail-2", now, False)]

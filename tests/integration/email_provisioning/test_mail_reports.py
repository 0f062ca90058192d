"""What a mail host reports, as it stays in the database: late and doubled reports change nothing."""

from tests.support.directory import NOW, DirectoryWorld

MAILBOX = "a" * 32


def report(world: DirectoryWorld, generation: int, error: str = "") -> tuple[int, str]:
    """What is known after one more report."""
    row = {"mailbox": MAILBOX, "generation": generation, "error": error}
    world.mail.hosts.note_applied("mail-1", [row, {**row, "mailbox": "b" * 32}], NOW)
    [known] = world.mail.hosts.applied(MAILBOX)
    return known["generation"], known["error"]


def test_an_older_report_changes_nothing_and_a_failed_one_leaves_the_generation(world: DirectoryWorld) -> None:
    assert report(world, 2, "đĩa đầy") == (0, "đĩa đầy")
    assert report(world, 2) == (2, "")
    assert report(world, 5) == (5, "")
    assert report(world, 3) == (5, "")
    assert report(world, 4, "bản tin cũ") == (5, "")
    assert report(world, 6, "đĩa đầy") == (5, "đĩa đầy")
    assert report(world, 6) == (6, "")


def test_usage_is_the_latest_and_its_moments_never_go_back(world: DirectoryWorld) -> None:
    for used, moment in ((9, NOW), (5, NOW.replace(year=2020))):
        row = {"mailbox": MAILBOX, "bytes": used, "messages": 1, "last_login": moment, "last_sent": None}
        world.mail.use.note("mail-1", [row], NOW)
    usage = world.mail.use.read(MAILBOX)
    assert (usage["bytes"], usage["last_login"], usage.get("last_sent")) == (5, NOW, None)


def test_a_mark_made_while_one_looks_is_not_lost(world: DirectoryWorld) -> None:
    followups = world.mail.followups
    followups.mark(["officer/a"], NOW)
    seen = followups.read("officer/a")
    followups.mark(["officer/a"], NOW)
    followups.settle("officer/a", seen, None)
    assert followups.read("officer/a") == 2
    followups.settle("officer/a", 2, None)
    assert followups.read("officer/a") == 0

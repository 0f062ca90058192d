"""The operator's command: `python -m ops COMMAND`, in any container of the platform; beside `make run`: `make ops`.

Exit code 0: all is well, or done. 1: a problem was found, or it was refused. 2: asked in a wrong way, or with wrong
settings. 3: a server does not answer.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import amqp
from pymongo.errors import PyMongoError

from ops import actions, backups, upkeep
from ops.actions import Refused
from ops.clients import ROLES
from ops.reconcile import add_settled
from ops.report import Report, show
from ops.series import KINDS
from shared.environment import SettingsError
from shared.errors import Unavailable
from shared.migrations import services

WELL, PROBLEM, WRONGLY_ASKED, NO_ANSWER = range(4)

Act = Callable[[argparse.Namespace], Report]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code says how it went."""
    asked = build_parser().parse_args(arguments)
    act: Act = asked.act
    try:
        report = act(asked)
    except SettingsError as error:
        return _fail(str(error), WRONGLY_ASKED)
    except Refused as error:
        return _fail(str(error), PROBLEM)
    except (OSError, amqp.AMQPError, PyMongoError, Unavailable) as error:
        return _fail(f"không trả lời · does not answer: {error!r}"[:500], NO_ANSWER)
    show(report, as_json=asked.json)
    return PROBLEM if report.problems else WELL


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code


def build_parser() -> argparse.ArgumentParser:
    """What can be asked; a test reads every command of the documentation with it."""
    parser = argparse.ArgumentParser(
        prog="python -m ops", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = parser.add_subparsers(metavar="COMMAND", required=True)
    _looking(parts)
    _parked(parts.add_parser("parked", help="events that no retry could apply").add_subparsers(required=True))
    _dead_letters(
        parts.add_parser("dead-letters", help="messages that nobody could read").add_subparsers(required=True)
    )
    _upkeep(parts)
    _backup(parts.add_parser("backup", help="all databases in one file").add_subparsers(required=True))
    _series(parts.add_parser("series", help="how far numbers are given out").add_subparsers(required=True))
    client = _command(parts, "client", actions.add_client, "a new client of the built-in issuer; shows its secret once")
    client.add_argument("id")
    client.add_argument("name", help="in words, as people read it")
    client.add_argument("--role", action="append", required=True, choices=ROLES, help="may be given several times")
    client.add_argument("--agency", default="", help="for which it acts")
    client.add_argument("--note", default="")
    client.add_argument("--file", type=Path, help="the file of clients to append to; without it, the entry is shown")
    _changing(client)
    demo = _command(parts, "demo", actions.bring_in_demo, "sample applications, on a platform for trying out only")
    demo.add_argument("number", type=int)
    demo.add_argument("--seed", type=int, default=1, help="another one makes other applications (1)")
    _changing(demo)
    return parser


def _looking(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _command(parts, "status", actions.status, "servers, services, processes, jobs")
    _command(parts, "queues", actions.queues_seen, "what waits in each queue, and who reads it")
    _command(
        parts,
        "waiting",
        actions.what_waits,
        "events not published or kept back, work that is due, letters that failed; with ages",
    )
    _command(parts, "failing", upkeep.list_failing_work, "due work that fails again and again; with its errors")
    chains = _command(parts, "chains", actions.verify_chains, "read every history, and say what was altered")
    chains.add_argument("--service", default="", help="only this one")
    _command(parts, "indexes", actions.compare_indexes, "indexes that are missing, differ, or nobody declared")


def _parked(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _command(parts, "list", actions.list_parked_events, "oldest first, without their data")
    listing.add_argument("service", nargs="?", default="", help="the listening service; without it, all")
    for name, act, words in (
        ("replay", actions.replay_event, "have it tried again now, once the cause is mended"),
        ("discard", actions.discard_event, "leave it out for good; its successors go on"),
    ):
        deciding = _command(parts, name, act, words)
        deciding.add_argument("service", help="the listening service")
        deciding.add_argument("key", help="the key of the listed event")
        deciding.add_argument("--by", required=True, help="who decides")
        deciding.add_argument("--reason", required=True, help="why")
        _changing(deciding)


def _dead_letters(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _command(parts, "list", upkeep.list_dead_letters, "what each is and why it died, without its data")
    listing.add_argument("queue", nargs="?", default="", help="of this queue only, as `queues` names it")
    purge = _command(parts, "purge", upkeep.purge_dead_letters, "remove all of one queue, for good")
    purge.add_argument("queue", help="as `queues` names it")
    purge.add_argument("--by", required=True, help="who decides")
    purge.add_argument("--reason", required=True, help="why")
    _changing(purge)


def _upkeep(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    reconcile = _command(parts, "reconcile", upkeep.reconcile_listeners, "find listeners that lack events, and mend it")
    add_settled(reconcile)
    _changing(reconcile)
    again = _command(parts, "catch-up", upkeep.catch_listener_up, "have one listener sent all events of a kind again")
    again.add_argument("listener", help="the listening service")
    again.add_argument("exchange", help="OWNER.AGGREGATE, as in docs/events.md")
    _changing(again)
    migrations = _command(parts, "migrations", upkeep.apply_migrations, "give what is stored the form of this version")
    migrations.add_argument("--service", choices=services(), help="only this one")
    _changing(migrations)
    _changing(_command(parts, "set-up", upkeep.set_up, "exchanges, queues, migrations, indexes and reference data"))


def _series(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listing = _command(parts, "list", actions.list_series, "the last number of each series that gives some today")
    advance = _command(parts, "advance", actions.advance_series, "after a restore: leave numbers out that were given")
    advance.add_argument("number", type=int, help="by how many each series goes on")
    advance.add_argument("--by", required=True, help="who decides")
    advance.add_argument("--reason", required=True, help="why; it stands in the series")
    _changing(advance)
    for parser in (listing, advance):
        parser.add_argument("--kind", default="", choices=KINDS, help="only these")
        parser.add_argument("--agency", default="", help="only of this one")


def _backup(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    write = _command(parts, "write", backups.write_backup, "a new file")
    write.add_argument("folder", type=Path)
    write.add_argument("--keep", type=int, default=14, help="how many files stay (14)")
    listing = _command(parts, "list", backups.list_backups, "newest first: age, size, whether complete and found whole")
    listing.add_argument("folder", type=Path, nargs="?", default=Path("/backups"))
    check = _command(parts, "check", backups.check_backup, "read a file whole; needs no database")
    check.add_argument("file", type=Path)
    restore = _command(parts, "restore", backups.restore_backup, "bring everything back; nothing may run meanwhile")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="remove the documents that are there")
    restore.add_argument("--broker-away", action="store_true", help="go on although the broker cannot be asked")
    _changing(restore)
    words = "bring back one content that is damaged in the database; the platform may run"
    content = _command(parts, "restore-content", backups.restore_content, words)
    content.add_argument("sha256", help="its hash, as the complaint names it")
    content.add_argument("folder", type=Path, nargs="?", default=Path("/backups"), help="of the backups (/backups)")
    _changing(content)
    words = "one aggregate as it is and as it was in each backup: which night it was altered"
    compare = _command(parts, "compare", backups.compare_backups, words)
    compare.add_argument("service", choices=services(), help="whose it is")
    compare.add_argument("collection", help="as `chains` names it")
    compare.add_argument("key", help="as `chains` names it")
    compare.add_argument("folder", type=Path, nargs="?", default=Path("/backups"), help="of the backups (/backups)")
    words = "after a restore with --broker-away: discard what waits in the platform's queues"
    _changing(_command(parts, "empty-queues", backups.empty_queues, words))


def _command(
    parts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, act: Act, words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=words, description=words)
    parser.add_argument("--json", action="store_true", help="for scripts")
    parser.set_defaults(act=act)
    return parser


def _changing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

"""What the operator's command mends and brings up to date: the work itself is that of the jobs, by the same code."""

import sys
from argparse import Namespace

from ops import dead_letters, queues, reconcile, waiting
from ops.actions import Refused
from ops.report import Report, Row
from shared import set_up_all
from shared.messaging import catch_up, topology
from shared.migrations import foresee, migrate, services
from shared.persistence import connect
from shared.set_up import NotSetUp
from shared.settings import load

FAILING_COLUMNS = ("service", "where", "subject", "since", "attempts", "error", "problem")
PURGE_COLUMNS = ("queue", "messages", "action", "by", "reason")


def list_failing_work(_: Namespace) -> Report:
    """Due work that fails again and again; that there is any is a problem."""
    settings = load(without=("amqp_uri",))
    with connect(settings, "operator") as client:
        rows = [row | {"problem": "fails"} for row in waiting.failed(client, settings)]
    return Report("Việc đến hạn bị lỗi · Due work that fails", FAILING_COLUMNS, rows)


def reconcile_listeners(asked: Namespace) -> Report:
    """The job of every night, now."""
    return reconcile.report(load(), asked.settled, dry_run=asked.dry_run)


def catch_listener_up(asked: Namespace) -> Report:
    """Have one listener sent everything of one kind of aggregate again."""
    heard = {service.name: topology.listened_exchanges(service) for service in queues.service_classes()}
    if asked.exchange not in heard.get(asked.listener, ()):
        known = ", ".join(heard.get(asked.listener, sorted(heard)))
        raise Refused(f"{asked.listener} does not listen to {asked.exchange}; there are: {known}")
    if not asked.dry_run:
        catch_up.ask_again(load(without=("mongo_uri",)).amqp_uri, asked.listener, asked.exchange)
    result = "would be asked for" if asked.dry_run else "asked for"
    row = {"listener": asked.listener, "exchange": asked.exchange, "result": result}
    return Report("Gửi lại sự kiện · Events sent again", tuple(row), [row])


def apply_migrations(asked: Namespace) -> Report:
    """Apply what is not applied yet, or say what would be."""
    settings = load(without=("amqp_uri",))
    act = foresee if asked.dry_run else migrate
    rows: list[Row] = []
    with connect(settings, "migrations") as client:
        for service in [asked.service] if asked.service else services():
            try:
                rows += [{"service": service, "migration": told} for told in act(client, settings, service)]
            except NotSetUp as refused:
                raise Refused(str(refused)) from refused
    return Report("Chuyển đổi dữ liệu · Migrations", ("service", "migration"), rows)


def set_up(asked: Namespace) -> Report:
    """Every part of the job `setup`, as far as none fails; what the parts say goes to the error output."""
    load()  # wrong settings are named once, not by each part
    if asked.dry_run:
        rows = [{"part": part, "result": "would be run", "problem": ""} for part in set_up_all.parts()]
    else:
        rows = [
            {"part": part, "result": "failed" if code else "done", "problem": "see what it said" if code else ""}
            for part, code in set_up_all.run_parts(sys.stderr)
        ]
    return Report("Chuẩn bị · Set-up", ("part", "result", "problem"), rows)


def list_dead_letters(asked: Namespace) -> Report:
    """What lies in queues of dead letters, without its data; that there is any is a problem."""
    uri = load(without=("mongo_uri",)).amqp_uri
    found = dead_letters.look(uri, [_dead_letters(asked.queue)] if asked.queue else dead_letters.declared())
    return Report("Thông điệp hỏng · Dead letters", dead_letters.COLUMNS, list(found))


def purge_dead_letters(asked: Namespace) -> Report:
    """Remove all of one queue; who did it, when and why is kept in the database."""
    queue, settings = _dead_letters(asked.queue), load()
    try:
        if asked.dry_run:
            messages = dead_letters.count(settings.amqp_uri, queue)
        else:
            messages = dead_letters.purge(settings, queue, by=asked.by, reason=asked.reason)
    except dead_letters.NoSuchQueue:
        raise Refused(f"{queue} is not there: run set-up") from None
    action = "would be purged" if asked.dry_run else "purged"
    row = {"queue": queue, "messages": messages, "action": action, "by": asked.by, "reason": asked.reason}
    return Report("Quyết định · Decision", PURGE_COLUMNS, [row])


def _dead_letters(queue: str) -> str:
    """The queue of dead letters that is meant: its name, or that of the queue whose they are."""
    name = queue if queue.startswith(queues.DEAD_LETTERS) else f"{queues.DEAD_LETTERS}{queue}"
    if name not in (known := dead_letters.declared()):
        raise Refused(f"no service declares {name}; there are: {', '.join(known)}")
    return name

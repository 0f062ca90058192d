"""What `backup` does: write, list, check, restore, and empty the queues of a time that a restore undid."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import amqp

from ops import comparison, queues, series
from ops.actions import Refused, bar
from ops.report import Report, Row
from shared import restore_mark
from shared.backup import archive, listing, mend, restore, write
from shared.persistence import connect
from shared.settings import Settings, load

LIST_COLUMNS = ("file", "made_at", "age_hours", "bytes", "documents", "complete", "checked_at", "problem")
NOT_EMPTIED = "not emptied: `backup empty-queues` before set-up"


def write_backup(asked: Namespace) -> Report:
    """A new file."""
    if asked.keep < 1:
        raise Refused("--keep must be at least 1")
    settings = load(without=("amqp_uri",))
    with _refused_by_backup(), bar("Sao lưu · Writing", write.count(settings)) as tell:
        done = write.write_noted(settings, asked.folder, asked.keep, tell)
    found = {"new_contents": done.new_contents, "problem": "; ".join(done.problems)}
    return _backup_report("written", done.path, done.documents, **found)


def list_backups(asked: Namespace) -> Report:
    """What there is to restore from."""
    with _refused_by_backup():
        rows = [_listed(seen) for seen in listing.look(asked.folder)]
    return Report("Bản sao lưu · Backups", LIST_COLUMNS, rows)


def _listed(seen: listing.Seen) -> Row:
    age = datetime.now(UTC) - seen.made_at if seen.made_at else None
    return {
        "file": str(seen.path),
        "made_at": seen.made_at,
        "age_hours": round(age.total_seconds() / 3600, 1) if age else None,
        "bytes": seen.size,
        "documents": seen.documents,
        "complete": "yes" if seen.made_at else "no",
        "checked_at": seen.checked_at,
        "problem": seen.problem,
    }


def check_backup(asked: Namespace) -> Report:
    """Whether a file is whole."""
    with _refused_by_backup():
        return _backup_report("whole", asked.file, archive.check_noted(asked.file))


def restore_backup(asked: Namespace) -> Report:
    """Bring everything back where nothing works meanwhile, or say what would be."""
    settings = load()
    with _refused_by_backup():
        total = sum(described["count"] for described in archive.check(asked.file))
        if asked.dry_run:
            there = restore.databases_with_documents(settings)
            return _backup_report(f"would replace {', '.join(there) or 'nothing'}", asked.file, total)
        answers = _refuse_beside_readers(settings.amqp_uri, broker_may_be_away=asked.broker_away)
        beside = _Beside(settings, broker_answers=answers)
        with bar("Khôi phục · Restoring", total) as tell:
            restore.restore(
                settings,
                asked.file,
                replace_all=asked.replace,
                begun=beside.begun,
                ending=beside.go_on_with_numbers,
                tell=tell,
            )
    told = f"{beside.discarded} messages discarded" if answers else NOT_EMPTIED
    return _backup_report("restored", asked.file, total, queues=told, series=f"{beside.moved} moved on")


def restore_content(asked: Namespace) -> Report:
    """Bring back one content that is damaged in the database, or say whether that would be possible."""
    with _refused_by_backup():
        damaged = mend.mend(load(without=("amqp_uri",)), asked.folder, asked.sha256, dry_run=asked.dry_run)
    done = "would be brought back" if asked.dry_run else "brought back"
    row = {"content": asked.sha256, "result": done if damaged else "is whole in the database"}
    return Report("Nội dung tệp · Content", tuple(row), [row])


def compare_backups(asked: Namespace) -> Report:
    """Which night an aggregate was altered."""
    with _refused_by_backup():
        found = comparison.compare(
            load(without=("amqp_uri",)), asked.folder, asked.service, asked.collection, asked.key
        )
    if not any("entries" in row for row in found.rows):
        raise Refused(f"neither the database nor a backup in {asked.folder} knows {asked.key} in {asked.collection}")
    return found


class _Beside:
    """What a restore does beside the documents: empties queues, and gives no number again that it can still see."""

    def __init__(self, settings: Settings, *, broker_answers: bool) -> None:
        self._settings, self._broker_answers = settings, broker_answers
        self.discarded = self.moved = 0

    def begun(self) -> bool:
        """The mark stands, and everything is still there."""
        with connect(self._settings, "operator") as client:
            given = [asdict(one) for one in series.look(client, self._settings) if one.last]
            restore_mark.remember(client, self._settings, given)
        if self._broker_answers:
            self.discarded = sum(row["discarded"] for row in queues.empty(self._settings.amqp_uri))
        return self._broker_answers

    def go_on_with_numbers(self) -> None:
        """The documents are back, and the series as they were: those that were further go on from there."""
        with connect(self._settings, "operator") as client:
            mark = restore_mark.unfinished(client, self._settings) or {}
            given = [series.Given(**one) for one in mark["numbers"]]
            reason = f"restore of {mark['file']}: given out later"
            self.moved = series.raise_to(client, self._settings, given, "restore", reason)


def empty_queues(asked: Namespace) -> Report:
    """Discard what waits of a time that a restore undid, once the broker answers again."""
    settings = load()
    _refuse_beside_readers(settings.amqp_uri, broker_may_be_away=False)
    rows = list(queues.empty(settings.amqp_uri, dry_run=asked.dry_run))
    if not asked.dry_run:
        with connect(settings, "operator") as client:
            restore_mark.queues_are_empty(client, settings)
    return Report("Hàng đợi · Queues", tuple(rows[0]), rows)


def _refuse_beside_readers(uri: str, *, broker_may_be_away: bool) -> bool:
    """A service that works meanwhile would write between what comes back; answers whether the broker does."""
    try:
        read = [seen.queue for seen in queues.look(uri, [queues.OWN_QUEUE]) if seen.readers]
    except (OSError, amqp.AMQPError) as error:
        if broker_may_be_away:
            return False
        raise Refused(
            f"the broker does not answer ({error!r}), so nobody knows whether services run; --broker-away goes on"
        ) from error
    if read:
        raise Refused(f"services run and read {', '.join(read)}: stop them all first")
    return True


def _backup_report(done: str, path: Path, documents: int, **more: Any) -> Report:
    row = {"file": str(path), "result": done, "documents": documents, **more}
    return Report("Sao lưu · Backup", tuple(row), [row])


@contextmanager
def _refused_by_backup() -> Iterator[None]:
    try:
        yield
    except archive.BackupError as error:
        raise Refused(str(error)) from error

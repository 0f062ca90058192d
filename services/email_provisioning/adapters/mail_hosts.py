"""What mail hosts report, and what has to be looked at again, in MongoDB."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from shared.indexes import DUE_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

APPLIED_INDEXES = [IndexModel([("mailbox", ASCENDING)], name="mailbox")]
_DUPLICATE = 11000


class MongoMailHosts:
    """Implements `ports_mail.MailHosts`."""

    def __init__(self, database: Database[Document]) -> None:
        self._hosts = database["mail_hosts"]
        self._applied = database["mail_applied"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._applied, APPLIED_INDEXES)

    @unavailable_when_away()
    def note_contact(self, host: str, at: datetime) -> None:
        """The host asked for something."""
        self._hosts.update_one({"_id": host}, {"$max": {"last_contact": at}}, upsert=True)

    @unavailable_when_away()
    def note_applied(self, host: str, reports: Sequence[Document], at: datetime) -> None:
        """What a host applied of which mailbox; an older generation than known finds nothing to change."""
        updates = []
        for report in reports:
            known = {"_id": f"{host}/{report['mailbox']}", "generation": {"$lte": report["generation"]}}
            said: Document = {"$set": {"host": host, "mailbox": report["mailbox"], "error": report["error"], "at": at}}
            if report["error"]:
                said["$setOnInsert"] = {"generation": 0}  # it could not apply this one, so the one before holds there
            else:
                said["$set"]["generation"] = report["generation"]
            updates.append(UpdateOne(known, said, upsert=True))
        self._write_newer(updates)

    def _write_newer(self, updates: Sequence[UpdateOne]) -> None:
        """An upsert that finds something newer in its place fails as a duplicate, which is what is wanted."""
        if not updates:
            return
        try:
            self._applied.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            wrong = error.details["writeErrors"]
            if error.details.get("writeConcernErrors") or any(one["code"] != _DUPLICATE for one in wrong):
                raise

    @unavailable_when_away()
    def note_drift(self, host: str, drift: Document) -> None:
        """The latest comparison of a host with what it should know."""
        self._hosts.update_one({"_id": host}, {"$set": {"drift": drift}}, upsert=True)

    @unavailable_when_away()
    def all(self) -> dict[str, Document]:
        """What is known of each host that ever reported."""
        return {host["_id"]: host for host in self._hosts.find({}).hint("_id_")}

    @unavailable_when_away()
    def applied(self, mailbox: str) -> list[Document]:
        """What each host said of one mailbox."""
        return sorted(self._applied.find({"mailbox": mailbox}).hint("mailbox"), key=lambda row: str(row["host"]))


class MongoFollowUps:
    """Implements `ports_mail.FollowUps`."""

    def __init__(self, database: Database[Document]) -> None:
        self._rows = database["mail_followups"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._rows, [DUE_INDEX])

    @unavailable_when_away()
    def mark(self, keys: Iterable[str], at: datetime) -> None:
        """Something about these changed."""
        updates = [
            UpdateOne({"_id": key}, {"$inc": {"marks": 1}, "$min": {"next_due_at": at}}, upsert=True)
            for key in sorted(set(keys))
        ]
        if updates:
            self._rows.bulk_write(updates, ordered=False, session=session())

    @unavailable_when_away()
    def read(self, key: str) -> int:
        """How often it was marked."""
        row = self._rows.find_one({"_id": key})
        return int(row["marks"]) if row else 0

    @unavailable_when_away()
    def settle(self, key: str, marks: int, again_at: datetime | None) -> None:
        """It was looked at; if it was marked meanwhile, the lease looks again."""
        unchanged = {"_id": key, "marks": marks}
        if again_at is None:
            self._rows.delete_one(unchanged)
        else:
            self._rows.update_one(unchanged, {"$set": {"next_due_at": again_at}})

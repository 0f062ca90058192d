"""The mark of a restore that was begun and has not ended: till then nobody works on what is stored.

It is written before the first document goes and removed after the last has come; set-up, services and jobs look for it
before they do anything. What ended stays recorded beside it. Neither is part of a backup: they tell of this server.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from pymongo import MongoClient
from pymongo.collection import Collection

from shared.errors import Unavailable
from shared.persistence import Document, connect, database, unavailable_when_away
from shared.set_up import NotSetUp
from shared.settings import Settings

DATABASE = "operations"
"""The database of what those who operate are told."""

COLLECTION = "restores"
_MARK = "unfinished"
DOCUMENTS, QUEUES = "documents", "queues"
"""What is left to be done: everything, or to empty the queues of a broker that was away."""

_SENTENCES = {
    DOCUMENTS: "Khôi phục từ {file} chưa xong: chạy lại `python -m ops backup restore` · The restore of {file}, begun "
    "{began_at:%Y-%m-%d %H:%M} UTC, did not end: run `python -m ops backup restore` again",
    QUEUES: "Hàng đợi chưa được làm trống sau khi khôi phục {file}: `python -m ops backup empty-queues` · After the "
    "restore of {file} queues still hold what came later: run `python -m ops backup empty-queues`",
}


class RestoreUnfinished(NotSetUp):
    """A restore was begun and has not ended; the message says what is to be done."""


def _restores(client: MongoClient[Document], settings: Settings) -> Collection[Document]:
    return database(client, settings, DATABASE)[COLLECTION]


def unfinished(client: MongoClient[Document], settings: Settings) -> Document | None:
    """The mark, if it stands."""
    return _restores(client, settings).find_one({"_id": _MARK})


def refuse_half_restored(client: MongoClient[Document], settings: Settings) -> None:
    """Do nothing if no restore is under way.

    Raises:
        RestoreUnfinished: one is, or broke off.
    """
    if mark := unfinished(client, settings):
        raise RestoreUnfinished(_SENTENCES[mark["left"]].format_map(mark))


def open_look(settings: Settings, name: str) -> Callable[[], None]:
    """For the process called `name`, which starts without its database: raises `Unavailable` while a restore stands."""
    client = connect(settings, name)

    @unavailable_when_away()
    def look() -> None:
        if unfinished(client, settings):
            raise Unavailable("restore_unfinished")

    return look


def begin(client: MongoClient[Document], settings: Settings, file: str) -> None:
    """Set the mark, or take over that of a restore that broke off."""
    mark = {"file": file, "began_at": datetime.now(UTC), "left": DOCUMENTS}
    _restores(client, settings).update_one({"_id": _MARK}, {"$set": mark}, upsert=True)


def remember(client: MongoClient[Document], settings: Settings, numbers: list[Document]) -> None:
    """Keep with the mark what is to be found out before documents go; a restore that is repeated would find half."""
    _restores(client, settings).update_one(
        {"_id": _MARK, "numbers": {"$exists": False}}, {"$set": {"numbers": numbers}}
    )


def leave_queues(client: MongoClient[Document], settings: Settings) -> None:
    """All documents are back, but queues could not be emptied."""
    _restores(client, settings).update_one({"_id": _MARK}, {"$set": {"left": QUEUES}})


def queues_are_empty(client: MongoClient[Document], settings: Settings) -> None:
    """They were all that was left, or nothing is."""
    if (mark := unfinished(client, settings)) and mark["left"] == QUEUES:
        end(client, settings)


def end(client: MongoClient[Document], settings: Settings) -> None:
    """Turn the mark into a record; a crash in between leaves both, and the mark counts."""
    restores = _restores(client, settings)
    if mark := restores.find_one({"_id": _MARK}):
        record = {"file": mark["file"], "began_at": mark["began_at"], "ended_at": datetime.now(UTC)}
        restores.insert_one(record)
        restores.delete_one({"_id": _MARK})

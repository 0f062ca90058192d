"""The catalogue of procedures in MongoDB: one document per procedure, with all its versions and its history.

A version is never changed but for its last day, so whoever keeps a version's number keeps its rules.
"""

import hashlib
from datetime import datetime

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.adapters.catalogue_files import Catalogue
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.procedure_versions import too_far_ahead
from services.one_stop_shop.ports_read import Published, Row
from shared.actors import Signature
from shared.aggregates import WITHOUT_HISTORY, Announce, StoredAggregates
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.base import Event
from shared.contracts.one_stop_shop.catalogue_events import ProcedureClosed, ProcedurePublished
from shared.errors import Conflict, Stale
from shared.history import Command, Entry, canonical
from shared.indexes import OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away
from shared.set_up import needs_attention
from shared.working_time import VIETNAM

SETUP = Signature(sub="setup", role="operator", agency="")
"""The set-up job, which loads the data files."""

_ROW = {
    f"versions.{name}": 1
    for name in (
        "version",
        "effective_from",
        "effective_to",
        "name",
        "sector",
        "service_level",
        "competent",
        "processing_time",
        "cases.processing_time",
        "cases.fees",
        "fees",
        "life_events",
        "keywords",
        "sample",
        "children",
    )
}


class Procedures(StoredAggregates):
    """Reads and publishes procedures; declared in `ports_read`."""

    def __init__(self, database: Database[Document], announce: Announce) -> None:
        super().__init__(database["procedures"], announce)
        self._words = database["vocabularies"]

    def ensure_indexes(self) -> None:
        """Create what the relay of events stands on; procedures themselves are found by their codes."""
        ensure_indexes(self._collection, [OUTBOX_INDEX])

    @unavailable_when_away()
    def versions(self, code: str) -> tuple[ProcedureVersion, ...]:
        """All versions, oldest first; () when there is no such procedure."""
        found = self._collection.find_one({"_id": code}, {"versions": 1}, session=session())
        return tuple(build(definition) for definition in found["versions"]) if found else ()

    @unavailable_when_away()
    def rows(self, after: str | None, limit: int) -> list[Row]:
        """What lists show of the next procedures behind this code, in order of the codes."""
        match = {"_id": {"$gt": after or ""}}
        found = self._collection.find(match, _ROW, session=session()).sort("_id", ASCENDING).hint("_id_")
        return list(found.limit(limit))

    @unavailable_when_away()
    def sectors(self) -> dict[str, str]:
        """The Vietnamese names of the sectors by their keys."""
        return self._vocabulary("sectors")

    @unavailable_when_away()
    def life_events(self) -> dict[str, str]:
        """The Vietnamese names of the life events by their keys."""
        return self._vocabulary("life_events")

    @unavailable_when_away()
    def topics(self) -> dict[str, dict[str, dict[str, str]]]:
        """The names in both languages, by their keys, under `life_events` and `sectors`; in their files' order."""
        wanted = {"_id": {"$in": ["life_events", "sectors"]}}
        return {found["_id"]: found["words"] for found in self._words.find(wanted, session=session())}

    @unavailable_when_away()
    def filler_words(self) -> frozenset[str]:
        """The folded words that exclude no procedure from a search."""
        found = self._words.find_one({"_id": "filler_words"}, session=session())
        return frozenset(found["words"] if found else ())

    def _vocabulary(self, name: str) -> dict[str, str]:
        found = self._words.find_one({"_id": name}, session=session())
        return {key: name["vi"] for key, name in found["words"].items()} if found else {}

    @unavailable_when_away()
    def published(self, code: str, command: str) -> Published:
        """How many versions there are, and what an earlier command with this key left."""
        shown = {"version": 1, "versions.version": 1, "history": {"$elemMatch": {"command.key": command}}}
        found = self._collection.find_one({"_id": code}, shown, session=session()) or {}
        entries = found.get("history") or [None]
        last = max((version["version"] for version in found.get("versions", ())), default=0)
        return Published(last, entries[0])

    @unavailable_when_away()
    def publish(
        self,
        version: ProcedureVersion,
        *,
        at: datetime,
        actor: Signature,
        command: Command | None = None,
        file: str = "",
    ) -> None:
        """Add a version behind the last; `file` marks the content of the data file that it came from."""
        before = self._head(version.code)
        if before and max(known["version"] for known in before["versions"]) >= version.version:
            raise Stale("version_stale")
        mark = {"file": file} if file else {}
        earlier = before["versions"] if before else []
        changes = {"versions": [*earlier, dict(version.definition)], **mark}
        entry = _entry(ProcedurePublished, version, before, changes, at, actor, command)
        if before is None:
            self._create(version.code, changes, entry)
        else:
            self._save(before, changes, entry)

    @unavailable_when_away()
    def close(
        self, version: ProcedureVersion, *, at: datetime, actor: Signature, command: Command | None = None
    ) -> None:
        """Give a version its last day, or withdraw it."""
        before = self._head(version.code)
        if before is None:
            raise Conflict("procedure_unknown", procedure=version.code)
        last_day: Document = {"effective_to": version.definition["effective_to"]}
        if version.withdrawn:
            last_day["withdrawn"] = True
        versions = [
            {**known, **last_day} if known["version"] == version.version else known for known in before["versions"]
        ]
        entry = _entry(ProcedureClosed, version, before, {"versions": versions}, at, actor, command)
        self._save(before, {"versions": versions}, entry)

    def load(self, catalogue: Catalogue, now: datetime) -> list[str]:
        """Bring the data files in, as often as one likes; one sentence for every file that changed something.

        A file that is as it was when it was last loaded changes nothing, whatever was published over the API
        since; a changed one becomes a new version, unless it would begin in the past or before what is published.
        """
        for name, known in (("sectors", catalogue.sectors), ("life_events", catalogue.life_events)):
            plain = {key: text.to_dict() for key, text in known.items()}
            self._words.replace_one({"_id": name}, {"words": plain}, upsert=True)
        self._words.replace_one({"_id": "filler_words"}, {"words": sorted(catalogue.filler_words)}, upsert=True)
        told = [self._load(version, now) for version in catalogue.procedures]
        return [sentence for sentence in told if sentence]

    def _load(self, version: ProcedureVersion, now: datetime) -> str:
        content = {name: value for name, value in version.definition.items() if name != "version"}
        mark = hashlib.sha256(canonical(content)).hexdigest()
        found = self._collection.find_one({"_id": version.code}, {"file": 1, "versions": 1}) or {}
        if found.get("file") == mark:
            return ""
        last = max((known["version"] for known in found.get("versions", ())), default=0)
        first_day = max(
            (known["effective_from"] for known in found.get("versions", ()) if not known.get("withdrawn")), default=""
        )
        earliest = max(first_day, now.astimezone(VIETNAM).date().isoformat())
        far = too_far_ahead(version, now.astimezone(VIETNAM).date())
        if far:
            name, latest = far
            return needs_attention(
                f"{version.code} {version.name.vi}: CHƯA công bố, vì {name} {content[name]} quá xa,"
                f" muộn nhất là {latest} · NOT published, {name} is too far ahead, {latest} is the latest"
            )
        if last and content["effective_from"] < earliest:
            return needs_attention(
                f"{version.code} {version.name.vi}: tệp đã đổi nhưng CHƯA công bố, vì effective_from"
                f" {content['effective_from']} đã qua hoặc trước phiên bản đang có; hãy đặt từ {earliest} trở đi"
                f" · changed but NOT published, effective_from reaches back; make it {earliest} or later"
            )
        number = max(version.version, last + 1)
        try:
            self.publish(build({**content, "version": number}), at=now, actor=SETUP, file=mark)
        except (DuplicateKeyError, Stale):  # another set-up job was faster
            return self._load(version, now)
        first_day = version.effective_from.isoformat()
        vi, en = (f"khác phiên bản {last}", f"unlike version {last}") if last else ("thủ tục mới", "new")
        return (
            f"{version.code} {version.name.vi}: {vi}, công bố phiên bản {number}, từ {first_day}"
            f" · {en}, published as version {number}, from {first_day}"
        )

    def _head(self, code: str) -> Document | None:
        return self._collection.find_one({"_id": code}, WITHOUT_HISTORY, session=session())

    def _create(self, code: str, content: Document, entry: Entry) -> None:
        self._collection.insert_one(first_document(new_aggregate(code), content, entry), session=session())
        self._announce(code, [entry])

    def _save(self, before: Document, changes: Document, entry: Entry) -> None:
        if not self.save(before["_id"], before["version"], changes, entry):
            raise Stale("version_stale")


def _entry(
    event: type[Event],
    version: ProcedureVersion,
    before: Document | None,
    changes: Document,
    at: datetime,
    actor: Signature,
    command: Command | None,
) -> Entry:
    data = event.dump(
        procedure=version.code,
        procedure_version=version.version,
        effective_from=version.effective_from,
        effective_to=version.effective_to,
    )
    answered = {"version": version.version}
    before = before or new_aggregate(version.code)
    after = {**before, **changes}
    return write_entry(before, event, data, at=at, actor=actor, command=command, answered=answered, after=after)

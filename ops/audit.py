"""Who did what to something: its history out of whichever service keeps it, and whether that is whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection

from ops.chains import ASIDE
from ops.databases import having_index, stores
from shared.as_found import as_found, raw
from shared.contracts.watch import MOST_ENTRIES
from shared.history import entries_of, verify_stored
from shared.indexes import OUTBOX_INDEX
from shared.persistence import Document
from shared.settings import Settings

NAMES = {
    ("one_stop_shop", "applications"): ("code", "national_code"),
    ("email_provisioning", "agencies"): ("known_as",),
    ("email_provisioning", "officers"): ("account", "number"),
    ("email_provisioning", "mailboxes"): ("held",),
}
"""By what people call things, beside their identifiers; each is a unique index of its collection."""


def search(
    client: MongoClient[Document], settings: Settings, name: str, by: str = "", kind: str = ""
) -> Iterator[dict[str, Any]]:
    """Whatever bears this name in any service, with its newest entries.

    Only those of one person, if `by` is given, and of one type of event, if `kind` is.
    """
    for service, store in stores(client, settings):
        for collection in having_index(store, OUTBOX_INDEX.document["name"]):
            for stored in _bearing(service, collection, name):
                yield _told(service, collection.name, as_found(stored), by, kind)


def _bearing(service: str, collection: Collection[Document], name: str) -> Iterator[Any]:
    """As it was stored, whatever byte was altered; codes are written large and addresses small, however typed."""
    typed = {"$in": list({name, name.upper(), name.lower()})}
    by_name = [{field: typed} for field in NAMES.get((service, collection.name), ())]
    yield from raw(collection).find({"$or": [{"_id": typed}, *by_name]}, {"outbox": 0, "search": 0})


def _told(service: str, kind: str, found: Mapping[str, Any], by: str, type_: str) -> dict[str, Any]:
    broken = verify_stored(found, ASIDE.get(service, frozenset()))
    history = entries_of(found)
    chosen = [entry for entry in history if by in ("", _actor(entry)["subject"]) and type_ in ("", entry.get("type"))]
    return {
        "service": service,
        "kind": kind,
        "id": str(found.get("_id")),
        "entries": len(history),
        "intact": broken is None,
        "first_altered": broken.seq if broken else None,
        "history": [_entry(entry) for entry in reversed(chosen[-MOST_ENTRIES:])],
    }


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: entry.get(name) for name in ("seq", "type", "at", "reason", "correlation")}
    return told | {"actor": _actor(entry)}


def _actor(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Whoever signed; what was altered may lack anything."""
    signed = entry.get("actor")
    signed = signed if isinstance(signed, Mapping) else {}
    return {"subject": signed.get("sub") or "", "role": signed.get("role") or "", "agency": signed.get("agency") or ""}

"""Due work of packages: their files are written, and what goes to another exchange is handed over there."""

from collections.abc import Mapping
from typing import Any

from services.document_routing.domain import issued
from services.document_routing.domain import package as p
from services.document_routing.domain.actors import CLOCKWORK
from services.document_routing.domain.composing import document_message, status_message
from services.document_routing.domain.edxml.check import NEW, RECALL, REPLACEMENT
from services.document_routing.domain.numbering import Series
from services.document_routing.domain.outgoing import as_of
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import DOCUMENT, follow
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.exchange_kinds import PACKAGE
from shared.errors import Error, Stale, Unavailable
from shared.observability import logger

log = logger(__name__)

MAILBOX = "mailbox"
"""The series that counts what became ready for an agency: a cursor over it never misses anything."""

ENDLESS = 9999
"""The year of a series that never begins anew."""


def fire_package(context: Context, package: str) -> None:
    """Do what is due of a package.

    Raises:
        Stale: somebody changed it meanwhile; the loop looks again.
    """
    loaded = context.exchange.packages.find(package)
    if loaded is None:
        return
    if loaded.document["status"] == p.PREPARING:
        _write(context, loaded.document)
    elif loaded.document["due_work"]:
        _hand_over(context, loaded.document)


def _write(context: Context, package: Document) -> None:
    """Write the file, outside of any transaction; then number and offer the package in one.

    What no repetition can cure, such as a text beyond the limits of the standard, fails the transport.
    """
    try:
        file = _file(context, package)
    except Unavailable:
        raise
    except Error as error:
        log.warning("package_not_writable", package=package["_id"], error=str(error))
        follow(context, PACKAGE, package, p.fail(package, str(error)))
        return
    series = Series(package["agency"], MAILBOX, ENDLESS)

    def make_ready() -> None:
        number, _ = context.series.take(series, context.now().date())
        follow(context, PACKAGE, package, p.make_ready(package, file, number))

    with context.series.turn(series):
        context.together(make_ready)


def _file(context: Context, package: Document) -> dict[str, Any]:
    """The file of a package: what another system sent goes on unchanged, so that its signature stays good."""
    spec, directory = package["spec"], context.offices.directory()
    document = as_of(context.documents.find_all([package["document"]])[package["document"]], spec.get("revision", 0))
    if package["kind"] == "status":
        return context.exchange.letters.write(status_message(document, spec, directory), [], f"{package['_id']}.xml")
    original = _original(context, document, spec)
    if original is not None:
        return original
    related = context.documents.find_all(filter(None, [document["replaces"]]))
    message = document_message(document, spec, directory, context.offices.types(), related)
    files = document["files"] if spec["business"] != RECALL else []
    return context.exchange.letters.write(message, files, f"{package['_id']}.xml")


def _original(context: Context, document: Document, spec: Mapping[str, Any]) -> dict[str, Any] | None:
    """The message that the sender's own system handed in for this receiver, if this follows from one.

    The document itself goes on unchanged only as long as no update has changed it.
    """
    if document["source"] != "exchange":
        return None
    itself = spec["business"] in (NEW, REPLACEMENT)
    wanted = (document["message"] if spec["revision"] == 1 else "") if itself else spec["message"]
    for message in context.exchange.messages.find_all([wanted]).values() if wanted else ():
        if message["file"] and message["business"] == spec["business"] and spec["receiver"] in message["receivers"]:
            return {"id": message["file"], "sha256": message["file"], "size": message["size"]}
    return None


def _hand_over(context: Context, package: Document) -> None:
    """Hand a package to the other exchange; after a day of failed attempts it has failed."""
    occasion = occasion_for(context, CLOCKWORK, package["agency"])
    try:
        _send(context, package)
    except Unavailable as error:
        later = p.put_off(package, context.now(), str(error))
        if later is not None:
            moved = p.settle(package, later, occasion)
            if not context.exchange.packages.derive(package["_id"], package["version"], moved):
                raise Stale("version_stale") from error
            return
        outcome, reason = p.FAILED, str(error)
    except Error as error:
        outcome, reason = p.FAILED, str(error)
    else:
        outcome, reason = p.DONE, ""
    log.info("package_handed_over", package=package["_id"], outcome=outcome, reason=reason)
    try:
        follow(context, PACKAGE, package, p.acknowledge(package, occasion, outcome, reason))
    except Stale:
        if outcome != p.DONE or not _recall_what_left(context, package):
            raise


def _recall_what_left(context: Context, package: Document) -> bool:
    """Ask for a document back that was handed over in the moment in which its sender held it back."""
    (document,) = context.documents.find_all([package["document"]]).values()
    key = package["agency"], package["sending"]
    held_back = [one for one in document["deliveries"] if (one["receiver"], one["sending"]) == key and one["cancelled"]]
    for one in held_back:
        occasion = occasion_for(context, CLOCKWORK, document["agency"])
        asked = issued.recall_what_left(document, occasion, one["receiver"], one["cancelled"]["id"])
        follow(context, DOCUMENT, document, asked, occasion)
    return bool(held_back)


def _send(context: Context, package: Document) -> None:
    outside = context.exchange.outside
    if outside is None:
        raise Unavailable("outside_exchange_missing")
    outside.send(package["_id"], context.files.open(package["file"]).chunks)

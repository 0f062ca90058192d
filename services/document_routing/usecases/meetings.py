"""What follows here from video conferences: the draft of the invitation document, its corrections, its recall."""

from uuid import uuid5

from services.document_routing.domain import for_meetings as rules
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import DOCUMENT, begun, follow
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from shared.actors import Actor
from shared.contracts.base import ReceivedEvent

OFF = "Cuộc họp không diễn ra"


def draft_invitation(context: Context, event: ReceivedEvent) -> None:
    """Begin the document of a meeting's convener; it is begun once, however often the event comes."""
    convener = event.data["convener"]
    desk = Actor(subject="conference_booking", name="Hội nghị truyền hình", roles=frozenset({SYSTEM}), agency=convener)
    occasion = occasion_for(context, desk, convener)
    replaced = context.documents.find_all(filter(None, [event.data["replaces"]])).get(event.data["replaces"] or "")
    drafted = rules.draft_invitation(occasion, event.data, replaced)
    context.documents.add(begun(DOCUMENT, _identifier(event), drafted, occasion, desk.sign((SYSTEM,))))


def correct_invitation(context: Context, event: ReceivedEvent) -> None:
    """Let the draft say what is true of the meeting now."""
    document = _document(context, event)
    occasion = occasion_for(context, CLOCKWORK, document["agency"])
    follow(context, DOCUMENT, document, rules.correct_invitation(document, occasion, event.data), occasion)


def take_back_invitation(context: Context, event: ReceivedEvent) -> None:
    """Ask back what was issued of a meeting that is off."""
    document = _document(context, event)
    occasion = occasion_for(context, CLOCKWORK, document["agency"])
    follow(context, DOCUMENT, document, rules.take_back_invitation(document, occasion, OFF), occasion)


def _document(context: Context, event: ReceivedEvent) -> Document:
    return context.documents.find_all([_identifier(event)])[_identifier(event)]


def _identifier(event: ReceivedEvent) -> str:
    """One document for each letter of a meeting, whatever it was told since."""
    return uuid5(NAMESPACE, f"letter:{event.data['letter'].rpartition(':')[0]}").hex

"""The invitation document of a meeting: both services over ports in memory, the events of each brought to the other."""

from typing import Any

import pytest

from services.conference_booking.usecases.formal_letters import note_document
from services.document_routing.usecases import meetings as routing
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.conference_booking import letters
from shared.contracts.conference_booking.events import OWNER
from shared.contracts.document_routing import events as d
from shared.contracts.principal import Role
from shared.errors import Conflict, Forbidden
from tests.support import document_world as papers
from tests.support import documents_in_memory
from tests.support.conference_world import CLERK, STRANGER, ConferenceWorld, person
from tests.support.document_world import DocumentWorld

REACTIONS = {
    letters.InvitationLetterAsked: routing.draft_invitation,
    letters.InvitationLetterChanged: routing.correct_invitation,
    letters.InvitationLetterWithdrawn: routing.take_back_invitation,
}
FOLLOWED = (
    *(d.DocumentDrafted, d.DocumentRevised, d.DocumentSubmitted, d.DocumentReturned),
    *(d.DocumentSigned, d.DocumentIssued, d.DocumentReplaced, d.DocumentRecalled),
)
OPERATOR = person("ky-thuat-vien", Role.SPECIALIST, "H13.06")
CITY = person("lanh-dao-uy-ban", Role.HEAD_OF_UNIT, "H13")
WISH = {"network": "can-tho", "chair": "ct-07", "endpoints": ["ct-06", "ct-08"]}


class Both:
    """Meetings and documents side by side."""

    def __init__(self) -> None:
        self.meetings, self.routing = ConferenceWorld(), DocumentWorld()
        self.routing.now = self.meetings.now
        self.told = 0

    def settle(self, *, deliver: bool = True) -> None:
        """Let everything follow that follows; without `deliver` document routing hears nothing."""
        while True:
            self.meetings.fire()
            news = self.meetings.told[self.told :] if deliver else []
            if not news and not self.routing.pending:
                return
            self.told += len(news)
            for subject, entry in news:
                event = Event.registry[f"{OWNER}.{entry['type']}"]
                react = REACTIONS.get(event)  # type: ignore[call-overload]  # others are not heard
                if react:
                    data = event.load(entry["data"])
                    at = entry["at"]
                    react(self.routing.context, ReceivedEvent(event, entry["id"], subject, entry["seq"], at, data))
            pending, self.routing.pending = self.routing.pending, []
            for heard in pending:
                if heard.event in FOLLOWED:
                    note_document(self.meetings.context, heard)

    def ask(self, **other: Any) -> str:
        """An approved meeting of the ward with its draft."""
        meeting = self.meetings.request(papers.CLERK, **WISH, **other)
        self.meetings.ask("approve_meeting", CITY, meeting=meeting)
        self.settle()
        self.meetings.ask("ask_invitation_letter", papers.CLERK, meeting=meeting)
        self.settle()
        return meeting

    def shown(self, meeting: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.meetings.ask("read_meeting", papers.CLERK, meeting=meeting)["letters"]
        return found

    def standing(self, meeting: str) -> list[tuple[str, str]]:
        return [(row["status"], row["code"]) for row in self.shown(meeting)]

    def document(self, meeting: str) -> str:
        return str(self.shown(meeting)[-1]["document"])

    def send_up(self, document: str) -> None:
        """Write the document itself, and put it before the leader."""
        drafted = self.routing.documents.documents[document]
        names = ("kind", "subject", "summary", "receivers", "places", "replaces")
        content = {name: drafted[name] for name in names}
        self.routing.on_document(
            "revise_document", document, papers.SPECIALIST, **content, main=documents_in_memory.FILE
        )
        self.routing.on_document("submit_document", document, papers.SPECIALIST)

    def issue(self, document: str) -> None:
        """Sign and number it."""
        self.routing.on_document("sign_document", document, papers.LEADER, signer=papers.SIGNER)
        self.routing.on_document("issue_document", document, papers.CLERK)
        self.settle()

    def move(self, meeting: str, starts: str) -> None:
        """Let the approver change the time."""
        self.meetings.ask("change_meeting", CITY, meeting=meeting, starts=starts)


@pytest.fixture
def both() -> Both:
    return Both()


def test_it_is_not_written_anew_when_a_standby_takes_over_in_the_meeting(both: Both) -> None:
    meeting = both.ask()
    both.meetings.ask("change_meeting", CITY, meeting=meeting, standby=["ct-09"])
    both.settle()
    both.send_up(both.document(meeting))
    both.issue(both.document(meeting))
    before = both.standing(meeting)
    both.meetings.at("2026-12-07T08:00")
    both.meetings.ask("start_session", OPERATOR, meeting=meeting, session="1")
    asked = {"network": "can-tho", "endpoint": "ct-08", "meeting": meeting, "session": 1, "symptom": "power"}
    incident = both.meetings.ask("open_incident", OPERATOR, **asked)["id"]
    both.meetings.ask("switch_to_standby", OPERATOR, incident=incident, endpoint="ct-09")
    both.settle()
    assert "ct-09" in both.meetings.meeting(meeting)["sessions"][0]["instead"]["endpoints"]
    assert both.standing(meeting) == before
    both.meetings.ask("end_session", OPERATOR, meeting=meeting, session="1")
    both.settle()
    assert both.standing(meeting) == before


def test_it_is_drafted_for_the_convener_addressed_and_numbered_there(both: Both) -> None:
    meeting = both.ask()
    (document,) = both.routing.documents.documents.values()
    assert (document["agency"], document["kind"], document["status"]) == (documents_in_memory.WARD, "giay_moi", "draft")
    assert document["subject"] == "Mời dự họp trực tuyến “Giao ban trực tuyến tháng 12 với các xã, phường”"
    assert document["summary"].startswith("Thời gian: 08:00 ngày 07/12/2026. Điểm cầu chủ trì: Điểm cầu")
    assert [one["agency"] for one in document["receivers"]] == [documents_in_memory.DEPARTMENT]
    assert "H13.30.02" in document["places"], "whom the directory does not reach is told otherwise"
    both.send_up(document["_id"])
    both.settle()
    assert both.standing(meeting) == [("in_review", "")]
    both.issue(document["_id"])
    assert both.standing(meeting) == [("issued", "01/GM-UBND")]
    assert both.document(meeting) == document["_id"]
    assert both.meetings.ask("verify_meeting_history", papers.CLERK, meeting=meeting)["intact"]


def test_only_the_convener_asks_and_once(both: Both) -> None:
    meeting = both.ask()
    with pytest.raises(Conflict, match="letter_there_already"):
        both.meetings.ask("ask_invitation_letter", papers.CLERK, meeting=meeting)
    with pytest.raises(Forbidden):
        both.meetings.ask("ask_invitation_letter", CITY, meeting=meeting)
    waiting = both.meetings.request(CLERK)
    with pytest.raises(Conflict, match="meeting_action_not_allowed"):
        both.meetings.ask("ask_invitation_letter", CLERK, meeting=waiting)
    assert both.meetings.ask("read_meeting", CLERK, meeting=waiting)["letters"] == []
    assert STRANGER.agency == documents_in_memory.WARD


def test_a_draft_follows_the_meeting(both: Both) -> None:
    meeting = both.ask()
    both.move(meeting, "2026-12-08T14:00")
    both.settle()
    (document,) = both.routing.documents.documents.values()
    assert document["summary"].startswith("Thời gian: 14:00 ngày 08/12/2026")
    assert (document["revision"], len(document["versions"])) == (2, 2)
    assert [row["outdated"] for row in both.shown(meeting)] == [False]


def test_what_lies_with_the_leader_is_corrected_when_it_comes_back(both: Both) -> None:
    meeting = both.ask()
    document = both.document(meeting)
    both.send_up(document)
    both.settle()
    both.move(meeting, "2026-12-08T14:00")
    both.settle()
    assert [row["outdated"] for row in both.shown(meeting)] == [True]
    both.routing.on_document("return_document", document, papers.LEADER, reason="Đổi giờ")
    both.settle()
    assert both.routing.documents.documents[document]["summary"].startswith("Thời gian: 14:00")
    assert [row["outdated"] for row in both.shown(meeting)] == [False]


def test_an_issued_one_is_replaced_by_another(both: Both) -> None:
    meeting = both.ask()
    first = both.document(meeting)
    both.send_up(first)
    both.issue(first)
    both.move(meeting, "2026-12-08T14:00")
    both.settle()
    assert both.standing(meeting) == [("issued", "01/GM-UBND"), ("draft", "")]
    second = both.document(meeting)
    assert both.routing.documents.documents[second]["replaces"] == first
    both.send_up(second)
    both.issue(second)
    assert both.standing(meeting) == [("replaced", "01/GM-UBND"), ("issued", "02/GM-UBND")]


@pytest.mark.parametrize("issued", [True, False])
def test_what_is_off_is_taken_back(both: Both, issued: bool) -> None:
    meeting = both.ask()
    document = both.document(meeting)
    if issued:
        both.send_up(document)
        both.issue(document)
    both.meetings.ask("cancel_meeting", papers.CLERK, meeting=meeting, reason="Hoãn")
    both.settle()
    recalled = "document_recalled" in both.routing.events(document)
    assert (recalled, both.shown(meeting)[0]["status"]) == (issued, "recalled" if issued else "withdrawn")


def test_all_that_was_issued_is_taken_back_when_it_is_off(both: Both) -> None:
    """The replacement is still a draft, so the first one holds until then."""
    meeting = both.ask()
    first = both.document(meeting)
    both.send_up(first)
    both.issue(first)
    both.move(meeting, "2026-12-08T14:00")
    both.settle()
    both.meetings.ask("cancel_meeting", papers.CLERK, meeting=meeting, reason="Hoãn")
    both.settle()
    assert [row["status"] for row in both.shown(meeting)] == ["recalled", "withdrawn"]


def test_words_leave_it_as_it_is(both: Both) -> None:
    meeting = both.ask()
    both.meetings.ask("change_meeting", papers.CLERK, meeting=meeting, note="Có trình chiếu")
    both.settle()
    assert both.routing.documents.documents[both.document(meeting)]["revision"] == 1


def test_who_is_faster_than_the_news_is_corrected_after(both: Both) -> None:
    """The meeting is moved, but the document is signed and issued before document routing hears of it."""
    meeting = both.ask()
    first = both.document(meeting)
    both.move(meeting, "2026-12-08T14:00")
    both.meetings.fire()
    both.send_up(first)
    both.routing.on_document("sign_document", first, papers.LEADER, signer=papers.SIGNER)
    both.routing.on_document("issue_document", first, papers.CLERK)
    both.settle()
    second = both.routing.documents.documents[both.document(meeting)]
    assert (second["replaces"], second["summary"][:16]) == (first, "Thời gian: 14:00")
    assert both.standing(meeting) == [("issued", "01/GM-UBND"), ("draft", "")]


def test_other_documents_are_nothing_to_meetings(both: Both) -> None:
    meeting = both.ask()
    version = both.meetings.meeting(meeting)["version"]
    both.routing.issued()
    both.settle()
    assert both.meetings.meeting(meeting)["version"] == version


@pytest.mark.parametrize(
    ("operation", "body", "says"),
    [
        ("change_meeting", {"title": "Giao ban quý IV"}, "Giao ban quý IV"),
        ("cancel_session", {"session": "2", "reason": "Nghỉ"}, "tất cả 2 buổi; không họp ngày 14/12/2026"),
        ("move_session", {"session": "2", "starts": "2026-12-15T14:00"}, "buổi 2 lúc 14:00 ngày 15/12/2026"),
    ],
)
def test_it_is_replaced_when_title_or_single_sessions_are_others(
    both: Both, operation: str, body: dict[str, Any], says: str
) -> None:
    meeting = both.ask(rule="FREQ=WEEKLY;COUNT=3")
    both.send_up(both.document(meeting))
    both.issue(both.document(meeting))
    both.meetings.ask(operation, CITY, meeting=meeting, **body)
    both.settle()
    assert [status for status, _ in both.standing(meeting)] == ["issued", "draft"]
    drafted = both.routing.documents.documents[both.document(meeting)]
    assert says in f"{drafted['subject']} {drafted['summary']}"


def test_a_document_of_before_the_title_was_compared_is_not_replaced_for_that(both: Both) -> None:
    meeting = both.ask()
    (row,) = both.meetings.meeting(meeting)["letters"]
    row["told"] = row["told"].partition(" ")[0]
    both.meetings.ask("change_meeting", CITY, meeting=meeting, note="Có tài liệu")
    both.settle()
    assert both.shown(meeting)[0]["outdated"] is False
    assert both.meetings.events(meeting).count("invitation_letter_changed") == 0

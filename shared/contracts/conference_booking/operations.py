"""The offers of conference booking, as the gateway shows them and the service answers them."""

from shared.contracts.conference_booking import history_views, network_requests, network_views
from shared.contracts.conference_booking import requests as r
from shared.contracts.conference_booking import views as v
from shared.contracts.conference_booking.feeds import FEEDS
from shared.contracts.conference_booking.figures import FIGURES
from shared.contracts.conference_booking.incidents import INCIDENT_OPERATIONS
from shared.contracts.conference_booking.letters import LETTERS
from shared.contracts.conference_booking.lines import LINE_OPERATIONS
from shared.contracts.conference_booking.meeting_operations import MEETINGS
from shared.contracts.conference_booking.network_operations import RESOURCES
from shared.contracts.conference_booking.offers import get
from shared.contracts.conference_booking.readiness import READINESS
from shared.contracts.conference_booking.rooms import ROOMS
from shared.contracts.conference_booking.scripts import SCRIPTS
from shared.contracts.conference_booking.technicians import TECHNICIANS
from shared.contracts.conference_booking.training import TRAINING_OPERATIONS
from shared.contracts.operations import Operation
from shared.contracts.values import Page

SERVICE = "conference_booking"


def _history(name: str, path: str, summary: str, summary_vi: str) -> Operation:
    return get(name, path, summary, summary_vi, history_views.ConferenceHistoryEntry, query=Page, paged=True)


QUESTIONS = [
    get(
        "list_networks",
        "/networks",
        "Networks of video conferences and their rules",
        "Các mạng hội nghị truyền hình và quy định đặt lịch",
        network_views.NetworkView,
        query=Page,
        paged=True,
    ),
    get(
        "read_bridge",
        "/networks/{network}/bridge",
        "The bridge of a network",
        "Thiết bị MCU của mạng",
        network_views.BridgeView,
    ),
    get(
        "read_network_day",
        "/networks/{network}/days/{day}",
        "Who holds what on one day",
        "Lịch sử dụng điểm cầu trong ngày",
        network_views.NetworkDay,
    ),
    get(
        "list_endpoints",
        "/endpoints",
        "Endpoints",
        "Danh sách điểm cầu",
        network_views.EndpointView,
        query=network_requests.ListEndpoints,
        paged=True,
    ),
    get("read_endpoint", "/endpoints/{endpoint}", "One endpoint", "Một điểm cầu", network_views.EndpointView),
    _history(
        "read_endpoint_history",
        "/endpoints/{endpoint}/history",
        "An endpoint's append-only history",
        "Lịch sử điểm cầu",
    ),
    get(
        "verify_endpoint_history",
        "/endpoints/{endpoint}/history/verification",
        "Verify an endpoint's history",
        "Kiểm tra tính toàn vẹn lịch sử điểm cầu",
        history_views.ConferenceHistoryVerification,
    ),
    get(
        "list_meetings",
        "/meetings",
        "Meetings that the caller's agency convenes or takes part in",
        "Các cuộc họp cơ quan chủ trì hoặc tham dự",
        v.MeetingRow,
        query=r.ListMeetings,
        paged=True,
    ),
    get("read_meeting", "/meetings/{meeting}", "One meeting", "Một cuộc họp", v.MeetingView),
    get(
        "read_invitations",
        "/meetings/{meeting}/invitations",
        "Who is invited to a meeting, and what they answered",
        "Thư mời họp và trả lời của các điểm cầu, đại biểu",
        v.InvitationsView,
    ),
    _history(
        "read_meeting_history", "/meetings/{meeting}/history", "A meeting's append-only history", "Lịch sử cuộc họp"
    ),
    get(
        "verify_meeting_history",
        "/meetings/{meeting}/history/verification",
        "Verify a meeting's history",
        "Kiểm tra tính toàn vẹn lịch sử cuộc họp",
        history_views.ConferenceHistoryVerification,
    ),
]

OPERATIONS = [
    *QUESTIONS,
    *MEETINGS,
    *RESOURCES,
    *TECHNICIANS,
    *SCRIPTS,
    *READINESS,
    *ROOMS,
    *LETTERS,
    *FIGURES,
    *FEEDS,
    *LINE_OPERATIONS,
    *INCIDENT_OPERATIONS,
    *TRAINING_OPERATIONS,
]

"""Conference booking on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from services.conference_booking.usecases import feeds, invitations, meetings, queries, resources
from services.conference_booking.usecases.door import admit, copy_officer, keep_agency
from services.conference_booking.wiring import Wiring
from shared.contracts.base import ReceivedEvent
from shared.contracts.conference_booking.operations import SERVICE
from shared.contracts.email_provisioning.events import (
    AgencyChanged,
    AgencyClosed,
    AgencyRegistered,
    OfficerAppointed,
    OfficerChanged,
    OfficerLeft,
    OfficerMoved,
)
from shared.messaging.extensions import offering
from shared.messaging.handles import handles

offer = offering(admit)


class ConferenceBooking:
    """What conference booking offers and listens to."""

    name = SERVICE
    context = Wiring()

    list_networks = offer(queries.list_networks)
    read_bridge = offer(queries.read_bridge)
    read_network_day = offer(queries.read_network_day)
    list_endpoints = offer(queries.list_endpoints)
    read_endpoint = offer(queries.read_endpoint)
    read_endpoint_history = offer(queries.read_endpoint_history)
    verify_endpoint_history = offer(queries.verify_endpoint_history)
    list_meetings = offer(queries.list_meetings)
    read_meeting = offer(queries.read_meeting)
    read_meeting_history = offer(queries.read_meeting_history)
    verify_meeting_history = offer(queries.verify_meeting_history)

    read_invitations = offer(invitations.read_invitations)
    read_message = offer(invitations.read_message)
    take_calendar_reply = offer(invitations.take_calendar_reply)

    open_feed = offer(feeds.open_feed)
    list_feeds = offer(feeds.list_feeds)
    close_feed = offer(feeds.close_feed)
    read_calendar = offer(feeds.read_calendar)
    read_free_busy = offer(feeds.read_free_busy)

    request_meeting = offer(meetings.request_meeting)
    find_free_times = offer(meetings.find_free_times)
    change_meeting = offer(meetings.change_meeting)
    answer_meeting_question = offer(meetings.answer_meeting_question)
    cancel_meeting = offer(meetings.cancel_meeting)
    approve_meeting = offer(meetings.approve_meeting)
    reject_meeting = offer(meetings.reject_meeting)
    ask_meeting_information = offer(meetings.ask_meeting_information)
    cancel_session = offer(meetings.cancel_session)
    start_session = offer(meetings.start_session)
    extend_session = offer(meetings.extend_session)
    end_session = offer(meetings.end_session)

    register_endpoint = offer(resources.register_endpoint)
    change_endpoint = offer(resources.change_endpoint)
    report_endpoint = offer(resources.report_endpoint)
    plan_maintenance = offer(resources.plan_maintenance)
    cancel_maintenance = offer(resources.cancel_maintenance)
    change_bridge = offer(resources.change_bridge)

    @handles(AgencyRegistered, AgencyChanged, AgencyClosed)
    def on_agency_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the directory."""
        keep_agency(self.context, event)

    @handles(OfficerAppointed, OfficerMoved, OfficerLeft, OfficerChanged)
    def on_officer_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the officers."""
        copy_officer(self.context, event)

"""Conference booking on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from services.conference_booking.usecases import (
    certificates,
    feeds,
    figures,
    formal_letters,
    incident_papers,
    incidents,
    invitations,
    lines,
    meetings,
    queries,
    readiness,
    resources,
    rooms,
    screens,
    scripts,
    technicians,
    training,
)
from services.conference_booking.usecases.door import admit, copy_officer, keep_agency
from services.conference_booking.wiring import Wiring
from shared.contracts.base import ReceivedEvent
from shared.contracts.conference_booking.operations import SERVICE
from shared.contracts.document_routing.events import (
    DocumentDrafted,
    DocumentIssued,
    DocumentRecalled,
    DocumentReplaced,
    DocumentReturned,
    DocumentRevised,
    DocumentSigned,
    DocumentSubmitted,
)
from shared.contracts.email_provisioning.events import (
    AgencyChanged,
    AgencyClosed,
    AgencyRegistered,
    OfficerAppointed,
    OfficerChanged,
    OfficerLeft,
    OfficerMoved,
)
from shared.messaging.handles import handles
from shared.messaging.rpc import offering

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
    read_screen = offer(screens.read_screen)

    list_courses = offer(training.list_courses)
    register_course = offer(training.register_course)
    change_course = offer(training.change_course)
    list_trainings = offer(training.list_trainings)
    plan_training = offer(training.plan_training)
    read_training = offer(training.read_training)
    read_training_history = offer(training.read_training_history)
    verify_training_history = offer(training.verify_training_history)
    record_attendance = offer(training.record_attendance)
    cancel_training = offer(training.cancel_training)
    list_certificates = offer(training.list_certificates)
    print_certificates = offer(certificates.print_certificates)
    read_untrained = offer(training.read_untrained)

    open_incident = offer(incidents.open_incident)
    list_incidents = offer(incidents.list_incidents)
    read_incident = offer(incidents.read_incident)
    print_incident = offer(incident_papers.print_incident)
    read_incident_history = offer(incidents.read_incident_history)
    verify_incident_history = offer(incidents.verify_incident_history)
    acknowledge_incident = offer(incidents.acknowledge_incident)
    reassess_incident = offer(incidents.reassess_incident)
    switch_to_standby = offer(incidents.switch_to_standby)
    restore_incident = offer(incidents.restore_incident)
    close_incident = offer(incidents.close_incident)
    add_follow_up = offer(incidents.add_follow_up)
    finish_follow_up = offer(incidents.finish_follow_up)

    report_measurements = offer(lines.report_measurements)
    list_lines = offer(lines.list_lines)
    list_measurements = offer(lines.list_measurements)
    read_session_lines = offer(lines.read_session_lines)

    request_meeting = offer(meetings.request_meeting)
    find_free_times = offer(meetings.find_free_times)
    change_meeting = offer(meetings.change_meeting)
    answer_meeting_question = offer(meetings.answer_meeting_question)
    answer_change_question = offer(meetings.answer_change_question)
    cancel_meeting = offer(meetings.cancel_meeting)
    approve_meeting = offer(meetings.approve_meeting)
    reject_meeting = offer(meetings.reject_meeting)
    ask_meeting_information = offer(meetings.ask_meeting_information)
    ask_change_information = offer(meetings.ask_change_information)
    approve_change = offer(meetings.approve_change)
    reject_change = offer(meetings.reject_change)
    move_session = offer(meetings.move_session)
    cancel_session = offer(meetings.cancel_session)
    start_session = offer(meetings.start_session)
    extend_session = offer(meetings.extend_session)
    end_session = offer(meetings.end_session)

    ask_invitation_letter = offer(formal_letters.ask_invitation_letter)

    read_conference_figures = offer(figures.read_conference_figures)
    draw_conference_figures = offer(figures.draw_conference_figures)
    print_conference_report = offer(figures.print_conference_report)

    register_endpoint = offer(resources.register_endpoint)
    change_endpoint = offer(resources.change_endpoint)
    report_endpoint = offer(resources.report_endpoint)
    plan_maintenance = offer(resources.plan_maintenance)
    cancel_maintenance = offer(resources.cancel_maintenance)
    change_bridge = offer(resources.change_bridge)

    read_script = offer(scripts.read_script)
    read_script_release = offer(scripts.read_script_release)
    read_script_history = offer(scripts.read_script_history)
    print_script = offer(scripts.print_script)
    write_script = offer(scripts.write_script)
    copy_script = offer(scripts.copy_script)
    release_script = offer(scripts.release_script)
    read_pointer = offer(scripts.read_pointer)
    move_pointer = offer(scripts.move_pointer)

    read_room = offer(rooms.read_room)
    read_room_history = offer(rooms.read_room_history)
    kick_participant = offer(rooms.kick_participant)

    read_readiness = offer(readiness.read_readiness)
    report_readiness = offer(readiness.report_readiness)
    record_rehearsal = offer(readiness.record_rehearsal)
    conclude_rehearsal = offer(readiness.conclude_rehearsal)

    list_technicians = offer(technicians.list_technicians)
    read_technician = offer(technicians.read_technician)
    read_roster = offer(technicians.read_roster)
    register_technician = offer(technicians.register_technician)
    change_technician = offer(technicians.change_technician)
    plan_absence = offer(technicians.plan_absence)
    cancel_absence = offer(technicians.cancel_absence)

    @handles(
        DocumentDrafted,
        DocumentRevised,
        DocumentSubmitted,
        DocumentReturned,
        DocumentSigned,
        DocumentIssued,
        DocumentReplaced,
        DocumentRecalled,
    )
    def on_document_moved(self, event: ReceivedEvent) -> None:
        """Follow the invitation documents of meetings."""
        formal_letters.note_document(self.context, event)

    @handles(AgencyRegistered, AgencyChanged, AgencyClosed)
    def on_agency_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the directory."""
        keep_agency(self.context, event)

    @handles(OfficerAppointed, OfficerMoved, OfficerLeft, OfficerChanged)
    def on_officer_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the officers."""
        copy_officer(self.context, event)

"""Document routing on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from services.document_routing.usecases import (
    applications,
    arrivals,
    connections,
    documents,
    exchange_evidence,
    exchange_partners,
    exchange_receive,
    exchange_refusals,
    exchange_send,
    exchange_subscriptions,
    meetings,
    questions,
    registers,
)
from services.document_routing.usecases.exchange_reactions import HEARD_IN_EXCHANGE, react_in_exchange
from services.document_routing.usecases.reactions import HEARD, react
from services.document_routing.usecases.staffing import admit, copy_officer, list_handlers
from services.document_routing.wiring import Wiring
from shared.contracts.base import ReceivedEvent
from shared.contracts.conference_booking.letters import (
    InvitationLetterAsked,
    InvitationLetterChanged,
    InvitationLetterWithdrawn,
)
from shared.contracts.document_routing.operations import SERVICE
from shared.contracts.email_provisioning.events import (
    AgencyChanged,
    AgencyClosed,
    AgencyRegistered,
    OfficerAppointed,
    OfficerChanged,
    OfficerLeft,
    OfficerMoved,
)
from shared.contracts.one_stop_shop.events import ApplicationFinished, OpinionRequested
from shared.messaging.handles import handles
from shared.messaging.rpc import offering

offer = offering(admit)


class DocumentRouting:
    """What document routing offers and listens to."""

    name = SERVICE
    context = Wiring()

    create_document = offer(documents.create_document)
    revise_document = offer(documents.revise_document)
    submit_document = offer(documents.submit_document)
    return_document = offer(documents.return_document)
    sign_document = offer(documents.sign_document)
    issue_document = offer(documents.issue_document)
    recall_document = offer(documents.recall_document)
    update_document = offer(documents.update_document)
    list_documents = offer(questions.list_documents)
    count_documents = offer(questions.count_documents)
    get_document = offer(questions.get_document)
    get_document_history = offer(questions.get_document_history)
    verify_document_history = offer(questions.verify_document_history)
    authorise_document_file = offer(questions.authorise_document_file)
    list_document_types = offer(questions.list_document_types)

    enter_arrival = offer(arrivals.enter_arrival)
    register_arrival = offer(arrivals.register_arrival)
    refuse_arrival = offer(arrivals.refuse_arrival)
    assign_arrival = offer(arrivals.assign_arrival)
    work_on_arrival = offer(arrivals.work_on_arrival)
    complete_arrival = offer(arrivals.complete_arrival)
    answer_request = offer(arrivals.answer_request)
    list_arrivals = offer(questions.list_arrivals)
    count_arrivals = offer(questions.count_arrivals)
    list_handlers = offer(list_handlers)
    get_arrival = offer(questions.get_arrival)
    get_arrival_history = offer(questions.get_arrival_history)
    verify_arrival_history = offer(questions.verify_arrival_history)
    authorise_arrival_file = offer(questions.authorise_arrival_file)

    list_outgoing_register = offer(registers.list_outgoing_register)
    list_incoming_register = offer(registers.list_incoming_register)
    verify_register = offer(registers.verify_register)
    print_outgoing_register = offer(registers.print_outgoing_register)
    print_incoming_register = offer(registers.print_incoming_register)
    print_assignment_slip = offer(registers.print_assignment_slip)
    report_documents = offer(registers.report_documents)

    list_connections = offer(connections.list_connections)
    set_connection = offer(connections.set_connection)

    send_message = offer(exchange_send.send_message)
    send_status = offer(exchange_send.send_status)
    list_sent_messages = offer(exchange_receive.list_sent_messages)
    get_sent_message = offer(exchange_receive.get_sent_message)
    list_received_packages = offer(exchange_receive.list_received_packages)
    get_package = offer(exchange_receive.get_package)
    fetch_package = offer(exchange_receive.fetch_package)
    acknowledge_package = offer(exchange_receive.acknowledge_package)
    list_exchange_agencies = offer(exchange_receive.list_exchange_agencies)
    list_refused_messages = offer(exchange_refusals.list_refused_messages)
    list_partners = offer(exchange_partners.list_partners)
    set_partner = offer(exchange_partners.set_partner)
    create_subscription = offer(exchange_subscriptions.create_subscription)
    list_subscriptions = offer(exchange_subscriptions.list_subscriptions)
    get_subscription = offer(exchange_subscriptions.get_subscription)
    pause_subscription = offer(exchange_subscriptions.pause_subscription)
    resume_subscription = offer(exchange_subscriptions.resume_subscription)
    close_subscription = offer(exchange_subscriptions.close_subscription)
    list_webhook_deliveries = offer(exchange_subscriptions.list_webhook_deliveries)
    resend_webhook_delivery = offer(exchange_subscriptions.resend_webhook_delivery)
    list_receipts = offer(exchange_evidence.list_receipts)
    export_evidence = offer(exchange_evidence.export_evidence)
    verify_evidence = offer(exchange_evidence.verify_evidence)

    @handles(OpinionRequested)
    def on_opinion_requested(self, event: ReceivedEvent) -> None:
        """Begin the letter that asks for it."""
        applications.draft_opinion(self.context, event)

    @handles(ApplicationFinished)
    def on_application_finished(self, event: ReceivedEvent) -> None:
        """Number the result."""
        applications.number_result(self.context, event)

    @handles(InvitationLetterAsked)
    def on_invitation_letter_asked(self, event: ReceivedEvent) -> None:
        """Begin the invitation document of a meeting."""
        meetings.draft_invitation(self.context, event)

    @handles(InvitationLetterChanged)
    def on_invitation_letter_changed(self, event: ReceivedEvent) -> None:
        """Let its draft say what is true now."""
        meetings.correct_invitation(self.context, event)

    @handles(InvitationLetterWithdrawn)
    def on_invitation_letter_withdrawn(self, event: ReceivedEvent) -> None:
        """Take it back."""
        meetings.take_back_invitation(self.context, event)

    @handles(AgencyRegistered, AgencyChanged, AgencyClosed)
    def on_agency_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the directory."""
        connections.keep_agency(self.context, event)

    @handles(OfficerAppointed, OfficerMoved, OfficerLeft, OfficerChanged)
    def on_officer_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the officers."""
        copy_officer(self.context, event)

    @handles(*dict.fromkeys((*HEARD, *HEARD_IN_EXCHANGE)))
    def on_own_news(self, event: ReceivedEvent) -> None:
        """Documents arrive, statuses go back, packages go out; every hop is logged."""
        if event.event in HEARD:
            react(self.context, event)
        react_in_exchange(self.context, event)

"""The one-stop shop on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from collections.abc import Sequence

from services.one_stop_shop.usecases import (
    document_news,
    drafts,
    messages,
    payments,
    presence,
    preview,
    publishing,
    queries_agencies,
    queries_applications,
    queries_catalogue,
    queries_files,
    queries_follow,
    queries_reports,
    queries_synchronisation,
)
from services.one_stop_shop.usecases.commands import command
from services.one_stop_shop.usecases.directory_copy import copy_agency
from services.one_stop_shop.usecases.reactions import react_to_applications
from services.one_stop_shop.usecases.staffing import admit, copy_officer, list_assignees
from services.one_stop_shop.usecases.submit import submit_application
from services.one_stop_shop.wiring import Wiring
from shared.contracts.base import ReceivedEvent, events
from shared.contracts.document_routing.events import DocumentIssued, DocumentRegistered
from shared.contracts.email_provisioning.events import (
    AgencyChanged,
    AgencyClosed,
    AgencyRegistered,
    OfficerAppointed,
    OfficerChanged,
    OfficerLeft,
    OfficerMoved,
)
from shared.contracts.one_stop_shop.events import OWNER
from shared.contracts.one_stop_shop.operations import SERVICE
from shared.messaging.handles import handles
from shared.messaging.rpc import offering

offer = offering(admit)


class OneStopShop:
    """What the one-stop shop offers and listens to."""

    name = SERVICE
    context = Wiring()

    submit_application = offer(submit_application)
    receive_application = offer(command("receive"))
    refuse_application = offer(command("refuse"))
    correct_application = offer(command("correct"))
    request_supplement = offer(command("request_supplement"))
    supply_supplement = offer(command("supply_supplement"))
    request_payment = offer(command("request_payment"))
    record_payment = offer(command("record_payment"))
    exempt_payment = offer(command("exempt_payment"))
    accept_exemption = offer(command("accept_exemption"))
    reject_exemption = offer(command("reject_exemption"))
    refund_payment = offer(command("refund_payment"))
    hand_over = offer(command("hand_over"))
    complete_step = offer(command("complete_step"))
    request_opinion = offer(command("request_opinion"))
    claim_application = offer(command("claim"))
    release_application = offer(command("release"))
    assign_application = offer(command("assign"))
    extend_application = offer(command("extend"))
    stop_application = offer(command("stop"))
    resume_application = offer(command("resume"))
    request_withdrawal = offer(command("request_withdrawal"))
    decide_withdrawal = offer(command("decide_withdrawal"))
    finish_application = offer(command("finish"))
    recall_result = offer(command("recall_result"))
    send_by_post = offer(command("send_by_post"))
    record_post_event = offer(command("record_post_event"))
    return_result = offer(command("return_result"))
    rate_application = offer(command("rate"))
    link_application = offer(command("link"))
    unlink_application = offer(command("unlink"))
    record_synchronisation = offer(command("record_synchronisation"))

    start_payment = offer(payments.start_payment)
    record_payment_notice = offer(payments.record_payment_notice)

    create_draft = offer(drafts.create_draft)
    list_drafts = offer(drafts.list_drafts)
    get_draft = offer(drafts.get_draft)
    save_draft = offer(drafts.save_draft)
    delete_draft = offer(drafts.delete_draft)
    submit_draft = offer(drafts.submit_draft)

    list_applications = offer(queries_applications.list_applications)
    count_applications = offer(queries_applications.count_applications)
    list_assignees = offer(list_assignees)
    get_application = offer(queries_applications.get_application)
    note_presence = offer(presence.note_presence)
    get_history = offer(queries_applications.get_history)
    verify_history = offer(queries_applications.verify_history)
    authorise_attachment = offer(queries_files.authorise_attachment)
    authorise_result = offer(queries_files.authorise_result)
    authorise_proof = offer(queries_files.authorise_proof)
    preview_form = offer(preview.preview_form)
    print_form = offer(queries_files.print_form)
    follow_application = offer(queries_follow.follow_application)
    list_notices = offer(queries_follow.list_notices)
    read_message = offer(messages.read_message)
    list_changes = offer(queries_synchronisation.list_changes)

    list_procedures = offer(queries_catalogue.list_procedures)
    list_topics = offer(queries_catalogue.list_topics)
    get_procedure = offer(queries_catalogue.get_procedure)
    list_procedure_versions = offer(queries_catalogue.list_procedure_versions)
    preview_procedure = offer(queries_catalogue.preview_procedure)
    publish_procedure = offer(publishing.publish_procedure)
    close_procedure = offer(publishing.close_procedure)
    list_agencies = offer(queries_agencies.list_agencies)
    get_calendar = offer(queries_agencies.get_calendar)
    set_calendar = offer(queries_agencies.set_calendar)

    report_indicators = offer(queries_reports.report_indicators)
    report_06a = offer(queries_reports.report_06a)
    list_register = offer(queries_reports.list_register)
    print_register = offer(queries_reports.print_register)

    @handles(AgencyRegistered, AgencyChanged, AgencyClosed)
    def on_agency_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the directory."""
        copy_agency(self.context, event)

    @handles(OfficerAppointed, OfficerMoved, OfficerLeft, OfficerChanged)
    def on_officer_announced(self, event: ReceivedEvent) -> None:
        """Keep the copy of the officers."""
        copy_officer(self.context, event)

    @handles(DocumentIssued)
    def on_document_issued(self, event: ReceivedEvent) -> None:
        """Note the letter that asks for an opinion, or the number of a result."""
        document_news.note_document(self.context, event)

    @handles(DocumentRegistered)
    def on_document_registered(self, event: ReceivedEvent) -> None:
        """Take the answer of another agency to the application that waits for it."""
        document_news.note_reply(self.context, event)

    @handles(*(event for event in events(OWNER) if event.aggregate == "application"), together=True)
    def on_applications_changed(self, happened: Sequence[ReceivedEvent]) -> None:
        """Tell the applicants, and the bundles that the applications are part of."""
        react_to_applications(self.context, happened)

"""The directory on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from services.email_provisioning.usecases import agencies, imports, officers, queries, reactions
from services.email_provisioning.wiring import Wiring
from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.events import AgencyChanged, AgencyClosed
from shared.contracts.email_provisioning.operations import SERVICE
from shared.messaging.extensions import offer
from shared.messaging.handles import handles


class EmailProvisioning:
    """What the directory offers and listens to."""

    name = SERVICE
    context = Wiring()

    find_agencies = offer(queries.find_agencies)
    read_agency = offer(queries.read_agency)
    resolve_agency = offer(queries.resolve_agency)
    read_agency_history = offer(queries.read_agency_history)
    verify_agency_history = offer(queries.verify_agency_history)
    register_agency = offer(agencies.register_agency)
    change_agency = offer(agencies.change_agency)
    close_agency = offer(agencies.close_agency)
    open_unit = offer(agencies.open_unit)
    change_unit = offer(agencies.change_unit)

    find_officers = offer(queries.find_officers)
    read_officer = offer(queries.read_officer)
    read_officer_history = offer(queries.read_officer_history)
    verify_officer_history = offer(queries.verify_officer_history)
    appoint_officer = offer(officers.appoint_officer)
    give_post = offer(officers.give_post)
    move_officer = offer(officers.move_officer)
    end_post = offer(officers.end_post)
    record_leaving = offer(officers.record_leaving)
    change_officer = offer(officers.change_officer)

    start_import = offer(imports.start_import)
    list_imports = offer(imports.list_imports)
    read_import = offer(imports.read_import)
    list_import_rows = offer(imports.list_import_rows)

    @handles(AgencyClosed)
    def on_agency_closed(self, event: ReceivedEvent) -> None:
        """Take the officers to the successor."""
        reactions.follow_closed_agency(self.context, event)

    @handles(AgencyChanged)
    def on_agency_changed(self, event: ReceivedEvent) -> None:
        """Let the officers move with their agency."""
        reactions.place_officers_anew(self.context, event)

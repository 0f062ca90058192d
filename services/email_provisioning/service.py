"""The directory on the bus: one line per offer, named as in the contract, and one for what it listens to."""

from collections.abc import Sequence

from services.email_provisioning.usecases import agencies, imports, messages, officers, queries, reactions
from services.email_provisioning.usecases.door import admit
from services.email_provisioning.usecases.mail import commands as mail
from services.email_provisioning.usecases.mail import domains as mail_domains
from services.email_provisioning.usecases.mail import following
from services.email_provisioning.usecases.mail import hosts as mail_hosts
from services.email_provisioning.usecases.mail import queries as mail_queries
from services.email_provisioning.usecases.mail import requests as mail_requests
from services.email_provisioning.usecases.mail import secrets as mail_secrets
from services.email_provisioning.usecases.mail import use as mail_use
from services.email_provisioning.usecases.scim import serve, wishes
from services.email_provisioning.wiring import Wiring
from shared.contracts.base import ReceivedEvent, events
from shared.contracts.conference_booking.invitations import MessageRequested as InvitationRequested
from shared.contracts.email_provisioning.events import OWNER, AgencyChanged, AgencyClosed
from shared.contracts.email_provisioning.operations import SERVICE
from shared.contracts.one_stop_shop.messages import MessageRequested
from shared.messaging.handles import handles
from shared.messaging.rpc import offering

offer = offering(admit)


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

    find_mailboxes = offer(mail_queries.find_mailboxes)
    read_mailbox = offer(mail_queries.read_mailbox)
    read_mailbox_history = offer(mail_queries.read_mailbox_history)
    verify_mailbox_history = offer(mail_queries.verify_mailbox_history)
    suggest_addresses = offer(mail_queries.suggest_addresses)
    read_mail_pool = offer(mail_queries.read_mail_pool)
    list_own_mailboxes = offer(mail_queries.list_own_mailboxes)
    report_mail_use = offer(mail_use.report_mail_use)
    print_mail_use = offer(mail_use.print_mail_use)
    find_unused_mailboxes = offer(mail_use.find_unused_mailboxes)
    find_full_mailboxes = offer(mail_use.find_full_mailboxes)
    request_mailbox = offer(mail_requests.request_mailbox)
    approve_mailbox = offer(mail.approve_mailbox)
    refuse_mailbox = offer(mail.refuse_mailbox)
    suspend_mailbox = offer(mail.suspend_mailbox)
    restore_mailbox = offer(mail.restore_mailbox)
    schedule_revocation = offer(mail.schedule_revocation)
    cancel_revocation = offer(mail.cancel_revocation)
    revoke_mailbox = offer(mail.revoke_mailbox)
    reinstate_mailbox = offer(mail.reinstate_mailbox)
    purge_mailbox = offer(mail.purge_mailbox)
    hold_mailbox = offer(mail.hold_mailbox)
    release_hold = offer(mail.release_hold)
    rename_mailbox = offer(mail.rename_mailbox)
    transfer_mailbox = offer(mail.transfer_mailbox)
    hand_over_mailbox = offer(mail.hand_over_mailbox)
    change_quota = offer(mail.change_quota)
    add_alias = offer(mail.add_alias)
    remove_alias = offer(mail.remove_alias)
    change_group = offer(mail.change_group)
    issue_password_link = offer(mail_secrets.issue_password_link)
    set_password = offer(mail_secrets.set_password)
    make_app_password = offer(mail_secrets.make_app_password)
    list_app_passwords = offer(mail_secrets.list_app_passwords)
    revoke_app_password = offer(mail_secrets.revoke_app_password)

    find_messages = offer(messages.find_messages)
    resend_message = offer(messages.resend_message)

    list_mail_domains = offer(mail_domains.list_mail_domains)
    check_mail_domain = offer(mail_domains.check_mail_domain)
    list_mail_hosts = offer(mail_hosts.list_mail_hosts)
    read_mail_instructions = offer(mail_hosts.read_mail_instructions)
    list_mail_instructions = offer(mail_hosts.list_mail_instructions)
    report_mail_applied = offer(mail_hosts.report_mail_applied)
    report_mail_usage = offer(mail_hosts.report_mail_usage)
    report_mail_drift = offer(mail_hosts.report_mail_drift)

    serve_scim = offer(serve.serve_scim)

    @handles(AgencyClosed)
    def on_agency_closed(self, event: ReceivedEvent) -> None:
        """Take the officers to the successor, and the mailboxes of its units."""
        reactions.follow_closed_agency(self.context, event)
        following.mark_agencies(self.context, event)

    @handles(AgencyChanged)
    def on_agency_changed(self, event: ReceivedEvent) -> None:
        """Let the officers and mailboxes move with their agency."""
        reactions.place_officers_anew(self.context, event)
        following.mark_agencies(self.context, event)

    @handles(*(event for event in events(OWNER) if event.aggregate == "officer"), together=True)
    def on_officers_changed(self, happened: Sequence[ReceivedEvent]) -> None:
        """Let their mailboxes follow."""
        following.mark_officers(self.context, happened)
        wishes.mark_officers(self.context, happened)

    @handles(*(event for event in events(OWNER) if event.aggregate == "mailbox"), together=True)
    def on_mailboxes_changed(self, happened: Sequence[ReceivedEvent]) -> None:
        """Let groups lead to them, and their owners write as them."""
        following.mark_mailboxes(self.context, happened)
        wishes.mark_mailboxes(self.context, happened)

    @handles(MessageRequested, InvitationRequested)
    def on_message_requested(self, event: ReceivedEvent) -> None:
        """Keep that somebody wants a message sent."""
        messages.request_message(self.context, event)

"""Puts the directory together: which adapter stands behind which port."""

import hashlib
import hmac
from functools import partial
from typing import Any

from services.email_provisioning.adapters import mail_secrets
from services.email_provisioning.adapters.agencies import MongoAgencies
from services.email_provisioning.adapters.imports import MongoImports
from services.email_provisioning.adapters.letters import LetterWriter
from services.email_provisioning.adapters.mail_hosts import MongoFollowUps, MongoMailHosts
from services.email_provisioning.adapters.mail_rules import read_mail_rules
from services.email_provisioning.adapters.mail_use import MongoMailUse
from services.email_provisioning.adapters.mail_use_sheet import mail_use_sheet
from services.email_provisioning.adapters.mailboxes import MongoMailboxes
from services.email_provisioning.adapters.messages import MongoMessages
from services.email_provisioning.adapters.name_servers import NameServers, key_bits
from services.email_provisioning.adapters.officers import MongoOfficers
from services.email_provisioning.adapters.returned_mail import COLLECTION as RETURNED_MAIL
from services.email_provisioning.adapters.returned_mail import ReturnedMailbox
from services.email_provisioning.adapters.scim.door import MongoScimDoor
from services.email_provisioning.adapters.scim.resources import COLLECTION as SCIM_RESOURCES
from services.email_provisioning.adapters.scim.resources import MongoScimResources
from services.email_provisioning.adapters.scim.schemas import provider
from services.email_provisioning.adapters.stored_files import StoredFiles
from services.email_provisioning.adapters.submission import Submission
from services.email_provisioning.adapters.tables import read_table
from services.email_provisioning.domain.finding import agency_keys
from services.email_provisioning.domain.mail.failed_letters import WITHOUT_SERVER
from services.email_provisioning.ports_mail import Answered, BringAnswer, Courier, Names, Secrets
from services.email_provisioning.ports_scim import Scim
from services.email_provisioning.usecases.context import Context, Mail
from services.email_provisioning.usecases.imports import fire_import
from services.email_provisioning.usecases.mail.due import fire_due_mailbox
from services.email_provisioning.usecases.mail.following import fire_follow_up
from services.email_provisioning.usecases.messages import fire_message, fire_returned
from services.email_provisioning.usecases.reactions import fire_due_officer
from services.email_provisioning.usecases.scim.wishes import fire_due_wish
from shared.contracts.conference_booking.operations import SERVICE as CONFERENCES
from shared.contracts.email_provisioning.operations import SERVICE
from shared.contracts.loading import load
from shared.contracts.messages import MAILER, OutgoingMessage
from shared.contracts.principal import Principal
from shared.file_bucket import MongoBucket
from shared.files import FileStore
from shared.messaging.asking import Asker
from shared.messaging.composition import Composition, Platform
from shared.observability import logger
from shared.persistence import database
from shared.wall_clock import current_moment

log = logger(__name__)

_WE = Principal(MAILER, SERVICE, frozenset()).to_dict()


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        store, settings = platform.database, platform.settings
        files = FileStore(
            MongoBucket(database(platform.client, settings, "files")), allowed=settings.allowed_file_types
        )
        speaks = provider(most_bytes=settings.max_body_bytes)
        secret = hmac.digest((settings.issuer_key or settings.amqp_uri).encode(), b"scim cursor", hashlib.sha256)
        context = Context(
            now=current_moment,
            agencies=MongoAgencies(store, platform.announces("agency", store["agencies"]), agency_keys),
            officers=MongoOfficers(store, platform.announces("officer", store["officers"])),
            imports=MongoImports(store),
            files=StoredFiles(files),
            read_table=partial(platform.blocking, read_table),
            mail=Mail(
                rules=read_mail_rules(settings.mail_rules),
                mailboxes=MongoMailboxes(store, platform.announces("mailbox", store["mailboxes"])),
                hosts=MongoMailHosts(store),
                use=MongoMailUse(store),
                followups=MongoFollowUps(store),
                secrets=Secrets(
                    hash_password=partial(platform.blocking, mail_secrets.hash_password),
                    hash_app_password=partial(platform.blocking, mail_secrets.hash_app_password),
                    matches=partial(platform.blocking, mail_secrets.matches),
                    token=mail_secrets.new_token,
                    app_password=mail_secrets.new_app_password,
                ),
                messages=MongoMessages(store, platform.announces("message", store["messages"])),
                use_sheet=partial(platform.blocking, mail_use_sheet),
                names=Names(NameServers(settings.name_servers).asking, key_bits),
            ),
            scim=Scim(
                door=MongoScimDoor(store, speaks, secret),
                resources=MongoScimResources(store, speaks),
                policy=settings.scim_mailboxes,
            ),
        )
        platform.fires_due_work(store["officers"], partial(fire_due_officer, context))
        platform.fires_due_work(store["imports"], partial(fire_import, context))
        platform.fires_due_work(store["mailboxes"], partial(fire_due_mailbox, context))
        # Apart, because an import would wait behind all the mailboxes that follow from the one before.
        platform.fires_due_work(store["mail_followups"], partial(fire_follow_up, context), apart=True)
        platform.fires_due_work(store[SCIM_RESOURCES], partial(fire_due_wish, context))
        asker = Asker(settings.amqp_uri, name=f"{SERVICE} messages")
        courier = _courier(platform, context, asker)
        platform.fires_due_work(store["messages"], partial(fire_message, context, courier), apart=True)
        if settings.returned_host:
            returned = partial(fire_returned, context, ReturnedMailbox(settings).take, _bringer(platform, asker))
            platform.fires_due_work(store[RETURNED_MAIL], returned, apart=True)
        return context


def _courier(platform: Platform, context: Context, asker: Asker) -> Courier:
    """Asks whoever wanted a message for its words, and submits it."""
    settings = platform.settings
    if not settings.smtp_host:
        log.warning("messages_not_delivered", reason=WITHOUT_SERVER)

    def ask(service: str, message: str) -> dict[str, Any]:
        answer = asker.ask(service, "read_message", {"message": message}, _WE, settings.rpc_timeout_seconds)
        return load(OutgoingMessage, answer)

    writer = LetterWriter(
        sender=settings.smtp_sender, site=settings.public_url, most=settings.smtp_max_bytes, read=context.files.read
    )
    return Courier(ask, Submission(settings, writer.write).send)


def _bringer(platform: Platform, asker: Asker) -> BringAnswer:
    """Brings answers to the one service that invites."""

    def bring(answered: Answered) -> None:
        reply = {"sender": answered.sender, "text": answered.text}
        asker.ask(CONFERENCES, "take_calendar_reply", reply, _WE, platform.settings.rpc_timeout_seconds)

    return bring

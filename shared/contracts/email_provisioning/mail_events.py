"""What is announced of mailboxes. Each event carries the whole public state after the change, and no secret.

For a mail host an event is only the bell: it asks the service what is to be done now, so that nothing secret ever
lies in a queue and an old message can do no harm. The subject is the mailbox's id; `generation` counts what hosts
have to do something about.
"""

from marshmallow import fields

from shared.contracts.base import Event, Payload
from shared.contracts.email_provisioning.events import OWNER


class AliasPayload(Payload):
    """A further address and the last day on which it leads to the mailbox."""

    address = fields.String(required=True)
    until = fields.Date(required=True)


class MailboxPayload(Payload):
    """A mailbox as it stands after the change; `quota` in MiB, `owner` the directory's id of who answers for it.

    `hosts` are its mail hosts, the home first. `suspension` says what becomes of mail: receive, bounce, hold.
    `revoke_on` is the day for which its revocation is scheduled, `revoked_on` the day on which it was revoked.
    """

    kind = fields.String(required=True)
    state = fields.String(required=True)
    address = fields.String(required=True)
    name = fields.String(load_default="")
    aliases = fields.List(fields.Nested(AliasPayload), required=True)
    owner = fields.String(load_default=None, allow_none=True)
    agency = fields.String(required=True)
    unit = fields.String(load_default=None, allow_none=True)
    quota = fields.Integer(required=True)
    suspension = fields.String(load_default=None, allow_none=True)
    revoke_on = fields.Date(load_default=None, allow_none=True)
    revoked_on = fields.Date(load_default=None, allow_none=True)
    hosts = fields.List(fields.String(), required=True)
    generation = fields.Integer(required=True)


class MailboxEvent(Event):
    """A fact about a mailbox."""

    owner, aggregate, payload = OWNER, "mailbox", MailboxPayload
    personal, public = ("address", "aliases", "name"), True


class MailboxRequested(MailboxEvent):
    """A mailbox was asked for and waits for approval; its address is nobody else's from now on."""

    name = "mailbox_requested"


class MailboxApproved(MailboxEvent):
    """A mailbox was approved: its hosts should have it."""

    name = "mailbox_approved"


class MailboxRefused(MailboxEvent):
    """A mailbox will not be; its address is free."""

    name = "mailbox_refused"


class MailboxProvisioned(MailboxEvent):
    """A mailbox is there, as its home host says; its owner may sign in."""

    name = "mailbox_provisioned"


class MailboxChanged(MailboxEvent):
    """Something else about a mailbox is otherwise: addresses, agency, owner, quota, what may be signed in with."""

    name = "mailbox_changed"


class MailboxSuspended(MailboxEvent):
    """Nobody may sign in; `suspension` says what becomes of mail."""

    name = "mailbox_suspended"


class MailboxRestored(MailboxEvent):
    """A suspended mailbox may be used again."""

    name = "mailbox_restored"


class MailboxRevocationScheduled(MailboxEvent):
    """A mailbox will be revoked on a day."""

    name = "mailbox_revocation_scheduled"


class MailboxRevoked(MailboxEvent):
    """A mailbox is no more, but for its archive."""

    name = "mailbox_revoked"


class MailboxReinstated(MailboxEvent):
    """A revoked mailbox comes back with its mail."""

    name = "mailbox_reinstated"


class MailboxPurged(MailboxEvent):
    """The archive of a mailbox is destroyed."""

    name = "mailbox_purged"

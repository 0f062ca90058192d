"""What becomes due on a day: aliases end, scheduled revocations happen, archives are destroyed, addresses are free."""

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.settling import due_actions, settle
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.changes import change_by_itself
from shared.errors import Stale

_GROUNDS = {
    "revoke": "Đến ngày thu hồi",
    "end_aliases": "Hết hạn bí danh",
    "purge": "Hết thời hạn lưu trữ",
}


def fire_due_mailbox(context: Context, identifier: str) -> None:
    """Do all that is due with a mailbox, each as a change of its own.

    Raises:
        Stale: somebody changed it at this moment; the lease looks again.
    """
    loaded = context.mail.mailboxes.find(identifier)
    if loaded is None:
        return
    mailbox, rules, today = loaded.document, context.mail.rules, context.today_as_date()
    while (action := next(due_actions(mailbox, rules, today), None)) is not None:
        mailbox = change_by_itself(context, mailbox, action, {}, CLOCKWORK, _GROUNDS[action])
    derived = settle(mailbox, mailbox["within"], rules, today)
    if not context.mail.mailboxes.derive(identifier, mailbox["version"], derived):
        raise Stale("version_stale")

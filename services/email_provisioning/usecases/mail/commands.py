"""Commands on one mailbox, one for each row of the table: the request is checked, completed, decided on and stored."""

from collections.abc import Callable, Mapping
from typing import Any

from services.email_provisioning.domain.access import check_open
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.mail.addresses import check_chosen
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.mail.changes import change
from services.email_provisioning.usecases.mail.loading import load_mail_agency, load_mailbox
from services.email_provisioning.usecases.mail.requests import known_members, serving_officer
from shared.commands import Loaded, attempts, check_version, command_of, repeated_answer
from shared.contracts.email_provisioning.mail_operations import MAIL_OPERATIONS
from shared.contracts.principal import Principal
from shared.errors import Conflict, Stale
from shared.history import Command
from shared.requests import read_request

Body = dict[str, Any]
UseCase = Callable[[Context, dict[str, Any], Principal], dict[str, Any]]
Try = Callable[[Document], dict[str, Any] | None]
Complete = Callable[[Context, Document, Body, Actor], Body]

_BODIES = {operation.name: operation.body for operation in MAIL_OPERATIONS if operation.body}


def command(action: str, operation: str = "") -> UseCase:
    """The use case of one row of the table; its operation is named as the action unless said otherwise."""
    schema = _BODIES[operation or action]

    def carry_out(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
        actor, command = actor_of(principal), command_of(request)
        body = read_request(schema, request, path=("mailbox",))
        reason = body.pop("reason", "")

        def attempt(mailbox: Document) -> dict[str, Any] | None:
            complete = _COMPLETE.get(action)
            completed = complete(context, mailbox, body, actor) if complete else body
            said = completed | {"reason": reason}
            return change(context, mailbox, action, said, actor, reason=reason, command=command)

        return repeat(
            lambda: load_mailbox(context, request["mailbox"], actor, command["key"]), request, command, attempt
        )

    return carry_out


def repeat(load: Callable[[], Loaded], request: dict[str, Any], command: Command, attempt: Try) -> dict[str, Any]:
    """Try until nobody is faster; a repeated key gets the first answer, a version that was seen is insisted on.

    Raises:
        Stale: others changed the mailbox.
    """
    for _ in attempts(request):
        loaded = load()
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        check_version(loaded.document, request)
        answered = attempt(loaded.document)
        if answered is not None:
            return answered
    raise Stale("version_stale")


def _choose_address(context: Context, mailbox: Document, body: Body, _: Actor) -> Body:
    """The address must be of the agency's domains, and be known to the host that keeps the mail."""
    rules = context.mail.rules
    check_chosen(body["address"], rules.domains_for(mailbox["within"]))
    if rules.hosts_of(body["address"])[:1] != rules.hosts_of(mailbox["address"])[:1]:
        raise Conflict("mailbox_on_other_host", address=body["address"])
    return body


def _choose_agency(context: Context, mailbox: Document, body: Body, actor: Actor) -> Body:
    """The new agency must be open, and be the actor's own or below it."""
    agency = load_mail_agency(context, body["agency"], actor)
    check_open(agency, context.today())
    if agency["code"] == mailbox["agency"]:
        raise Conflict("mailbox_there_already", agency=agency["code"])
    return body | {"agency": agency["code"]}


def _choose_owner(context: Context, mailbox: Document, body: Body, actor: Actor) -> Body:
    serving_officer(context, body["owner"], actor, "owner")
    if body["owner"] == mailbox["owner"]:
        raise Conflict("mailbox_owner_same")
    return body


def _choose_members(context: Context, _: Document, body: Body, __: Actor) -> Body:
    return body | {"members": known_members(context, body.get("members"))}


_COMPLETE: Mapping[str, Complete] = {
    "rename": _choose_address,
    "add_alias": _choose_address,
    "transfer": _choose_agency,
    "hand_over": _choose_owner,
    "change_group": _choose_members,
}

approve_mailbox = command("approve", "approve_mailbox")
refuse_mailbox = command("refuse", "refuse_mailbox")
suspend_mailbox = command("suspend", "suspend_mailbox")
restore_mailbox = command("restore", "restore_mailbox")
schedule_revocation = command("schedule_revocation")
cancel_revocation = command("cancel_revocation")
revoke_mailbox = command("revoke", "revoke_mailbox")
reinstate_mailbox = command("reinstate", "reinstate_mailbox")
purge_mailbox = command("purge", "purge_mailbox")
hold_mailbox = command("hold", "hold_mailbox")
release_hold = command("release_hold")
rename_mailbox = command("rename", "rename_mailbox")
transfer_mailbox = command("transfer", "transfer_mailbox")
hand_over_mailbox = command("hand_over", "hand_over_mailbox")
change_quota = command("change_quota")
add_alias = command("add_alias")
remove_alias = command("remove_alias")
change_group = command("change_group")

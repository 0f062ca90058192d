"""What a mail host asks and reports, on the bus only: none of it is a route of the gateway.

A host calls as `mail-host:<its name>` and for itself only. It is told what to do now, never what has changed: asked
again, the answer is the newest, so that nothing is lost by a lost event and nothing old prevails.
"""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Request, View
from shared.contracts.email_provisioning.mail_values import HOST
from shared.contracts.operations import Operation
from shared.contracts.shapes import Shape
from shared.contracts.values import moment

MOST = 500
"""Mailboxes in one question or report."""

MOST_DRIFT = 100
"""Mailboxes that are named in a report of drift; the counts beside them tell the rest."""

_ID = r"^[0-9a-f]{32}$"


def host_subject(host: str) -> str:
    """The subject of the principal as which a host calls."""
    return f"mail-host:{host}"


def agent_queue(host: str) -> str:
    """The queue in which a host hears which mailboxes changed."""
    return f"mail_agent.{host}"


def _host() -> fields.String:
    return fields.String(required=True, validate=Shape(HOST, "mail-1"))


def _mailbox() -> fields.String:
    return fields.String(required=True, validate=Shape(_ID))


def _whole(*, required: bool = True, **options: Any) -> fields.Integer:
    return fields.Integer(required=required, strict=True, validate=validate.Range(min=0), **options)


def _ids(most: int, *, required: bool = False, **options: Any) -> "fields.List[Any]":
    return fields.List(_mailbox(), required=required, validate=validate.Length(max=most), **options)


def _rows(row: type[Request]) -> "fields.List[Any]":
    return fields.List(fields.Nested(row), required=True, validate=validate.Length(max=MOST))


class ReadMailInstructions(Request):
    """Which mailboxes the host wants to know about."""

    host = _host()
    mailboxes = _ids(MOST, required=True)


class ListMailInstructions(Request):
    """A page of all mailboxes that the host has to know, in order of their ids."""

    host = _host()
    after = fields.String(load_default="")
    limit = fields.Integer(load_default=MOST, strict=True, validate=validate.Range(1, MOST))


class MailApplied(Request):
    """What a host did about one mailbox: the generation that holds there now, or why the newer one could not be."""

    mailbox = _mailbox()
    generation = _whole()
    error = fields.String(load_default="", validate=validate.Length(max=500))


class ReportMailApplied(Request):
    """What a host did."""

    host = _host()
    reports = _rows(MailApplied)


class MailUsageRow(Request):
    """How full a mailbox is and when it was last used; no subject, sender or receiver."""

    mailbox = _mailbox()
    bytes = _whole(required=False, allow_none=True, load_default=None)
    messages = _whole(required=False, allow_none=True, load_default=None)
    last_login = moment(allow_none=True, load_default=None)
    last_sent = moment(allow_none=True, load_default=None)


class ReportMailUsage(Request):
    """How mailboxes are used."""

    host = _host()
    rows = _rows(MailUsageRow)


class ReportMailDrift(Request):
    """What a host has that it should not, lacks that it should have, or has of an older generation."""

    host = _host()
    missing = _ids(MOST_DRIFT, load_default=list)
    surplus = _ids(MOST_DRIFT, load_default=list)
    stale = _ids(MOST_DRIFT, load_default=list)
    missing_count = _whole(required=False, load_default=None, allow_none=True)
    surplus_count = _whole(required=False, load_default=None, allow_none=True)
    stale_count = _whole(required=False, load_default=None, allow_none=True)
    checked = _whole()
    at = moment(required=True)


class AppPasswordHash(View):
    """An app password that works: its id, with which it begins, and the hash of the whole with the scheme in front."""

    id = fields.String()
    hash = fields.String()


class MailInstruction(View):
    """What a host should do with one mailbox now.

    `delivery` is accept, reject or defer. `quota` is in MiB. `secrets` counts how often what people sign in with was
    made void; when it rises, open sessions end. `senders` are the addresses that may be used as sender. `forwards`
    are where a group leads, `posters` who may write to it (null: anybody). With `archive` the mail is kept apart,
    with `purge` it is destroyed.
    """

    mailbox = fields.String()
    generation = fields.Integer()
    kind = fields.String()
    state = fields.String()
    domain = fields.String()
    exists = fields.Boolean()
    login = fields.Boolean()
    delivery = fields.String()
    addresses = fields.List(fields.String())
    quota = fields.Integer()
    secrets = fields.Integer()
    password = fields.String()
    app_passwords = fields.List(fields.Nested(AppPasswordHash))
    senders = fields.List(fields.String())
    forwards = fields.List(fields.String())
    posters = fields.List(fields.String(), allow_none=True)
    archive = fields.Boolean()
    purge = fields.Boolean()


class MailInstructions(View):
    """Instructions in the order in which they were asked for."""

    items = fields.List(fields.Nested(MailInstruction))


def _internal(name: str, summary: str, summary_vi: str, body: type[Request], view: type[View] | None) -> Operation:
    return Operation(name, "", "", summary, summary_vi, body=body, view=view, tag="mail_host")


OPERATIONS = [
    _internal(
        "read_mail_instructions",
        "What to do with some mailboxes",
        "Chỉ thị cho một số hộp thư",
        ReadMailInstructions,
        MailInstructions,
    ),
    _internal(
        "list_mail_instructions",
        "Which mailboxes a host has to know",
        "Danh sách hộp thư của máy chủ",
        ListMailInstructions,
        None,
    ),
    _internal("report_mail_applied", "What a host did", "Máy chủ báo kết quả", ReportMailApplied, None),
    _internal("report_mail_usage", "How mailboxes are used", "Máy chủ báo mức sử dụng", ReportMailUsage, None),
    _internal("report_mail_drift", "How a host differs", "Máy chủ báo sai lệch", ReportMailDrift, None),
]

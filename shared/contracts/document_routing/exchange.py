"""The exchange's offers to agency systems: send, receive, acknowledge, be told, and prove it all (D 3.3)."""

from typing import Any

from shared.contracts.base import View
from shared.contracts.document_routing import exchange_requests as r
from shared.contracts.document_routing import exchange_views as v
from shared.contracts.document_routing.offers import CONNECT, READ
from shared.contracts.operations import FileTicket, Operation

USE = "exchange:use"
_FILE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TAG = "exchange"


def _get(name: str, path: str, said: str, vi: str, view: type[View], **rest: Any) -> Operation:
    given: dict[str, Any] = {"scope": USE, "tag": TAG} | rest
    return Operation(name, "GET", path, said, vi, view=view, **given)


def _list(name: str, path: str, said: str, vi: str, view: type[View], **rest: Any) -> Operation:
    return _get(name, path, said, vi, view, **({"query": r.ExchangePage, "paged": True} | rest))


def _post(name: str, path: str, said: str, vi: str, view: type[View], **rest: Any) -> Operation:
    given: dict[str, Any] = {"scope": USE, "tag": TAG} | rest
    return Operation(name, "POST", path, said, vi, view=view, **given)


MESSAGES = [
    _post(
        "send_message",
        "/exchange/messages",
        "Send an edXML message",
        "Gửi thông điệp edXML",
        v.MessageReceipt,
        body=r.SendMessage,
        status=201,
        example={"file": _FILE},
    ),
    _post(
        "send_status",
        "/exchange/statuses",
        "Send a business status",
        "Gửi trạng thái xử lý văn bản",
        v.MessageReceipt,
        body=r.SendStatus,
        status=201,
        example={"exchange_id": "H13.30.01,2026/11/20,15/UBND-VP", "status": "03"},
    ),
    _list("list_sent_messages", "/exchange/messages", "Messages sent", "Thông điệp đã gửi", v.MessageView),
    _get("get_sent_message", "/exchange/messages/{message}", "A message sent", "Xem thông điệp đã gửi", v.MessageView),
]

REFUSALS = [
    _list(
        "list_refused_messages",
        "/exchange/refusals",
        "Messages that were refused, and why",
        "Thông điệp bị từ chối và lý do",
        v.RefusedMessage,
        query=r.ListRefusals,
    ),
]

PACKAGES = [
    _list(
        "list_received_packages",
        "/exchange/packages",
        "Packages for the agency",
        "Gói tin gửi đến cơ quan",
        v.PackageView,
        query=r.ListPackages,
    ),
    _get("get_package", "/exchange/packages/{package}", "One package", "Xem gói tin", v.PackageView),
    _get(
        "fetch_package",
        "/exchange/packages/{package}/content",
        "Fetch its edXML file",
        "Tải tệp edXML của gói tin",
        FileTicket,
    ),
    _post(
        "acknowledge_package",
        "/exchange/packages/{package}/acknowledge",
        "Say that it is stored, or cannot be",
        "Xác nhận đã nhận gói tin",
        v.PackageReceipt,
        body=r.Acknowledge,
        example={"outcome": "done"},
    ),
    _list("list_exchange_agencies", "/exchange/agencies", "Agencies", "Danh sách cơ quan liên thông", v.ExchangeAgency),
]

PARTNERS = [
    _list(
        "list_partners",
        "/exchange/partners",
        "Certificates of agency systems",
        "Chứng thư số của hệ thống cơ quan",
        v.PartnerView,
        scope=CONNECT,
    ),
    Operation(
        "set_partner",
        "PUT",
        "/exchange/partners/{agency}",
        "Register the certificates of an agency's system",
        "Đăng ký chứng thư số của cơ quan",
        view=v.PartnerView,
        body=r.SetPartner,
        scope=CONNECT,
        example={"certificates": [], "signature_required": False},
        tag=TAG,
    ),
]

SUBSCRIPTIONS = [
    _post(
        "create_subscription",
        "/exchange/subscriptions",
        "Be told of packages by webhook",
        "Đăng ký nhận thông báo",
        v.SubscriptionReceipt,
        body=r.Subscribe,
        status=201,
        example={"url": "https://qlvb.example.vn/hooks/truc-chung"},
    ),
    _list(
        "list_subscriptions",
        "/exchange/subscriptions",
        "Subscriptions and their health",
        "Tình trạng các đăng ký nhận thông báo",
        v.SubscriptionView,
    ),
    _get(
        "get_subscription",
        "/exchange/subscriptions/{subscription}",
        "One subscription and its health",
        "Tình trạng một đăng ký",
        v.SubscriptionView,
    ),
    *(
        _post(
            f"{action}_subscription",
            f"/exchange/subscriptions/{{subscription}}/{action}",
            said,
            vi,
            v.SubscriptionReceipt,
            body=r.SubscriptionChange,
            example={"reason": "Bảo trì hệ thống"},
        )
        for action, said, vi in (
            ("pause", "Pause", "Tạm dừng thông báo"),
            ("resume", "Resume", "Tiếp tục thông báo"),
            ("close", "End a subscription", "Chấm dứt đăng ký nhận thông báo"),
        )
    ),
    _list(
        "list_webhook_deliveries",
        "/exchange/subscriptions/{subscription}/deliveries",
        "What was told, and what waits",
        "Lịch sử thông báo của một đăng ký",
        v.WebhookDelivery,
    ),
    _post(
        "resend_webhook_delivery",
        "/exchange/subscriptions/{subscription}/deliveries/{delivery}/resend",
        "Tell it once more",
        "Gửi lại một thông báo",
        v.WebhookDelivery,
        body=r.ExchangeAction,
        example={},
    ),
]

EVIDENCE = [
    _list(
        "list_receipts",
        "/documents/{document}/receipts",
        "The receipt of every hop",
        "Biên nhận từng chặng của văn bản",
        v.LogReceipt,
        scope=READ,
        tag="documents",
    ),
    _get(
        "export_evidence",
        "/documents/{document}/evidence",
        "Everything that proves a document, in one file",
        "Xuất hồ sơ chứng cứ của văn bản",
        FileTicket,
        scope=READ,
        tag="documents",
    ),
    _get(
        "verify_evidence",
        "/documents/{document}/evidence/verification",
        "Check everything that is kept of a document",
        "Kiểm tra toàn vẹn của văn bản",
        v.EvidenceVerification,
        scope=READ,
        tag="documents",
    ),
]

EXCHANGE = [*MESSAGES, *REFUSALS, *PACKAGES, *PARTNERS, *SUBSCRIPTIONS, *EVIDENCE]

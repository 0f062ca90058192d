"""The offers about mailboxes, as the gateway shows them and the service answers them.

An administrator asks for mailboxes of their agency and those below it, and looks after them; operators, who run the
mail, approve and revoke. Whoever answers for a mailbox makes its app passwords.
"""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.email_provisioning import mail_requests as r
from shared.contracts.email_provisioning import mail_views as v
from shared.contracts.email_provisioning.views import DirectoryHistoryEntry, DirectoryHistoryVerification
from shared.contracts.operations import FileTicket, Operation
from shared.contracts.values import Page

READ, WRITE, USE = "mail:read", "mail:write", "mail:use"

OFFICER = "0f8fad5bd9cb469fa16570867728950e"
REASON = "Công văn số 45/VP ngày 20/11/2026"


def _get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    scope = rest.pop("scope", READ)
    return Operation(name, "GET", f"/mail{path}", summary, summary_vi, view=view, scope=scope, tag="mail", **rest)


def _post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request] | None, view: type[View], **rest: Any
) -> Operation:
    scope = rest.pop("scope", WRITE)
    return Operation(
        name,
        "POST",
        f"/mail{path}",
        summary,
        summary_vi,
        body=body,
        view=view,
        scope=scope,
        tag="mail",
        **rest,
    )


def _change(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **example: Any) -> Operation:
    path = f"/mailboxes/{{mailbox}}/{path}"
    return _post(name, path, summary, summary_vi, body, v.MailboxReceipt, if_match=True, example=example)


QUESTIONS = [
    _get(
        "find_mailboxes",
        "/mailboxes",
        "Mailboxes",
        "Danh sách hộp thư",
        v.MailboxRow,
        query=r.MailboxQuery,
        paged=True,
    ),
    _get("read_mailbox", "/mailboxes/{mailbox}", "One mailbox", "Một hộp thư", v.MailboxView),
    _get(
        "read_mailbox_history",
        "/mailboxes/{mailbox}/history",
        "A mailbox's append-only history",
        "Lịch sử quản trị hộp thư",
        DirectoryHistoryEntry,
        query=Page,
        paged=True,
    ),
    _get(
        "verify_mailbox_history",
        "/mailboxes/{mailbox}/history/verification",
        "Verify a mailbox's history",
        "Kiểm tra tính toàn vẹn lịch sử hộp thư",
        DirectoryHistoryVerification,
    ),
    _get(
        "suggest_addresses",
        "/suggestions",
        "Addresses that a person could have",
        "Gợi ý địa chỉ thư theo họ tên",
        v.SuggestedAddresses,
        query=r.SuggestionQuery,
    ),
    _get("read_mail_pool", "/pools/{agency}", "An agency's storage", "Dung lượng của cơ quan", v.MailPoolView),
    _get("list_mail_hosts", "/hosts", "Mail hosts and how far they are", "Tình trạng máy chủ thư", v.MailHosts),
    _get("list_mail_domains", "/domains", "Mail domains", "Danh sách tên miền thư", v.MailDomains),
    _get(
        "check_mail_domain",
        "/domains/{domain}/check",
        "Check a domain's MX, SPF, DKIM and DMARC",
        "Kiểm tra MX, SPF, DKIM và DMARC của tên miền",
        v.MailDomainCheck,
    ),
    _get(
        "list_own_mailboxes",
        "/mine",
        "The mailboxes that the caller answers for",
        "Hộp thư của tôi",
        v.MailboxRow,
        query=Page,
        paged=True,
        scope=USE,
    ),
]

REPORTS = [
    _get(
        "report_mail_use",
        "/reports/use",
        "Coverage and regular use of mailboxes by agency",
        "Thống kê tỷ lệ cán bộ có hộp thư và sử dụng thường xuyên",
        v.MailUseReport,
        query=r.MailPeriod,
    ),
    _get(
        "print_mail_use",
        "/reports/use/xlsx",
        "The same as a spreadsheet",
        "Tải bảng thống kê hộp thư",
        FileTicket,
        query=r.MailPeriod,
    ),
    _get(
        "find_unused_mailboxes",
        "/reports/unused",
        "Mailboxes that nobody uses",
        "Hộp thư không sử dụng",
        v.MailboxUseRow,
        query=r.UnusedQuery,
        paged=True,
    ),
    _get(
        "find_full_mailboxes",
        "/reports/full",
        "Mailboxes that are nearly full",
        "Hộp thư gần hết dung lượng",
        v.MailboxUseRow,
        query=r.FullQuery,
        paged=True,
    ),
]

COMMANDS = [
    _post(
        "request_mailbox",
        "/mailboxes",
        "Ask for a mailbox",
        "Đề nghị cấp hộp thư",
        r.RequestMailbox,
        v.MailboxReceipt,
        status=201,
        example={"kind": "personal", "owner": OFFICER, "reason": REASON},
    ),
    _change(
        "approve_mailbox",
        "approve",
        "Approve a mailbox",
        "Duyệt cấp hộp thư",
        r.PerhapsOnGround,
    ),
    _change(
        "refuse_mailbox",
        "refuse",
        "Refuse a mailbox",
        "Từ chối cấp hộp thư",
        r.OnGround,
        reason=REASON,
    ),
    _change(
        "suspend_mailbox",
        "suspend",
        "Suspend a mailbox",
        "Tạm khóa hộp thư",
        r.SuspendMailbox,
        reason=REASON,
        suspension="receive",
    ),
    _change(
        "restore_mailbox",
        "restore",
        "Restore a suspended mailbox",
        "Mở lại hộp thư",
        r.PerhapsOnGround,
    ),
    _change(
        "schedule_revocation",
        "schedule-revocation",
        "Schedule the revocation of a mailbox",
        "Hẹn ngày thu hồi hộp thư",
        r.ScheduleRevocation,
        reason=REASON,
        revoke_on="2027-06-30",
    ),
    _change(
        "cancel_revocation",
        "cancel-revocation",
        "Cancel a scheduled revocation",
        "Hủy lịch thu hồi",
        r.PerhapsOnGround,
    ),
    _change(
        "revoke_mailbox",
        "revoke",
        "Revoke a mailbox; its mail is archived",
        "Thu hồi hộp thư",
        r.OnGround,
        reason=REASON,
    ),
    _change(
        "reinstate_mailbox",
        "reinstate",
        "Bring a revoked mailbox back",
        "Khôi phục hộp thư đã thu hồi",
        r.OnGround,
        reason=REASON,
    ),
    _change(
        "purge_mailbox",
        "purge",
        "Destroy the archive of a revoked mailbox",
        "Xóa vĩnh viễn thư lưu trữ",
        r.PerhapsOnGround,
    ),
    _change(
        "hold_mailbox",
        "hold",
        "Put a mailbox under a legal hold",
        "Lưu giữ theo yêu cầu pháp lý",
        r.OnGround,
        reason=REASON,
    ),
    _change(
        "release_hold",
        "release-hold",
        "Release a legal hold",
        "Kết thúc lưu giữ pháp lý",
        r.OnGround,
        reason=REASON,
    ),
    _change(
        "rename_mailbox",
        "rename",
        "Give a mailbox another address",
        "Đổi địa chỉ hộp thư",
        r.RenameMailbox,
        address="nvanh@cantho.gov.vn",
    ),
    _change(
        "transfer_mailbox",
        "transfer",
        "Transfer a mailbox to another agency",
        "Chuyển hộp thư sang cơ quan khác",
        r.TransferMailbox,
        agency="H13.06",
    ),
    _change(
        "hand_over_mailbox",
        "hand-over",
        "Hand a unit's or title's mailbox over",
        "Bàn giao hộp thư đơn vị, chức danh",
        r.HandOverMailbox,
        owner=OFFICER,
    ),
    _change(
        "change_quota",
        "quota",
        "Change the size of a mailbox",
        "Đổi dung lượng hộp thư",
        r.ChangeQuota,
        quota=4096,
    ),
    _change(
        "add_alias",
        "aliases",
        "Add an alias, or give it another last day",
        "Thêm bí danh thư",
        r.AddAlias,
        address="vanthu.ninhkieu@cantho.gov.vn",
        until="2027-06-30",
    ),
    _change(
        "remove_alias",
        "remove-alias",
        "Remove an alias",
        "Bỏ bí danh thư",
        r.RemoveAlias,
        address="vanthu.ninhkieu@cantho.gov.vn",
    ),
    _change(
        "change_group",
        "group",
        "Change who is in a group and who may write to it",
        "Sửa nhóm thư",
        r.ChangeGroup,
        posters={"who": "listed", "addresses": ["vanthu@cantho.gov.vn"]},
    ),
]

SECRETS = [
    _post(
        "issue_password_link",
        "/mailboxes/{mailbox}/password-link",
        "A one-time link for a new password",
        "Cấp liên kết đặt mật khẩu một lần",
        r.PerhapsOnGround,
        v.PasswordLinkReceipt,
    ),
    _post(
        "set_password",
        "/passwords",
        "Choose a password with a one-time link",
        "Đặt mật khẩu bằng liên kết một lần",
        r.SetPassword,
        v.PasswordSet,
        scope="",
        public="The one-time link is the proof: whoever sets the first password cannot sign in yet.",
    ),
    _post(
        "make_app_password",
        "/mailboxes/{mailbox}/app-passwords",
        "Make a password for one program or device",
        "Tạo mật khẩu ứng dụng",
        r.MakeAppPassword,
        v.AppPasswordReceipt,
        scope=USE,
        status=201,
        example={"name": "Điện thoại"},
    ),
    _get(
        "list_app_passwords",
        "/mailboxes/{mailbox}/app-passwords",
        "The app passwords of a mailbox",
        "Các mật khẩu ứng dụng",
        v.AppPasswords,
        scope=USE,
    ),
    _post(
        "revoke_app_password",
        "/mailboxes/{mailbox}/revoke-app-password",
        "Revoke an app password",
        "Thu hồi mật khẩu ứng dụng",
        r.RevokeAppPassword,
        v.MailboxReceipt,
        scope=USE,
        example={"app_password": "9f86d081"},
    ),
]

MAIL_OPERATIONS = [*QUESTIONS, *REPORTS, *COMMANDS, *SECRETS]

"""What is done to mailboxes, and to their passwords.

An administrator asks for mailboxes of their agency and those below it; operators, who run the mail, approve and revoke.
Whoever answers for a mailbox makes its app passwords.
"""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.email_provisioning import mail_requests as r
from shared.contracts.email_provisioning import mail_views as v
from shared.contracts.email_provisioning.mail_offers import USE, get, post
from shared.contracts.operations import Operation

OFFICER = "0f8fad5bd9cb469fa16570867728950e"
REASON = "Công văn số 45/VP ngày 20/11/2026"


def _change(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **example: Any) -> Operation:
    path = f"/mailboxes/{{mailbox}}/{path}"
    return post(name, path, summary, summary_vi, body, v.MailboxReceipt, if_match=True, example=example)


COMMANDS = [
    post(
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
    post(
        "issue_password_link",
        "/mailboxes/{mailbox}/password-link",
        "A one-time link for a new password",
        "Cấp liên kết đặt mật khẩu một lần",
        r.PerhapsOnGround,
        v.PasswordLinkReceipt,
    ),
    post(
        "set_password",
        "/passwords",
        "Choose a password with a one-time link",
        "Đặt mật khẩu bằng liên kết một lần",
        r.SetPassword,
        v.PasswordSet,
        scope="",
        public="The one-time link is the proof: whoever sets the first password cannot sign in yet.",
    ),
    post(
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
    get(
        "list_app_passwords",
        "/mailboxes/{mailbox}/app-passwords",
        "The app passwords of a mailbox",
        "Các mật khẩu ứng dụng",
        v.AppPasswords,
        scope=USE,
    ),
    post(
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

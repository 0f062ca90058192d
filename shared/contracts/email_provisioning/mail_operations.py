"""The offers about mailboxes, as the gateway shows them and the service answers them."""

from shared.contracts.email_provisioning import mail_requests as r
from shared.contracts.email_provisioning import mail_views as v
from shared.contracts.email_provisioning.mail_offers import USE, get
from shared.contracts.email_provisioning.mailbox_commands import COMMANDS, SECRETS
from shared.contracts.email_provisioning.views import DirectoryHistoryEntry, DirectoryHistoryVerification
from shared.contracts.operations import FileTicket
from shared.contracts.values import Page

QUESTIONS = [
    get(
        "find_mailboxes",
        "/mailboxes",
        "Mailboxes",
        "Danh sách hộp thư",
        v.MailboxRow,
        query=r.MailboxQuery,
        paged=True,
    ),
    get("read_mailbox", "/mailboxes/{mailbox}", "One mailbox", "Một hộp thư", v.MailboxView),
    get(
        "read_mailbox_history",
        "/mailboxes/{mailbox}/history",
        "A mailbox's append-only history",
        "Lịch sử quản trị hộp thư",
        DirectoryHistoryEntry,
        query=Page,
        paged=True,
    ),
    get(
        "verify_mailbox_history",
        "/mailboxes/{mailbox}/history/verification",
        "Verify a mailbox's history",
        "Kiểm tra tính toàn vẹn lịch sử hộp thư",
        DirectoryHistoryVerification,
    ),
    get(
        "suggest_addresses",
        "/suggestions",
        "Addresses that a person could have",
        "Gợi ý địa chỉ thư theo họ tên",
        v.SuggestedAddresses,
        query=r.SuggestionQuery,
    ),
    get("read_mail_pool", "/pools/{agency}", "An agency's storage", "Dung lượng của cơ quan", v.MailPoolView),
    get("list_mail_hosts", "/hosts", "Mail hosts and how far they are", "Tình trạng máy chủ thư", v.MailHosts),
    get("list_mail_domains", "/domains", "Mail domains", "Danh sách tên miền thư", v.MailDomains),
    get(
        "check_mail_domain",
        "/domains/{domain}/check",
        "Check a domain's MX, SPF, DKIM and DMARC",
        "Kiểm tra MX, SPF, DKIM và DMARC của tên miền",
        v.MailDomainCheck,
    ),
    get(
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
    get(
        "report_mail_use",
        "/reports/use",
        "Coverage and regular use of mailboxes by agency",
        "Thống kê tỷ lệ cán bộ có hộp thư và sử dụng thường xuyên",
        v.MailUseReport,
        query=r.MailPeriod,
    ),
    get(
        "print_mail_use",
        "/reports/use/xlsx",
        "The same as a spreadsheet",
        "Tải bảng thống kê hộp thư",
        FileTicket,
        query=r.MailPeriod,
    ),
    get(
        "find_unused_mailboxes",
        "/reports/unused",
        "Mailboxes that nobody uses",
        "Hộp thư không sử dụng",
        v.MailboxUseRow,
        query=r.UnusedQuery,
        paged=True,
    ),
    get(
        "find_full_mailboxes",
        "/reports/full",
        "Mailboxes that are nearly full",
        "Hộp thư gần hết dung lượng",
        v.MailboxUseRow,
        query=r.FullQuery,
        paged=True,
    ),
]

MAIL_OPERATIONS = [*QUESTIONS, *REPORTS, *COMMANDS, *SECRETS]

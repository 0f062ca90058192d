"""What is answered about mailboxes; never a password."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.values import day, moment, number_like, string_like

_ID = "0f8fad5bd9cb469fa16570867728950e"


class MailboxReceipt(View):
    """The answer to every command on a mailbox; a repeated command gets the same one."""

    id = string_like(_ID)
    address = string_like("nvan@cantho.gov.vn")
    state = string_like("active")
    version = number_like(2)


class PasswordLinkReceipt(MailboxReceipt):
    """A receipt with the one-time link, which is shown this once: a repeated command gets it without the link."""

    token = string_like(f"{_ID}.5pZx0…", allow_none=True)
    expires_at = moment()


class AppPasswordReceipt(MailboxReceipt):
    """A receipt with the new app password, which is shown this once: a repeated command gets it without."""

    app_password = string_like("9f86d081")
    secret = string_like("9f86d081-abcd-efgh-jkmn-pqrs-tuvw", allow_none=True)


class PasswordSet(View):
    """Which address the password is for."""

    address = string_like("nvan@cantho.gov.vn")


class AppPasswordView(View):
    """An app password that works; what it is, is stored nowhere."""

    id = string_like("9f86d081")
    name = string_like("Điện thoại")
    made_at = moment()


class AppPasswords(View):
    """The app passwords of a mailbox."""

    app_passwords = fields.List(fields.Nested(AppPasswordView))


class MailboxRow(View):
    """One row of a list of mailboxes; `quota` in MiB."""

    id = string_like(_ID)
    kind = string_like("personal")
    state = string_like("active")
    address = string_like("nvan@cantho.gov.vn")
    name = string_like("Nguyễn Văn An")
    owner = string_like(_ID, allow_none=True)
    agency = string_like("H13.30.01")
    unit = string_like("van_phong", allow_none=True)
    quota = number_like(2048)
    suspension = string_like("receive", allow_none=True)
    revoke_on = day(allow_none=True, example="2027-06-30")
    revoked_on = day(allow_none=True, example="2027-06-30")
    version = number_like(2)


class AliasView(View):
    """A further address and the last day on which it leads to the mailbox."""

    address = string_like("anv@cantho.gov.vn")
    until = day(example="2027-06-30")


class MailboxOwnerView(View):
    """Who answered for a mailbox from when until when."""

    officer = string_like(_ID)
    since = day(example="2026-11-23")
    until = day(allow_none=True, example="2027-06-30")


class MailboxOnHostView(View):
    """Which generation a host applied last, whether a later one waits there, and why it could not be applied.

    A host that never told anything is at 0.
    """

    host = string_like("mail-1")
    generation = number_like(3)
    waiting = fields.Boolean(metadata={"example": False})
    error = string_like("")
    at = moment(allow_none=True)


class MailboxUsageView(View):
    """How full a mailbox is and when it was last used, as its host reported."""

    bytes = number_like(1048576, allow_none=True)
    messages = number_like(12, allow_none=True)
    last_login = moment(allow_none=True)
    last_sent = moment(allow_none=True)
    at = moment()


class MailboxView(MailboxRow):
    """One mailbox; `hold` is the ground of a legal hold, `targets` how many mailboxes a group leads to."""

    aliases = fields.List(fields.Nested(AliasView))
    owners = fields.List(fields.Nested(MailboxOwnerView))
    hold = string_like("")
    generation = number_like(3)
    has_password = fields.Boolean(metadata={"example": True})
    app_passwords = number_like(1)
    members = fields.Dict(allow_none=True, metadata={"example": None})
    posters = fields.Dict(allow_none=True, metadata={"example": None})
    targets = number_like(0)
    sends_as = fields.List(string_like("vanthu@cantho.gov.vn"))
    hosts = fields.List(fields.Nested(MailboxOnHostView))
    usage = fields.Nested(MailboxUsageView, allow_none=True)
    allowed = fields.List(string_like("suspend"))


class SuggestedAddresses(View):
    """Addresses that this person could have now, the best first."""

    domain = string_like("cantho.gov.vn")
    addresses = fields.List(string_like("nvan@cantho.gov.vn"))


class MailPoolView(View):
    """What an agency may give to its mailboxes, and what it has given, in MiB; a grant of null has no end."""

    agency = string_like("H13.30.01")
    grant = number_like(102400, allow_none=True)
    used = number_like(4096)


class MailHostView(View):
    """How far a mail host has come: how many changes it has not applied, since when the oldest of them waits."""

    host = string_like("mail-1")
    waiting = number_like(0)
    waiting_since = moment(allow_none=True)
    last_contact = moment(allow_none=True)
    drift = fields.Dict(allow_none=True, metadata={"example": {"missing": [], "surplus": [], "stale": []}})


class MailHosts(View):
    """All mail hosts of all domains."""

    hosts = fields.List(fields.Nested(MailHostView))


class MailShare(View):
    """What was divided by what; `value` in percent is null, and never 0, where there was nothing to divide by."""

    numerator = number_like(118)
    denominator = number_like(120)
    value = fields.Float(allow_none=True, metadata={"example": 98.33})


class MailFigures(View):
    """Figures of official mail.

    `coverage` is officers with a personal mailbox of officers in post on the last day; `regular_use` is personal
    mailboxes used on at least `least_days` days of all whose use is known. Of `not_reported` no mail host ever told.
    """

    coverage = fields.Nested(MailShare)
    regular_use = fields.Nested(MailShare)
    mailboxes = number_like(120)
    not_reported = number_like(0)


class AgencyMailFigures(MailFigures):
    """Figures of one agency alone."""

    agency = string_like("H13.30.01")
    name = string_like("Ủy ban nhân dân phường Ninh Kiều")


class MailUseReport(View):
    """Coverage and regular use of an agency (null: all) with those below it; whoever works at two counts once."""

    agency = string_like("H13", allow_none=True)
    first_day = day(example="2026-10-01")
    last_day = day(example="2026-10-31")
    taken_at = moment()
    finished_period = fields.Boolean(metadata={"example": True})
    least_days = number_like(5)
    total = fields.Nested(MailFigures)
    agencies = fields.List(fields.Nested(AgencyMailFigures))


class MailboxUseRow(MailboxRow):
    """A mailbox with its use: unused since it was made or used last, and how many percent of its quota are used."""

    unused_since = moment(allow_none=True)
    percent = fields.Float(metadata={"example": 93.4})
    usage = fields.Nested(MailboxUsageView)


class MailDomainView(View):
    """A mail domain and the agency at and below which it is used; the first of its hosts is the home."""

    name = string_like("cantho.gov.vn")
    agency = string_like("H13")
    hosts = fields.List(string_like("mail-1"))
    automatic = fields.Boolean(metadata={"example": True})


class MailDomains(View):
    """All mail domains."""

    domains = fields.List(fields.Nested(MailDomainView))


class InBothLanguages(View):
    """The same in Vietnamese and English."""

    vi = string_like("Không có bản ghi SPF, nên ai cũng có thể gửi thư nhân danh tên miền này.")
    en = string_like("There is no SPF record, so anybody may send as this domain.")


class DomainFinding(View):
    """One thing that was seen in a domain's records, with the reason in words."""

    code = string_like("spf_missing")
    verdict = string_like("bad")
    reason = fields.Nested(InBothLanguages)


class DomainRecord(View):
    """What was seen of one kind of record: mx, spf, dkim or dmarc."""

    kind = string_like("spf")
    verdict = string_like("bad")
    findings = fields.List(fields.Nested(DomainFinding))


class MailDomainCheck(View):
    """What name servers say of a domain now; a verdict is good, warning, bad, or unknown when they do not answer."""

    domain = string_like("cantho.gov.vn")
    checked_at = moment()
    verdict = string_like("bad")
    records = fields.List(fields.Nested(DomainRecord))

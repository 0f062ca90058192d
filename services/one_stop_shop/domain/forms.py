"""What each of the standard forms shows: Annex I of Circular 03/2025/TT-VPCP and the set of Circular 01/2018.

A form is a frozen picture of an application at one moment. It holds plain values that are ready to be read
(names, not identifiers), so that printing needs no look-up and the same form always prints the same bytes.
Moments are aware datetimes; the printer shows them in Vietnam's time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.one_stop_shop.domain.form_sets import FormKind, FormSet
from services.one_stop_shop.domain.form_words import Collection, Outcome, SupplementStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who issues a form, where and when; `sample` and `draft` print the mark that it proves nothing."""

    form_set: FormSet
    parent_body: str
    body: str
    place: str
    issued_at: datetime
    number: str = ""
    sample: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An owner or a submitter as they stand on paper."""

    name: str
    id_number: str = ""
    id_kind: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Where the applicant follows the application: `url` goes into the QR code, the others are read."""

    url: str
    site: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs for a body; `authority` is the line above the post, such as "KT. GIÁM ĐỐC"."""

    name: str
    title: str
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentLine:
    """One paper of the application and how many copies of each kind came with it."""

    name: str
    originals: int = 0
    certified_copies: int = 0
    photocopies: int = 0
    electronic: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """One paper to add or mend; `copies` says in words what to bring, such as "01 bản chính"."""

    name: str
    request: str = ""
    copies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One charge in đồng: the full amount stays visible beside what is payable and the ground of the relief."""

    name: str
    amount: int
    payable: int
    ground: str = ""
    receipt_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """One passing of the papers from hand to hand; rows are only ever added.

    A name that is not known stays empty, to be signed by hand beside the role. `step` is what was done before.
    """

    from_agency: str
    to_agency: str
    at: datetime
    deliverer: str
    receiver: str
    receiver_role: str = ""
    step: str = ""
    outcome: Outcome | None = None
    note: str = ""
    confirmation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One application in the running register."""

    code: str
    procedure: str
    submitter: str
    agency: str
    channel: str
    received_at: datetime
    components: int = 0
    subject: str = ""
    address: str = ""
    phone: str = ""
    due_at: datetime | None = None
    returned_at: datetime | None = None
    status: str = ""
    outcome: Outcome | None = None
    return_method: str = ""
    receipt_signature: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Form 01: proof of reception with the day of the result; `due_at` is None where the law sets no day.

    Of the owner the name, the identity number and the address are printed.
    """

    kind: ClassVar[FormKind] = FormKind.RECEIPT
    letterhead: Letterhead
    code: str
    lookup: Lookup
    receiving_body: str
    submitter: Person
    owner: Person
    procedure: str
    components: tuple[ComponentLine, ...]
    sets: int
    statutory_time: str
    received_at: datetime
    due_at: datetime | None
    return_method: str
    officer: str
    procedure_code: str = ""
    subject: str = ""
    channel: str = ""
    collection: Collection = Collection.NONE
    fees: tuple[FeeLine, ...] = ()
    return_place: str = ""
    book: str = ""
    book_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequest:
    """Form 02: what is missing and why; `times_asked` counts this request too."""

    kind: ClassVar[FormKind] = FormKind.SUPPLEMENT_REQUEST
    letterhead: Letterhead
    code: str
    lookup: Lookup
    receiving_body: str
    applicant: Person
    procedure: str
    missing: tuple[MissingLine, ...]
    reason: str
    stage: SupplementStage
    times_asked: int
    officer: str
    officer_phone: str = ""
    subject: str = ""
    legal_ground: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Form 03: why an application is not received; a technical error code is not a reason."""

    kind: ClassVar[FormKind] = FormKind.REFUSAL
    letterhead: Letterhead
    receiving_body: str
    refusing_body: str
    applicant: Person
    procedure: str
    reason: str
    officer: str
    guidance_contact: str
    guidance_phone: str = ""
    guidance: str = ""
    code: str = ""
    subject: str = ""
    legal_ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """Form 04: the agency at fault apologises and names a new day; `extension_count` counts this one too.

    `to` is printed with name and address.
    """

    kind: ClassVar[FormKind] = FormKind.APOLOGY
    letterhead: Letterhead
    code: str
    to: Person
    reception_point: str
    agency_at_fault: str
    procedure: str
    received_at: datetime
    due_at: datetime
    new_due_at: datetime
    reason: str
    return_place: str
    signer: Signer
    extension_count: int = 1
    subject: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice:
    """Form 05 of 2025: handling ends at the applicant's wish, before any result was decided."""

    kind: ClassVar[FormKind] = FormKind.STOP_NOTICE
    letterhead: Letterhead
    code: str
    applicant: Person
    reception_point: str
    procedure: str
    received_at: datetime
    requested_at: datetime
    request: str
    stage_reached: str
    decision: str
    paid: int
    settlement: str
    signer: Signer
    subject: str = ""
    legal_ground: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSheet:
    """Form 06 (05 of 2018): travels with the papers and records every hand that they pass through."""

    kind: ClassVar[FormKind] = FormKind.CONTROL_SHEET
    letterhead: Letterhead
    code: str
    procedure: str
    submitter: Person
    owner: Person
    components: tuple[ComponentLine, ...]
    sets: int
    received_at: datetime
    statutory_time: str
    due_at: datetime | None
    due_back_at: datetime | None
    hand_overs: tuple[HandOver, ...]
    handling_agency: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Form 07 (06 of 2018): the register of one reception point over a period, both days included."""

    kind: ClassVar[FormKind] = FormKind.REGISTER
    letterhead: Letterhead
    first_day: date
    last_day: date
    rows: tuple[RegisterRow, ...]
    book: str = ""
    keeper: str = ""


Form = Receipt | SupplementRequest | Refusal | Apology | StopNotice | ControlSheet | Register

"""Invented applications in great numbers, in the shape that the service stores, for measurements and property tests.

Names, agencies and dates follow the habits of a Vietnamese city: most applications are long returned, a few per
cent are being worked on. The same seed gives the same applications.

    python -m tests.support.sample_applications mongodb://... DATABASE 1000000
"""

import hashlib
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from pymongo import IndexModel, MongoClient
from pymongo.database import Database

from services.one_stop_shop.domain.access import identity_key, identity_of, subject_key
from services.one_stop_shop.domain.read_model import (
    found_by,
    matter_token,
    party_token,
    position_of,
    queue_fields,
    sort_key,
)
from services.one_stop_shop.domain.statuses import Status
from shared.working_time import VIETNAM
from tests.support.sample_courses import Document, Kind, component, history_of, payment, progress
from tests.support.sample_people import invented_person

BATCH = 1000
ORIGINALS = 10_000
DAYS = 36
AGENCIES = (
    "H13.30.01",
    "H13.30.02",
    "H13.31.01",
    "H13.32.01",
    "H13.40.01",
    "H13.41.01",
    "H56.30.01",
    "H56.30.02",
    "H56.31.01",
    "H56.32.01",
)


KINDS = (
    Kind("1.001193", "Đăng ký khai sinh", "ho_tich", 1, 0, 14),
    Kind("1.000656", "Đăng ký khai tử", "ho_tich", 1, 0, 5),
    Kind("1.000894", "Đăng ký kết hôn", "ho_tich", 1, 0, 6),
    Kind("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", "ho_tich", 3, 15000, 9),
    Kind("2.000635", "Cấp bản sao Trích lục hộ tịch", "ho_tich", 1, 8000, 15),
    Kind("2.000815", "Chứng thực bản sao từ bản chính", "chung_thuc", 1, 2000, 30),
    Kind("2.000884", "Chứng thực chữ ký", "chung_thuc", 1, 10000, 8),
    Kind("1.001612", "Đăng ký thành lập hộ kinh doanh", "ho_kinh_doanh", 3, 100000, 5),
    Kind("1.001699", "Xác định mức độ khuyết tật", "bao_tro_xa_hoi", 25, 0, 2),
    Kind("1.013225", "Cấp giấy phép xây dựng nhà ở riêng lẻ", "xay_dung", 15, 75000, 6),
)

# Of 1,000 applications; those that are not closed arrived lately.
STATUSES = {
    Status.SUBMITTED: 20,
    Status.RECEIVED: 15,
    Status.IN_PROCESS: 45,
    Status.SUPPLEMENT: 12,
    Status.PAYMENT: 6,
    Status.STOPPED: 3,
    Status.FINISHED: 25,
    Status.REFUSED: 22,
    Status.WITHDRAWN: 5,
    Status.RETURNED: 847,
}
CLOSED = (Status.RETURNED, Status.REFUSED, Status.WITHDRAWN)


def sample_applications(
    count: int, *, seed: int = 1, now: datetime | None = None, agencies: Sequence[str] = AGENCIES
) -> Iterator[Document]:
    """`count` applications as they stand at `now`, spread over the agencies and over the year before."""
    chance = random.Random(seed)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    statuses, weights = zip(*STATUSES.items(), strict=True)
    closed: list[Document] = []
    given: Counter[str] = Counter()
    for number in range(count):
        identifier = hashlib.md5(f"{seed}:{number}".encode()).hexdigest()
        if number < ORIGINALS:
            status = chance.choices(statuses, weights)[0]
            document = _application(chance, identifier, given, status, now, chance.choice(agencies))
            if status in CLOSED:
                closed.append(document.copy())
            yield document
        else:
            before = timedelta(days=DAYS * (number / ORIGINALS - 1 + chance.random()), milliseconds=number % 977)
            yield _again(closed[number % len(closed)], identifier, given, before)


def store_sample_applications(database: Database[Document], documents: Iterator[Document]) -> int:
    """Write them in large unordered batches; fastest into a collection whose indexes are made afterwards."""
    collection, written = database["applications"], 0
    while batch := list(itertools.islice(documents, BATCH)):
        collection.insert_many(batch, ordered=False)
        written += len(batch)
    return written


def _again(original: Document, identifier: str, given: Counter[str], before: timedelta) -> Document:
    """The same course of things for another citizen, so much earlier."""
    person = int(identifier[:12], 16)
    identity, subject = f"092{person % 10**9:09d}", f"citizen-{person % 200_000}"
    matter = identifier * 2
    parties = [subject_key(subject), identity_key("cccd", identity)]
    moments = {name: original[name] - before if original[name] else None for name in _MOMENTS}
    document = {
        **original,
        **moments,
        "_id": identifier,
        "code": _code(original["received_agency"], moments["submitted_at"], given),
        "applicant": subject,
        "owner": {**original["owner"], "identity_number": identity},
        "parties": parties,
        "matter": matter,
        "arrival": sort_key(moments["submitted_at"], identifier),
        "search": [*map(party_token, parties), matter_token(matter), *original["search"][3:]],
    }
    document["position"] = position_of(document, document["ended_at"])
    return document


_MOMENTS = (
    "submitted_at",
    "received_at",
    "due_at",
    "finished_at",
    "returned_at",
    "refused_at",
    "closed_at",
    "ended_at",
    "late_from",
)


def _code(agency: str, at: datetime, given: Counter[str]) -> str:
    start = f"{agency}-{at.astimezone(VIETNAM):%y%m%d}"
    given[start] += 1
    return f"{start}-{given[start]:04d}"


def _application(
    chance: random.Random, identifier: str, given: Counter[str], status: Status, now: datetime, agency: str
) -> Document:
    kind = chance.choices(KINDS, [kind.weight for kind in KINDS])[0]
    submitted_at = now - timedelta(days=chance.uniform(0.02, DAYS if status in CLOSED else 2 + kind.days))
    submitted_at = submitted_at.replace(microsecond=chance.randrange(1000) * 1000)
    owner = invented_person(chance)
    subject = f"citizen-{chance.randrange(200_000)}"
    document: Document = {
        "_id": identifier,
        "code": _code(agency, submitted_at, given),
        "procedure": {
            "code": kind.code,
            "version": 1,
            "case": "standard",
            "name": kind.name,
            "sector": kind.sector,
        },
        "counted": chance.random() > 0.02,
        "status": int(status),
        "previous_status": None,
        "step": None,
        "steps": [],
        "supported_agency": None,
        "received_agency": agency,
        "competent_agency": agency,
        "visible_to": [agency],
        "channel": chance.choices((1, 2, 3, None), (28, 65, 5, 2))[0],
        "content": kind.name,
        "owner": owner,
        "submitter": None,
        "applicant": subject,
        "applicant_verified": True,
        "parties": [subject_key(subject), identity_of(owner)],
        "submitted_by": {"sub": subject, "agency": ""},
        "answers": {},
        "quantities": {},
        "components": [component(chance)],
        "delivery": {"method": chance.choice(("counter", "counter", "post", "online")), "state": "none", "events": []},
        "payment": payment(chance, kind),
        "synchronisation": {"state": "done" if status in CLOSED else "pending", "version": 1},
        "clock": None,
        "reception_due_at": submitted_at + timedelta(days=1),
        "due_at": None,
        "deadline_at": None,
        "near_due_at": None,
        "supplements": [],
        "withdrawal": None,
        "refused": None,
        "stopped": None,
        "result": None,
        "recalled": [],
        "returned": None,
        "ratings": [],
        "links": [],
        "forms": [],
        "form_set": None,
        "assignee": None,
        "assignee_name": None,
        "received_by": None,
        "submitted_at": submitted_at,
        "received_at": None,
        "finished_at": None,
        "returned_at": None,
        "refused_at": None,
        "closed_at": None,
        "matter": hashlib.sha256(f"{owner['identity_number']}|{kind.code}".encode()).hexdigest(),
        "due_work": [],
        "outbox": [],
    }
    progress(chance, document, status, kind, now)
    if document["deadline_at"] and int(identifier[0], 16) % 4:  # the others were stored before this was known
        document["near_due_at"] = document["deadline_at"] - timedelta(hours=2 ** (int(identifier[1], 16) % 6))
    document |= history_of(document) | queue_fields(document) | found_by(document)
    return document


def main(uri: str, name: str, count: int) -> None:
    """Fill a database that has no applications yet, then make the indexes of the questions."""
    from services.one_stop_shop.adapters.application_queries import INDEXES
    from services.one_stop_shop.adapters.reports import PROCESSING_INDEX

    database: Database[Document] = MongoClient(uri, tz_aware=True)[name]
    if database["applications"].estimated_document_count():
        sys.exit(f"{name} has applications already")
    begun = time.perf_counter()
    written = store_sample_applications(database, sample_applications(count))
    stored = time.perf_counter()
    database["applications"].create_indexes(
        [
            *INDEXES,
            PROCESSING_INDEX,
            IndexModel([("code", 1)], name="code", unique=True),
            IndexModel([("national_code", 1)], name="national_code", unique=True, sparse=True),
        ]
    )
    print(  # noqa: T201
        f"{written} applications in {stored - begun:.0f} s, indexes in {time.perf_counter() - stored:.0f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

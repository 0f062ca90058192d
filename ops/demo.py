"""Sample applications in a platform for trying out, handed in by made-up people as they would come from the gateway."""

import hashlib
import random
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from gateway.auth.clients import is_demonstration
from ops.report import Row
from shared.contracts.one_stop_shop.application_operations import PERSON_EXAMPLE, SUBMIT_EXAMPLE
from shared.contracts.one_stop_shop.operations import SERVICE
from shared.contracts.principal import Principal, Role
from shared.errors import Error
from shared.messaging.asking import Asker
from shared.settings import Settings

COLUMNS = ("code", "procedure", "agency", "applicant", "problem")
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
_MIDDLES = ("Văn", "Thị", "Minh", "Thanh", "Ngọc", "Quốc", "Thu", "Hoài")
_GIVEN = ("An", "Bình", "Cường", "Dung", "Giang", "Hà", "Khánh", "Lan", "Nam", "Oanh", "Phúc", "Quân", "Sơn", "Trang")
_AGENCIES = ("H13.30.01", "H13.30.02", "H13.31.01", "H13.32.01")


class NoDemonstration(Exception):
    """This platform serves real people: nothing made up comes in here."""


def check_is_demonstration(settings: Settings) -> None:
    """Only a platform whose clients are made up (CLIENTS_FILE says `demo: true`) takes made-up applications.

    Raises:
        NoDemonstration: it is not one.
    """
    if settings.clients_file is None or not is_demonstration(settings.clients_file):
        raise NoDemonstration("CLIENTS_FILE names no file that says `demo: true`: this platform serves real people")


def applications(seed: int) -> Iterator[dict[str, Any]]:
    """Made-up applications for ever, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        name = " ".join(chance.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVEN))
        number = f"092{chance.randrange(2)}{chance.randrange(60, 100)}{chance.randrange(10**6):06d}"
        phone = f"09{chance.randrange(10**8):08d}"
        owner = {**PERSON_EXAMPLE, "name": name, "identity_number": number, "phone": phone}
        yield {**SUBMIT_EXAMPLE, "agency": chance.choice(_AGENCIES), "owner": owner, "content": "Hồ sơ mẫu"}


def bring_in(settings: Settings, number: int, seed: int) -> Iterator[Row]:
    """Hand in so many; a repetition with the same seed hands in nothing twice."""
    asker = Asker(settings.amqp_uri, name="operator")
    try:
        for place, content in enumerate(islice(applications(seed), number)):
            yield _hand_in(asker, f"demo-{seed}-{place}", content)
    finally:
        asker.close()


def _hand_in(asker: Asker, key: str, content: dict[str, Any]) -> Row:
    owner = content["owner"]
    subject = f"demo-{uuid.uuid5(uuid.NAMESPACE_OID, owner['identity_number'])}"
    person = Principal(
        subject, owner["name"], frozenset({Role.CITIZEN}), identity=owner["identity_number"], verified=True
    )
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    request = {**content, "_command": {"key": f"{subject}:{key}", "digest": digest}}
    row = {"procedure": content["procedure"], "agency": content["agency"], "applicant": owner["name"]}
    try:
        receipt = asker.ask(SERVICE, "submit_application", request, person.to_dict())
    except Error as error:
        return row | {"code": "", "problem": str(error)}
    return row | {"code": receipt["code"], "problem": ""}

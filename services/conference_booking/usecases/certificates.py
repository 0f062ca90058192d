"""Certificates of a training, printed to be signed and handed over."""

import io
from datetime import date
from typing import Any

from services.conference_booking.domain import training as rules
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.training import Certificate
from services.conference_booking.ports import Paper
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.scripts import MOST_BYTES, PDF, PRINTER
from services.conference_booking.usecases.training import load_training
from shared.contracts.conference_booking.training import PrintCertificates
from shared.contracts.principal import Principal
from shared.errors import NotFound
from shared.requests import read_query

Request = dict[str, Any]


def print_certificates(context: Context, request: Request, principal: Principal) -> Request:
    """A page for each who passed, or for one of them, as PDF.

    Raises:
        NotFound: nobody passed, or not this technician.
    """
    query = read_query(PrintCertificates, request, path=("training",))
    training = load_training(context, request, principal)
    course = context.courses.of_network(training["network"])[training["course"]]
    asked = query["technician"]
    given = [one for one in rules.given(training, course) if asked in (None, one.technician)]
    if not given:
        raise NotFound("training_without_certificate")
    content = context.papers.print(Paper("certificates", _printed(context, training, course, given), context.now()))
    name = f"giay-chung-nhan-{training['course']}-{training['day']}{f'-{asked}' if asked else ''}.pdf"
    stored = context.files.put(io.BytesIO(content), limit=MOST_BYTES, name=name, declared_type=PDF, owner=PRINTER)
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def _printed(context: Context, training: Document, course: Document, given: list[Certificate]) -> Request:
    network = context.networks.get(training["network"])
    places = context.endpoints.of_network(network.key)
    people = context.technicians.find_all({one.technician for one in given})
    stood_for = {row["technician"]: row["endpoint"] for row in training["attendance"]}
    names = context.agencies.names([network.operator, *{person["agency"] for person in people.values()}])
    issued = date.fromisoformat(training["day"])
    return {
        "agency": names.get(network.operator, {}).get("vi", network.operator),
        "title": course["name"]["vi"],
        "network": network.name["vi"],
        "day": f"{issued:%d/%m/%Y}",
        "signed_on": f"Ngày {issued:%d} tháng {issued:%m} năm {issued:%Y}",
        "place": training["place"],
        "trainer": training["trainer"],
        "people": [
            {
                "number": f"{training['_id'][:8]}/{one.technician}",
                "name": people[one.technician]["name"],
                "agency": names.get(people[one.technician]["agency"], {}).get("vi", people[one.technician]["agency"]),
                "endpoint": places[stood_for[one.technician]]["name"]["vi"],
                "until": f"{one.until:%d/%m/%Y}",
            }
            for one in given
        ],
    }

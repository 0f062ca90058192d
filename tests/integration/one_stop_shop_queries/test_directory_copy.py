"""The one-stop shop's copy of the directory: begun from the seed file, kept by events, never set back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.one_stop_shop.usecases.directory_copy import copy_agency
from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.events import AgencyChanged, AgencyClosed, AgencyRegistered
from shared.errors import NotFound
from tests.support.house import House
from tests.support.shop_in_memory import catalogue
from tests.support.world import COMMUNE

NEW = {
    "code": "H13.77.01",
    "legacy_codes": ["001.77.00.H13"],
    "name": {"vi": "Ủy ban nhân dân xã Thử Nghiệm", "en": "Test commune"},
    "level": "commune",
    "kind": "people_committee",
    "parent": "H13",
    "province": "H13",
    "area": "H13.77.01",
    "timetable": "hours-that-nobody-entered",
    "sectors": [],
    "reception": {"vi": "Bộ phận Một cửa", "en": "Counter"},
    "successors": [],
    "units": [],
    "opened_on": date(2026, 1, 1),
}


def announce(house: House, event: Any, sequence: int, **data: Any) -> None:
    payload = event.load(event.dump(**{**NEW, **data}))
    copy_agency(
        house.context, ReceivedEvent(event, "e", payload["code"], sequence, datetime(2026, 10, 5, tzinfo=UTC), payload)
    )


@pytest.fixture
def fresh(house: House) -> House:
    """The house, in which agencies are read anew each time."""
    house.context.offices._kept._seconds = -1  # type: ignore[attr-defined]  # nothing is remembered
    return house


def test_a_new_agency_can_receive_and_is_counted_by_the_usual_hours(fresh: House) -> None:
    announce(fresh, AgencyRegistered, 1)
    directory = fresh.context.offices.directory()
    assert directory.get("001.77.00.H13").code == "H13.77.01"
    assert directory.is_within("H13.77.01", "H13")
    assert directory.reception_point("H13.77.01", date(2026, 10, 5)).name.vi == "Ủy ban nhân dân xã Thử Nghiệm"
    assert fresh.context.offices.working_time("H13.77.01").timetable.code == "office-hours"


def test_a_closed_agency_leads_to_its_successor(fresh: House) -> None:
    announce(fresh, AgencyRegistered, 1)
    announce(fresh, AgencyClosed, 2, closed_on=date(2026, 6, 30), successors=[COMMUNE])
    assert fresh.context.offices.directory().current("H13.77.01", date(2026, 7, 1)).code == COMMUNE


def test_the_set_up_never_sets_back_what_was_announced(fresh: House) -> None:
    before = fresh.context.offices.directory().get(COMMUNE)
    assert before.name.vi == "Ủy ban nhân dân phường Ninh Kiều"
    renamed = {"vi": "Ủy ban nhân dân phường Ninh Kiều mới", "en": "New Ninh Kieu"}
    announce(fresh, AgencyChanged, 2, **dict(before.definition) | {"name": renamed, "code": COMMUNE, "opened_on": None})
    fresh.context.agencies.load(catalogue())  # type: ignore[attr-defined]  # the real repository
    assert fresh.context.offices.directory().get(COMMUNE).name.vi == renamed["vi"]
    with pytest.raises(NotFound):
        fresh.context.offices.directory().get("H13.99.99")

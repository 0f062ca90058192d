"""Sixty technicians of the thirty-one endpoints in MongoDB: trained, certified, and one who lacks it found on duty."""

from datetime import timedelta
from typing import Any

from tests.support.conference_house import ConferenceHouse
from tests.support.conference_world import CLERK, TECHNICIAN

ALL = [f"th-{number:02}" for number in range(1, 32)]
PEOPLE = [(f"kt-{place}-{turn}", place) for place in ALL for turn in (1, 2)][:60]
COURSE = {"network": "thanh-hoa", "name": {"vi": "Vận hành", "en": "Running"}, "months": 24}


def test_sixty_technicians_of_all_endpoints(house: ConferenceHouse) -> None:
    for key, place in PEOPLE:
        person = {
            "key": key,
            "network": "thanh-hoa",
            "agency": "H56.04",
            "name": f"Cán bộ {key}",
            "phone": "02373000001",
        }
        house.ask("register_technician", TECHNICIAN, **person, endpoints=[place])
    house.ask("register_course", TECHNICIAN, key="van-hanh", **COURSE)
    wish = {"network": "thanh-hoa", "course": "van-hanh", "place": "Hội trường"}
    days = [f"{house.now - timedelta(days=n):%Y-%m-%d}" for n in (20, 10)]
    for day, half in zip(days, (PEOPLE[:30], PEOPLE[30:]), strict=True):
        training = house.ask("plan_training", TECHNICIAN, **wish, day=day)["key"]
        rows: list[Any] = [{"technician": key, "endpoint": place, "result": "passed"} for key, place in half]
        rows[0]["result"] = "failed"
        house.ask("record_attendance", TECHNICIAN, training=training, attendance=rows)

    certified, cursor = [], None
    while True:
        page = house.ask("list_certificates", CLERK, network="thanh-hoa", limit=25, cursor=cursor)
        certified += [row["technician"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(certified) == len(set(certified)) == 58

    duties = [{"endpoint": place, "technician": key} for key, place in PEOPLE if key.endswith("-1")]
    house.approved(chair=ALL[0], endpoints=ALL[1:], technicians=duties)
    told = house.ask("read_untrained", CLERK, network="thanh-hoa", day="2026-12-07")["rows"]
    assert [(row["technician"], row["lacks"]) for row in told] == [
        ("kt-th-01-1", ["van-hanh"]),
        ("kt-th-16-1", ["van-hanh"]),
    ]

    house.store.command("profile", 2)
    try:
        house.ask("list_trainings", CLERK, network="thanh-hoa", state="held")
        house.ask("list_courses", CLERK, network="thanh-hoa")
    finally:
        house.store.command("profile", 0)
    names = {f"{house.store.name}.{kind}" for kind in ("trainings", "courses")}
    plans = [one for one in house.store["system.profile"].find({"op": "query"}) if one["ns"] in names]
    assert {one["ns"] for one in plans} == names
    assert all("COLLSCAN" not in one["planSummary"] and not one.get("hasSortStage") for one in plans)

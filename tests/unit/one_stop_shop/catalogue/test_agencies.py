from datetime import date

import pytest

from services.one_stop_shop.adapters.catalogue_files import Catalogue
from services.one_stop_shop.domain.agencies import Agency, Directory
from services.one_stop_shop.domain.procedure import ProcedureVersion
from shared.errors import Conflict, Invalid, NotFound

TODAY = date(2026, 10, 5)


def version(catalogue: Catalogue, code: str) -> ProcedureVersion:
    return next(procedure for procedure in catalogue.procedures if procedure.code == code)


def test_an_agency_is_found_by_either_identifier(catalogue: Catalogue) -> None:
    directory = catalogue.directory
    assert directory.get("000.00.06.H56") is directory.get("h56.06")
    assert directory.get("H56.06").name.vi == "Sở Tư pháp tỉnh Thanh Hóa"
    with pytest.raises(NotFound, match="agency_unknown"):
        directory.get("H56.99")
    with pytest.raises(Invalid, match="agency_code_malformed"):
        directory.get("Ninh Kiều")


def test_a_closed_agency_leads_to_the_one_that_took_over(catalogue: Catalogue) -> None:
    directory = catalogue.directory
    assert directory.current("000.00.14.H56", TODAY).code == "H56.04"
    assert directory.current("000.00.14.H56", date(2025, 1, 1)).code == "H56.14"
    assert directory.current("000.00.30.H51", TODAY).code == "H13.41.01"
    assert directory.current("H30", TODAY).code == "H13"


def agency(code: str, **more: object) -> Agency:
    plain = {"code": code, "name": {"vi": code, "en": code}, "level": "district", "kind": "people_committee"}
    return Agency.from_dict({**plain, **more})


def test_a_closed_agency_without_an_open_successor_is_refused() -> None:
    directory = Directory(
        [
            agency("H01", closed_on="2025-06-30"),
            agency("H02", closed_on="2025-06-30", successors=["H03"]),
            agency("H03", closed_on="2025-06-30", successors=["H02"]),
        ]
    )
    for code in ("H01", "H02"):
        with pytest.raises(Conflict, match="agency_closed"):
            directory.current(code, TODAY)


def test_agencies_stand_below_each_other(catalogue: Catalogue) -> None:
    directory = catalogue.directory
    assert directory.is_within("H13.30.01", "H13")
    assert directory.is_within("H13.30.01", "000.00.00.H13")
    assert directory.is_within("G01.92.001", "G01")
    assert directory.is_within("H13", "H13")
    assert not directory.is_within("H13", "H13.30.01")
    assert not directory.is_within("H13.30.01", "H56")


def test_applications_are_handed_in_only_where_there_is_a_counter(catalogue: Catalogue) -> None:
    assert catalogue.directory.reception_point("H13.30", TODAY).code == "H13.30.01"
    with pytest.raises(Invalid, match="agency_receives_nothing"):
        catalogue.directory.reception_point("H13.15", TODAY)


@pytest.mark.parametrize(
    ("procedure", "received_at", "competent"),
    [
        ("1.001193", "H13.30.01", "H13.30.01"),
        ("1.004222", "H13.30.01", "G01.92.001"),
        ("1.004222", "H56.31.01", "G01.38.003"),
        ("2.000488", "H13.60", "G01.92"),
        ("2.000488", "H13.30.01", "G01.92"),
        ("1.002759", "H56.60", "G12.20.38"),
        ("1.001193", "H13.60", None),
    ],
)
def test_the_competent_agency_follows_from_where_it_was_received(
    catalogue: Catalogue, procedure: str, received_at: str, competent: str | None
) -> None:
    found = catalogue.directory.competent_for(version(catalogue, procedure), received_at, TODAY)
    assert (found.code if found else None) == competent


@pytest.mark.parametrize(
    ("procedure", "here", "elsewhere"),
    [
        ("1.001193", {"H13.30.01"}, {"G01.92.001", "H13.60", "H13", "H51"}),
        ("1.004222", {"H13.30.01"}, {"G01.92.001", "H13.60"}),
        ("2.000488", {"H13.30.01", "H13.60"}, {"G01.92", "G01.92.001"}),
        ("1.002759", {"H13.30.01", "G12.20.92"}, {"G12.20.38"}),
    ],
)
def test_a_procedure_is_handed_in_where_there_is_a_counter_and_somebody_decides(
    catalogue: Catalogue, procedure: str, here: set[str], elsewhere: set[str]
) -> None:
    points = {agency.code for agency in catalogue.directory.reception_points(version(catalogue, procedure), TODAY)}
    assert here <= points
    assert not elsewhere & points


def test_the_applicant_can_choose_among_the_communes(catalogue: Catalogue) -> None:
    codes = [
        agency.code for agency in catalogue.directory.competent_agencies(version(catalogue, "1.001193"), "H13", TODAY)
    ]
    assert codes == ["H13.30.01", "H13.30.02", "H13.31.01", "H13.32.01", "H13.40.01", "H13.41.01"]


def test_every_commune_and_centre_can_receive_and_every_commune_has_police(catalogue: Catalogue) -> None:
    open_now = [agency for agency in catalogue.agencies if agency.is_open(TODAY)]
    communes = [a for a in open_now if (a.level, a.kind) == ("commune", "people_committee")]
    assert all(a.reception for a in [*communes, *(a for a in open_now if a.kind == "centre")])
    assert {a.area for a in open_now if a.kind == "police" and a.level == "commune"} == {a.code for a in communes}


def test_the_clock_of_an_agency_follows_its_timetable(catalogue: Catalogue) -> None:
    assert catalogue.working_time("H13.60").timetable.code == "office-hours-saturday"
    assert catalogue.working_time("000.00.06.H56") is catalogue.working_time("H56.30.01")

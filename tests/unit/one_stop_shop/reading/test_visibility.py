"""Whose applications, registers and figures a caller may ask for."""

import pytest

from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.domain.visibility import Scope, register_agency, reported_agency, scope_of
from shared.errors import Forbidden, Invalid
from tests.support.shop_in_memory import catalogue

WARD, OTHER_WARD, CITY, OTHER_CITY = "H13.30.01", "H13.30.02", "H13", "H56"
DIRECTORY = catalogue().directory


def actor(role: str, agency: str = "", identity: str = "", *, verified: bool = False) -> Actor:
    return Actor("key", "Tên", frozenset({role}), agency, identity, verified)


@pytest.mark.parametrize("role", ["reception_officer", "specialist", "head_of_unit", "agency_system"])
def test_officers_and_systems_see_their_agency_s(role: str) -> None:
    assert scope_of(actor(role, WARD)) == Scope(agency=WARD)
    assert register_agency(actor(role, WARD), None, DIRECTORY) == WARD
    with pytest.raises(Forbidden, match="role_not_allowed"):
        scope_of(actor(role))


def test_citizens_see_their_own_and_what_bears_their_proven_identity() -> None:
    assert scope_of(actor("citizen", identity="092090000123")) == Scope(parties=("sub:key",))
    proven = scope_of(actor("citizen", identity="092090000123", verified=True))
    assert proven == Scope(parties=("sub:key", "id:cccd:092090000123"))


@pytest.mark.parametrize("role", ["operator", "catalogue_editor"])
def test_those_who_run_the_platform_see_nobody(role: str) -> None:
    with pytest.raises(Forbidden, match="role_not_allowed"):
        scope_of(actor(role, CITY))
    with pytest.raises(Forbidden, match="role_not_allowed"):
        register_agency(actor(role, CITY), None, DIRECTORY)


def test_a_register_names_people_so_only_the_agency_s_own() -> None:
    for asked in (OTHER_WARD, CITY):
        with pytest.raises(Forbidden, match="other_agency"):
            register_agency(actor("head_of_unit", WARD), asked, DIRECTORY)
    with pytest.raises(Forbidden, match="other_agency"):
        register_agency(actor("head_of_unit", CITY), WARD, DIRECTORY)


def test_figures_are_shown_to_those_above() -> None:
    head = actor("head_of_unit", CITY)
    assert reported_agency(head, WARD, DIRECTORY) == WARD
    assert reported_agency(head, None, DIRECTORY) == CITY
    with pytest.raises(Forbidden, match="other_agency"):
        reported_agency(head, OTHER_CITY, DIRECTORY)
    with pytest.raises(Forbidden, match="other_agency"):
        reported_agency(actor("head_of_unit", WARD), OTHER_WARD, DIRECTORY)


def test_operators_see_all_figures_and_citizens_none() -> None:
    assert reported_agency(actor("operator"), OTHER_CITY, DIRECTORY) == OTHER_CITY
    with pytest.raises(Invalid) as refusal:
        reported_agency(actor("operator"), None, DIRECTORY)
    assert refusal.value.fields[0]["path"] == "agency"
    with pytest.raises(Forbidden, match="role_not_allowed"):
        reported_agency(actor("citizen"), WARD, DIRECTORY)

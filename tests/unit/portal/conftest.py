from copy import deepcopy

import pytest

from tests.support.gateway import PUBLIC_URL, GatewayInHand
from tests.support.issuers import started_issuers
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import ANSWERS

TOPICS = {
    "life_events": [{"key": "sinh_con", "name": {"vi": "Có con nhỏ", "en": "Having a child"}, "procedures": 2}],
    "sectors": [],
}


@pytest.fixture(scope="session")
def portal_for_all() -> GatewayInHand:
    issuers = started_issuers(PUBLIC_URL)
    return GatewayInHand(environment=issuers.settings(), web=issuers.web())


@pytest.fixture
def gateway(portal_for_all: GatewayInHand) -> GatewayInHand:
    portal_for_all.begin_again()
    portal_for_all.bus.answers["list_topics"] = TOPICS
    return portal_for_all


@pytest.fixture
def reader(gateway: GatewayInHand) -> Reader:
    return Reader(gateway.app)


@pytest.fixture
def officer(gateway: GatewayInHand, reader: Reader) -> Reader:
    """Somebody at the counter, at their desk."""
    gateway.bus.answers |= deepcopy(ANSWERS)
    return reader.sign_in("reception-ninh-kieu")

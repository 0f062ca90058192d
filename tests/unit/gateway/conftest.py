import pytest

from tests.support.gateway import GatewayInHand

RECEIPT = {
    "id": "0f8fad5bd9cb469fa16570867728950e",
    "code": "H13.30.01-261005-0001",
    "status": 1,
    "status_name": "Mới đăng ký",
    "version": 1,
    "forms": [],
}


@pytest.fixture(scope="session")
def gateway_for_all() -> GatewayInHand:
    return GatewayInHand()


@pytest.fixture
def gateway(gateway_for_all: GatewayInHand) -> GatewayInHand:
    gateway_for_all.begin_again()
    gateway_for_all.bus.answers["submit_application"] = RECEIPT
    return gateway_for_all

"""The SCIM storage under the suite that scim2-server has for storages, and its filters beside those in memory."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract

from services.email_provisioning.adapters.scim.documents import SCIM_INDEXES
from services.email_provisioning.adapters.scim.storage import MongoScimStorage
from shared.persistence import ensure_indexes


@pytest.fixture(scope="module")
def client(mongo_uri: str) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority") as opened:
        yield opened


class TestMongoScimStorage(ScimStorageContract):
    @pytest.fixture
    def storage(
        self, client: MongoClient[dict[str, Any]], mongo_prefix: str, provider: ScimProvider
    ) -> MongoScimStorage:
        collection = client[f"{mongo_prefix}scim"]["resources"]
        collection.delete_many({})
        ensure_indexes(collection, SCIM_INDEXES)
        return MongoScimStorage(collection, provider)

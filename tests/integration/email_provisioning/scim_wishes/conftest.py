"""A directory, and an identity provider that fills it."""

from collections.abc import Iterator

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from tests.integration.email_provisioning.scim_wishes.wishes import Document
from tests.support.directory import DirectoryWorld, mongo_world, small_world
from tests.support.scim import IdentityProvider


@pytest.fixture
def world(client: MongoClient[Document], mongo_prefix: str) -> Iterator[DirectoryWorld]:
    """A directory of one's own, on Monday."""
    store = client[f"{mongo_prefix}wishes"]
    yield small_world(mongo_world(store))
    for name in store.list_collection_names():
        store[name].delete_many({})


@pytest.fixture
def rows(client: MongoClient[Document], mongo_prefix: str, world: DirectoryWorld) -> Collection[Document]:
    return client[f"{mongo_prefix}wishes"]["scim_resources"]


@pytest.fixture
def idp(world: DirectoryWorld) -> IdentityProvider:
    return IdentityProvider(world)

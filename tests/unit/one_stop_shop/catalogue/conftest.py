import pytest

from services.one_stop_shop.adapters.catalogue_files import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()

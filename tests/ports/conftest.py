"""Every test that asks for a `kit` runs once with each bucket."""

from tests.ports.databases import client as client
from tests.ports.databases import rows as rows
from tests.ports.databases import settings as settings
from tests.ports.kits import kit as kit

"""What there is to run: the services of this platform, and who offers something on the bus."""

from local.state import ROOT


def service_names() -> list[str]:
    """The services of this platform: every folder of services/ with a service.py."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))


def offering() -> list[str]:
    """Who offers something on the bus: the services, and the watch, which answers operators."""
    return [*service_names(), "watch"]

"""What all services offer, from their contracts."""

from importlib import import_module

from local.platform import service_names
from shared.contracts.operations import Operation


def all_operations() -> list[Operation]:
    """The operations of every service, in the order of their names."""
    return [
        operation
        for name in service_names()
        for operation in import_module(f"shared.contracts.{name}.operations").OPERATIONS
    ]

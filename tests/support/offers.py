"""What all services offer, from their contracts."""

from importlib import import_module
from types import ModuleType

from local.parts import offering
from shared.contracts.operations import Operation


def all_operations() -> list[Operation]:
    """The operations of every service, in the order of their names."""
    return [operation for name in offering() for operation in _contract(name).OPERATIONS]


def _contract(name: str) -> ModuleType:
    """The module with a service's operations; a small service has one module for all its contract."""
    contract = import_module(f"shared.contracts.{name}")
    return import_module(f"{contract.__name__}.operations") if hasattr(contract, "__path__") else contract

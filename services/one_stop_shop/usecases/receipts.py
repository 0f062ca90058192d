"""The answer to every command on an application, in the form in which it is kept for a repetition."""

from datetime import datetime
from typing import Any

from services.one_stop_shop.domain.application import Application
from services.one_stop_shop.domain.statuses import named


def receipt(application: Application) -> dict[str, Any]:
    """Where the application stands now (`ApplicationReceipt`), as plain JSON values."""
    return {
        "id": application["_id"],
        "code": application["code"],
        **named(application["status"]),
        "version": application["version"],
        "step": application["step"],
        "submitted_at": _text(application["submitted_at"]),
        "received_at": _text(application["received_at"]),
        "due_at": _text(application["due_at"]),
        "payment": {name: application["payment"][name] for name in ("state", "amount")},
        "forms": [form["form"] for form in application["forms"]],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

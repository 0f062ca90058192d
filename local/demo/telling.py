"""What the demo writes on the terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from local.demo.bus_tap import BusTap, Envelope

console = Console(highlight=False, soft_wrap=True)


class News:
    """The events of an application, each told once."""

    def __init__(self, tap: BusTap) -> None:
        self._tap, self._told = tap, 0

    def tell(self, application: dict[str, Any]) -> None:
        """What was heard on the bus since the last look, up to this version: the rest is of later acts."""
        before, self._told = self._told, int(application["version"])
        heard = self._tap.wait(lambda heard: _last(heard, application["id"]) >= self._told)
        for event in heard:
            if event["subject"] == application["id"] and before < int(event["sequence"]) <= self._told:
                which = f"[dim]#{event['sequence']}, {event['id']}[/dim]"
                console.print(f"      [green]sự kiện[/green] {event['type']} {which}")


def tell_application(vi: str, en: str, more: str, application: dict[str, Any]) -> None:
    """A step, and where the application stands after it."""
    console.print(f"\n[bold cyan]{vi}[/bold cyan] [dim]— {en}[/dim]")
    if more:
        console.print(f"      {more}")
    console.print(f"      trạng thái {application['status']}: {application['status_name']}")


def tell_document(vi: str, en: str, document: dict[str, Any]) -> None:
    """A step of an official document."""
    console.print(f"\n[bold magenta]{vi}[/bold magenta] [dim]— {en}[/dim]")
    console.print(f"      văn bản [bold]{document['code']}[/bold], {document['status_name']}")


def tell_step(vi: str, en: str) -> None:
    """A step of the conference."""
    console.print(f"\n[bold blue]{vi}[/bold blue] [dim]— {en}[/dim]")


def tell_fault(fault: str) -> None:
    """Something that was tried again."""
    console.print(f"      [yellow]{escape(fault)}[/yellow]")


def _last(events: list[Envelope], subject: str) -> int:
    return max((int(event["sequence"]) for event in events if event["subject"] == subject), default=0)

"""`make run`: the whole platform in the foreground, until Ctrl-C."""

import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.platform import CLIENTS_FILE, Platform, running_platform
from local.processes import STOP_SIGNALS, StartFailed, Supervisor
from local.servers import Servers
from local.state import DEFAULT_FOLDER, AlreadyRunning

# Wider than a narrow terminal rather than cut: a login must be fit for copying.
_console = Console(highlight=False, width=max(Console().width, 120))


class Stopped(Exception):
    """A person or the system wants the platform to stop."""


def main(folder: Path = DEFAULT_FOLDER) -> int:
    """Start everything, keep it alive, stop everything; answer the exit code."""
    for number in STOP_SIGNALS:
        signal.signal(number, _on_stop_signal)
    began = time.monotonic()
    try:
        _say("[bold]Trục Chung[/bold] is starting")
        with running_platform(folder, _tell_ready) as (servers, platform):
            _say(f"[bold green]Ready[/bold green] in {time.monotonic() - began:.1f} s")
            _print_addresses(servers, platform)
            _keep_alive(servers, platform)
    except Stopped:
        _say("Everything is stopped")
        return 0
    except (StartFailed, AlreadyRunning) as error:
        _say(f"[bold red]Not started:[/bold red] {escape(str(error))}")
        return 1
    return 0


def _on_stop_signal(number: int, frame: FrameType | None) -> None:
    """Begin to stop; further signals must not interrupt that."""
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    _say(f"Stopping ({signal.Signals(number).name}): gateway, services, mail, broker and database")
    raise Stopped


def _keep_alive(servers: Servers, platform: Platform) -> None:
    supervisor = Supervisor(lambda text: _say(f"[yellow]{escape(text)}[/yellow]"))
    for process in [*servers.processes, *platform.processes]:
        supervisor.watch(process)
    while True:
        supervisor.tick()
        time.sleep(0.2)


def _tell_ready(name: str, seconds: float, where: str) -> None:
    _say(f"[green]✓[/green] {name:<24}{seconds:5.1f} s   [dim]{escape(where)}[/dim]")


def _print_addresses(servers: Servers, platform: Platform) -> None:
    if platform.port != 8080:
        _say(f"Port 8080 is taken by another program, so this platform uses {platform.port}")
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_row("Pages for people", f"{platform.base_url}/")
    table.add_row("REST interface", f"{platform.base_url}/api/v1")
    table.add_row("Its description", f"{platform.base_url}/api/v1/docs")
    if servers.broker:
        table.add_row("RabbitMQ", f"{servers.broker.management_url}   (guest / guest)")
    table.add_row("MongoDB", servers.mongo_uri)
    for name, url in platform.health.items():
        table.add_row(f"Health of {name}", f"{url}/ready")
    if servers.mail:
        ports = servers.mail.ports
        table.add_row("Mail", f"127.0.0.1: IMAP {ports.imap}, SMTP {ports.smtp}, submission {ports.submission}")
        table.add_row("Letters to the outside", f"kept in {servers.mail.layout.outside}/; make letters shows them")
    table.add_row("Line reflector", f"{platform.reflector_at} (UDP), probes' secret in {platform.probe_secret}")
    table.add_row("Logs", f"{platform.gateways[0].log.parent}/")
    _console.print(table)
    if not servers.mail:
        _say(f"[yellow]Without mail delivery:[/yellow] {escape(servers.without_mail)}")
    for line in platform.attention_needed():
        _say(f"[yellow]Set-up:[/yellow] {escape(line)}")
    _console.print("", _logins(), "", sep="\n")
    _say(f"A token: curl -u LOGIN:SECRET -d grant_type=client_credentials {platform.base_url}/oauth/token")
    _say("[bold]make demo[/bold] in another terminal plays one application. [bold]Ctrl-C[/bold] stops everything.")


def _logins() -> Table:
    """The people of the demonstration, ready to log in."""
    clients: list[dict[str, Any]] = yaml.safe_load(CLIENTS_FILE.read_text("utf-8"))["clients"]
    table = Table(box=None, padding=(0, 2), header_style="bold")
    for name in ("Login", "Secret"):
        table.add_column(name, no_wrap=True)  # to be copied
    for name in ("Person", "Roles", "Agency"):
        table.add_column(name)
    for client in clients:
        roles = ", ".join(client["roles"])
        table.add_row(client["id"], client["secret"], client["name"], roles, client.get("agency", ""))
    return table


def _say(text: str) -> None:
    # The terminal may have gone away while the platform still has to be stopped in order.
    with suppress(OSError):
        _console.print(f"[dim]{time.strftime('%H:%M:%S')}[/dim]  {text}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

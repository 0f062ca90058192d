"""A load balancer before the gateways, as a data centre has one: it leads to those that say they are ready."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.processes import Process, StartFailed, says_ok
from local.starting import start
from local.state import State
from tests.support.stack import Stack

_PROGRAM = Path("/usr/sbin/haproxy")
# A connection that was refused is tried at the next gateway; a request that was sent is never sent twice.
_CONFIG = """\
defaults
    mode http
    timeout connect 2s
    timeout check 3s
    timeout client 60s
    timeout server 60s
    option redispatch 1
    retries 3

listen gateways
    bind 127.0.0.1:{port}
    balance roundrobin
    option httpchk
    http-check send meth GET uri /ready ver HTTP/1.1 hdr Host localhost
    default-server check inter 500ms fall 2 rise 1
    http-request return status 200 if {{ path /balancer }}
{servers}
"""


@contextmanager
def balanced(state: State, stack: Stack) -> Iterator[Stack]:
    """The platform behind a balancer over all its gateways, while the block runs.

    Raises:
        StartFailed: HAProxy is not installed.
    """
    if not _PROGRAM.exists():
        raise StartFailed("HAProxy is not installed. Run once: sudo apt-get install --no-install-recommends -y haproxy")
    port = state.port("balancer")
    url = f"http://127.0.0.1:{port}"
    file = state.path("haproxy.cfg")
    places = [f"    server {gateway.name} {gateway.env['GATEWAY_BIND']}" for gateway in stack.platform.gateways]
    file.write_text(_CONFIG.format(port=port, servers="\n".join(places)), "utf-8")
    process = Process(
        "balancer", [str(_PROGRAM), "-db", "-f", str(file)], folder=state.folder,
        is_ready=lambda: says_ok(f"{url}/balancer"),
    )  # fmt: skip
    start({process: ()})
    try:
        stack.base_url = url
        yield stack
    finally:
        process.stop()

"""The whole platform as processes of one machine: servers, jobs, services, gateway, in their order.

`make run`, the tests and the benchmarks start the same thing; they differ in the folder they give and in what
they do when a process dies.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.auth.sign_in import CITIZENS, OFFICERS
from local.demo.issuer import issuer_urls
from local.demo.outside import payment_url
from local.mail import MailHost
from local.parts import service_names
from local.processes import Process, end_leftovers, says_ok
from local.seal import seal, signing_key
from local.servers import Servers
from local.starting import Plan, Tell, start, stop_together
from local.state import ROOT, Run, State, own_start_time
from shared.set_up import attention_needed

CLIENTS_FILE = ROOT / "local" / "demo" / "clients.yaml"
# The first that no other program has.
_GATEWAY_PORTS = tuple(range(8080, 8100))
_REFLECTOR_PORT = 8620  # a probe asks there unless it is told otherwise


class Platform:
    """The jobs, services and gateway on given servers; `prefix` keeps its databases apart from others'.

    With a mail host its agent runs too; without it mailboxes wait to be made and no mail is delivered. Of every
    service and of the gateway there are `replicas`, the further ones named with their number.
    """

    def __init__(
        self,
        state: State,
        amqp_uri: str,
        mongo_uri: str,
        *,
        prefix: str,
        ports: tuple[int, ...] = (),
        mail: MailHost | None = None,
        replicas: int = 1,
    ) -> None:
        self._state = state
        self.amqp_uri, self.mongo_uri, self.prefix = amqp_uri, mongo_uri, prefix
        self.port = state.port("gateway", *ports)
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._outside_port = state.port("outside")
        self.environment = self._common_environment() | (_submission(mail) if mail else {})
        self.health: dict[str, str] = {}
        self._replicas = replicas
        numbers = ("", *(f"-{number}" for number in range(2, replicas + 1)))
        self.services = [self._service(name, number) for number in numbers for name in service_names()]
        self.services += [self._webhooks(number) for number in numbers]
        self._mail = mail
        self.mail_agents = [mail.agent(self.environment)] if mail else []
        if mail:
            self.health["mail-agent"] = f"http://127.0.0.1:{mail.health_port}"
        self.gateways = [self._gateway(number) for number in numbers]
        self.probe_secret = state.secret_file("probe_secret")
        self.reflector_at = f"127.0.0.1:{state.port('reflector', _REFLECTOR_PORT)}"
        self._reflector = self._line_reflector()
        self._watch = self._worker("watch", ["shared.messaging.run", "ops.service"], HEALTH_URLS=self._health_urls())
        self.outside = self._what_lies_outside()
        self._topology = self._process("topology", [sys.executable, "-m", "shared.messaging.topology"])
        self._setups = [
            self._process(f"{name}-setup", [sys.executable, "-m", f"services.{name}.setup"])
            for name in service_names()
            if (ROOT / "services" / name / "setup.py").exists()
        ]

    @property
    def processes(self) -> list[Process]:
        """All that must be kept alive."""
        return [*self.services, *self.mail_agents, *self.gateways, self._watch, self._reflector, self.outside]

    def plan(self, databases: Collection[Process] = ()) -> Plan:
        """Jobs and services after the servers and jobs that they need; the gateway connects when it can."""
        jobs = [self._topology, *self._setups]
        return {
            **dict.fromkeys(self._setups, databases),
            self._topology: (),  # waits for the broker itself, with everything loaded
            **dict.fromkeys(self.services, jobs),
            **dict.fromkeys(self.gateways, ()),
            self._watch: jobs,
            self._reflector: (),
            self.outside: (),
            **{agent: [self._topology, *self._mail.processes] for agent in self.mail_agents if self._mail},
        }

    @property
    def optional(self) -> list[Process]:
        """What the platform can do without."""
        return [*self.mail_agents, *self._mail.processes] if self._mail else []

    def leave_mail_out(self) -> None:
        """The mail host did not start: end what did, and watch none of it."""
        stop_together(self.optional)
        self.health.pop("mail-agent", None)
        self._mail, self.mail_agents = None, []

    def attention_needed(self) -> list[str]:
        """What the set-up left undone until somebody does something: a line each, with its log."""
        return [f"{line} ({job.log})" for job in self._setups for line in attention_needed(job.said())]

    def announce(self) -> None:
        """Tell others on this machine that the platform runs, and where."""
        self._state.write_run(self._as_run())

    def stop(self) -> None:
        """Stop the gateway first, so that nothing new comes in, then the services, which finish what they have."""
        stop_together(self.gateways)
        beside = [self._watch, self._reflector, self.outside, self._topology]
        stop_together([*self.services, *self.mail_agents, *beside, *self._setups])

    def _common_environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "HEALTH_ADDRESS": "127.0.0.1",
            "AMQP_URI": self.amqp_uri,
            "MONGO_URI": self.mongo_uri,
            "MONGO_DATABASE_PREFIX": self.prefix,
            "PUBLIC_URL": self.base_url,
            "WEBHOOK_TARGETS": "any",
            "ISSUER_KEY_FILE": str(self._state.secret_file("issuer_key.pem", signing_key)),
            **seal(self._state),
            "PAYMENT_SECRET_FILE": str(self._state.secret_file("payment_secret")),
            "PAYMENT_PAGE": payment_url(self._outside_port),
            "CLIENTS_FILE": str(CLIENTS_FILE),
            **self._sign_in(),
        }

    def _sign_in(self) -> dict[str, str]:
        """People sign in at the issuers of the demonstration."""
        urls, secret = issuer_urls(self._outside_port), str(self._state.secret_file("sign_in_secret"))
        return {
            "SIGN_IN_CITIZENS": urls[CITIZENS],
            "SIGN_IN_CITIZENS_SECRET_FILE": secret,
            "SIGN_IN_OFFICERS": urls[OFFICERS],
            "SIGN_IN_OFFICERS_SECRET_FILE": secret,
            "OWN_ISSUERS": ",".join(urls.values()),
        }

    def _what_lies_outside(self) -> Process:
        """Nothing waits for it: people go there when they sign in or pay."""
        secret, key = self._state.secret_file("sign_in_secret"), self._state.secret_file("sign_in_key.pem", signing_key)
        about = f"{issuer_urls(self._outside_port)[CITIZENS]}/.well-known/openid-configuration"
        paying = self._state.secret_file("payment_secret")
        given = [str(self._outside_port), self.base_url, *map(str, (CLIENTS_FILE, secret, key, paying))]
        return self._process(
            "outside", [sys.executable, "-m", "local.demo.outside", *given], is_ready=lambda: says_ok(about)
        )

    def _service(self, name: str, number: str) -> Process:
        return self._worker(f"{name}{number}", ["shared.messaging.run", f"services.{name}.service"])

    def _webhooks(self, number: str) -> Process:
        return self._worker(f"document_routing-webhooks{number}", ["services.document_routing.webhooks"])

    def _health_urls(self) -> str:
        """What the watch asks; itself it need not."""
        return ",".join(f"{name}={url}" for name, url in self.health.items())

    def _line_reflector(self) -> Process:
        given = {"PROBE_SECRET_FILE": str(self.probe_secret), "REFLECTOR_BIND": self.reflector_at}
        return self._worker("reflector", ["services.conference_booking.reflector"], **given)

    def _worker(self, name: str, module: list[str], **more: str) -> Process:
        port = self._health_port(name)
        return self._process(
            name,
            [sys.executable, "-m", *module],
            {"HEALTH_PORT": str(port), **more},
            is_ready=lambda: says_ok(f"http://127.0.0.1:{port}/ready"),
        )

    def _gateway(self, number: str) -> Process:
        name = f"gateway{number}"
        port = self._state.port(name) if number else self.port
        drain = "5" if self._replicas > 1 else "0"  # a balancer stands before several
        return self._process(
            name,
            [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"],
            {
                "GATEWAY_BIND": f"127.0.0.1:{port}",
                "HEALTH_PORT": str(self._health_port(name)),
                "DRAIN_SECONDS": drain,
            },
            is_ready=lambda: says_ok(f"http://127.0.0.1:{port}/ready"),
        )

    def _health_port(self, name: str) -> int:
        port = self._state.port(f"{name}-health")
        self.health[name] = f"http://127.0.0.1:{port}"
        return port

    def _process(
        self, name: str, argv: list[str], env: dict[str, str] | None = None, is_ready: Callable[[], bool] | None = None
    ) -> Process:
        env = self.environment | (env or {})
        return Process(name, argv, folder=self._state.folder, env=env, is_ready=is_ready, cwd=ROOT)

    def _as_run(self) -> Run:
        return Run(
            pid=os.getpid(),
            started=own_start_time(),
            base_url=self.base_url,
            amqp_uri=self.amqp_uri,
            mongo_uri=self.mongo_uri,
            mongo_database_prefix=self.prefix,
            folder=str(self._state.folder),
            health=self.health,
        )


@contextmanager
def running_platform(
    folder: Path, tell: Tell, *, prefix: str = "trucchung_", ports: tuple[int, ...] = _GATEWAY_PORTS
) -> Iterator[tuple[Servers, Platform]]:
    """A started platform with its servers, stopped in order at the end, also when its start is interrupted."""
    state = State(folder)
    state.claim()
    try:
        if ended := end_leftovers(folder):
            tell("earlier run", 0, f"was killed; ended {ended} processes that it left behind")
        servers = Servers(state, mail=True)
        platform = Platform(state, servers.amqp_uri, servers.mongo_uri, prefix=prefix, ports=ports, mail=servers.mail)
        try:
            left_out = start({**servers.plan(), **platform.plan(servers.databases)}, tell, platform.optional)
            if left_out:
                platform.leave_mail_out()
                servers.mail, servers.without_mail = None, next(iter(left_out.values()))
            platform.announce()
            yield servers, platform
        finally:
            platform.stop()
            servers.stop()
    finally:
        state.release()


def _submission(mail: MailHost) -> dict[str, str]:
    """Outgoing messages go to the private mail host: to its own mailboxes, or into its box of letters outside."""
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.ports.smtp),
        "SMTP_TLS": "none",
        "SMTP_SENDER": "khong-tra-loi@dichvucong.localhost",
    }

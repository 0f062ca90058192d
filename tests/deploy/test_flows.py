"""NetworkPolicies name each flow that the code uses, and no other."""

import ipaddress
from typing import Any

import pytest

from shared.environment import env_name
from tests.deploy.overlay import OVERLAYS, SERVERS, Manifest, Workload, of_kind, rendered, selects, workloads
from tests.deploy.parts import SETTINGS, reads

EVERYBODY = {"deny", "ask-for-names"}
OUT = {
    "amqp_uri": "use-bus",
    "mongo_uri": "use-database",
    "smtp_host": "use-mail",
    "returned_host": "use-mail",
    "trusted_issuers": "ask-issuers",
    "sign_in_citizens": "ask-issuers",
    "sign_in_officers": "ask-issuers",
    "webhook_seconds": "tell-subscribers",
    "janus_admin_secret": "command-bridges",
    "traces_url": "send-traces",
}
"""The settings by which a process knows whom to call, and the policy that lets it."""
IN = {
    "gateway_bind": {"citizens-to-gateway", "agencies-to-gateway"},
    "reflector_bind": {"endpoints-to-reflector"},
    "health_port": {"figures-to-monitoring"},
}
SERVER_FLOWS = {
    "bus-from-platform": {"RabbitmqCluster"},
    "bus-peers": {"RabbitmqCluster"},
    "bus-asks-kubernetes": {"RabbitmqCluster"},
    "bus-from-operator": {"RabbitmqCluster"},
    "bus-from-keda": {"RabbitmqCluster", "ScaledObject"},
    "bus-from-monitoring": {"RabbitmqCluster", "PodMonitor"},
    "bus-from-mail-hosts": {"RabbitmqCluster", "use-mail"},
    "database-from-platform": {"MongoDBCommunity"},
    "database-peers": {"MongoDBCommunity"},
    "database-asks-kubernetes": {"MongoDBCommunity"},
    "database-from-monitoring": {"MongoDBCommunity", "PodMonitor"},
}
"""The policies of servers in the cluster, and what has to be in an overlay (kinds, or other policies) for each."""

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


def policies(overlay: str) -> dict[str, Manifest]:
    """All policies by name."""
    return {manifest["metadata"]["name"]: manifest for manifest in of_kind(overlay, "NetworkPolicy")}


def incoming(overlay: str) -> dict[str, set[str]]:
    """The settings by which a process listens, and the policies that let others in."""
    monitored = bool(of_kind(overlay, "PodMonitor"))
    return {setting: names for setting, names in IN.items() if monitored or setting != "health_port"}


def chosen_by(work: Workload, overlay: str, direction: str) -> set[str]:
    """The policies of a direction that take this process, apart from those for everybody."""
    return {
        name
        for name, policy in policies(overlay).items()
        if direction in policy["spec"]
        if name not in EVERYBODY and selects(policy["spec"]["podSelector"], work.labels)
    }


def is_used(setting: str, work: Workload) -> bool:
    """Whether a process reads a setting that has a value here."""
    name = env_name(SETTINGS[setting])
    given = work.environment.get(name) or work.environment.get(f"{name}_FILE") or SETTINGS[setting].default
    return setting in reads(work.module) and bool(given)


@overlays
def test_each_process_may_call_whom_it_calls_and_nobody_else(overlay: str) -> None:
    used = set()
    for work in workloads(overlay):
        expected = {policy for setting, policy in OUT.items() if is_used(setting, work)}
        assert chosen_by(work, overlay, "egress") == expected, work.name
        used |= expected
    there = {manifest["kind"] for manifest in rendered(overlay)} | used
    servers = {name for name, needed in SERVER_FLOWS.items() if needed <= there}
    assert set(policies(overlay)) == used | EVERYBODY | set().union(*incoming(overlay).values()) | servers


@overlays
def test_only_who_listens_is_called(overlay: str) -> None:
    for work in workloads(overlay):
        expected = set().union(
            *(names for setting, names in incoming(overlay).items() if setting in reads(work.module))
        )
        assert chosen_by(work, overlay, "ingress") == expected, work.name


@overlays
def test_what_is_not_named_is_denied(overlay: str) -> None:
    deny = policies(overlay)["deny"]["spec"]
    assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for name, policy in policies(overlay).items():
        assert policy["metadata"]["annotations"]["reason"].endswith("."), name
        for direction in ("ingress", "egress"):
            assert (direction.capitalize() in policy["spec"]["policyTypes"]) == (
                direction in policy["spec"]
            ) or name == "deny"


@overlays
def test_servers_let_in_who_calls_them(overlay: str) -> None:
    found = policies(overlay)
    kinds = {manifest["kind"] for manifest in of_kind(overlay, *SERVERS)}
    assert len(kinds) in (0, 2)
    for kind in kinds:
        server = {"RabbitmqCluster": "bus", "MongoDBCommunity": "database"}[kind]
        outward, inward = found[f"use-{server}"]["spec"], found[f"{server}-from-platform"]["spec"]
        (out,), (into,) = outward["egress"], inward["ingress"]
        assert inward["podSelector"] == out["to"][0]["podSelector"] == {"matchLabels": SERVERS[kind]}
        assert into["from"] == [{"podSelector": outward["podSelector"]}]
        assert into["ports"] == out["ports"]
        for name in found:
            if name.startswith(f"{server}-"):
                assert found[name]["spec"]["podSelector"] == {"matchLabels": SERVERS[kind]}


@overlays
def test_ports_are_those_of_the_settings(overlay: str) -> None:
    (directory,) = [work for work in workloads(overlay) if "smtp_host" in reads(work.module)]
    if "use-mail" in policies(overlay):
        ports = _ports(policies(overlay)["use-mail"]["spec"]["egress"])
        for setting in ("smtp_port", "returned_port"):
            value = directory.environment.get(env_name(SETTINGS[setting])) or SETTINGS[setting].default
            assert int(value) in ports
    for setting, port in (("gateway_bind", "http"), ("reflector_bind", "probes")):
        for name in IN[setting]:
            assert _ports(policies(overlay)[name]["spec"]["ingress"]) == {port}


@overlays
def test_nothing_flows_out_to_just_anywhere(overlay: str) -> None:
    for name, policy in policies(overlay).items():
        for rule in policy["spec"].get("egress", ()):
            assert rule.get("to"), name
            assert rule.get("ports"), name
    for name in {"bus-asks-kubernetes", "database-asks-kubernetes"} & set(policies(overlay)):
        (rule,) = policies(overlay)[name]["spec"]["egress"]
        blocks = [ipaddress.ip_network(one["ipBlock"]["cidr"]) for one in rule["to"]]
        assert all(block.is_private and block.prefixlen >= 8 for block in blocks)


@overlays
def test_webhooks_reach_no_private_address(overlay: str) -> None:
    (rule,) = policies(overlay)["tell-subscribers"]["spec"]["egress"]
    (to,) = rule["to"]
    assert {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"} <= set(to["ipBlock"]["except"])


def _ports(rules: list[Manifest]) -> set[Any]:
    return {port["port"] for rule in rules for port in rule["ports"]}

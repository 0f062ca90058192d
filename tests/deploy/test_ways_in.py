"""How citizens, agencies and probes of lines come in."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from local.state import ROOT
from tests.deploy.overlay import OVERLAYS, of_kind, render, workloads
from tests.deploy.parts import GATEWAY, SETTINGS, reads

overlays = pytest.mark.parametrize("overlay", OVERLAYS)


@overlays
def test_probes_reach_the_port_on_which_they_are_answered(overlay: str) -> None:
    (reflector,) = [work for work in workloads(overlay) if "reflector_bind" in reads(work.module)]
    (service,) = [one for one in of_kind(overlay, "Service") if one["metadata"]["name"] == reflector.name]
    bound = reflector.environment.get("REFLECTOR_BIND") or SETTINGS["reflector_bind"].default
    ports = {port["name"]: port["containerPort"] for port in reflector.container["ports"]}
    assert service["spec"]["ports"][0]["port"] == ports["probes"] == int(bound.rpartition(":")[2])


@overlays
def test_both_ways_in_lead_to_the_gateway_and_let_files_through(overlay: str) -> None:
    (gateway,) = [work for work in workloads(overlay) if work.module == GATEWAY]
    (service,) = [one for one in of_kind(overlay, "Service") if one["metadata"]["name"] == "gateway"]
    ways = of_kind(overlay, "Ingress")
    assert len({way["spec"]["ingressClassName"] for way in ways}) == len(ways) == 2
    hosts = {}
    for way in ways:
        (rule,), (tls,) = way["spec"]["rules"], way["spec"]["tls"]
        hosts[way["metadata"]["name"]] = rule["host"]
        assert tls["hosts"] == [rule["host"]]
        (path,) = rule["http"]["paths"]
        assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"name": "http"}}
        limit = way["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        largest = int(gateway.environment.get("MAX_UPLOAD_BYTES") or SETTINGS["max_upload_bytes"].default)
        assert int(re.fullmatch(r"(\d+)m", limit)[1]) * 1024 * 1024 > largest
    told = {"citizens": gateway.environment["PUBLIC_URL"], "agencies": gateway.environment["OFFICERS_URL"]}
    assert {name: urlsplit(address).hostname for name, address in told.items()} == hosts
    assert gateway.environment["TRUSTED_PROXIES"] == "1"


def test_gateway_api_leads_where_the_ingress_does(tmp_path: Path) -> None:
    parts = {"resources": ["base"], "components": ["components/gateway-api"]}
    shown = {key: [os.path.relpath(ROOT / "k8s" / name, tmp_path) for name in names] for key, names in parts.items()}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(shown), "utf-8")
    made = render(tmp_path)
    (service,) = [one for one in made if one["kind"] == "Service" and one["metadata"]["name"] == "gateway"]
    gateways, routes = (
        {one["metadata"]["name"]: one["spec"] for one in made if one["kind"] == kind}
        for kind in ("Gateway", "HTTPRoute")
    )
    ways = {way["metadata"]["name"]: way["spec"] for way in of_kind("production", "Ingress")}
    assert set(gateways) == set(routes) == set(ways)
    for name, way in ways.items():
        (listener,), (rule,) = gateways[name]["listeners"], routes[name]["rules"]
        assert gateways[name]["gatewayClassName"] == way["ingressClassName"]
        assert [listener["hostname"]] == routes[name]["hostnames"] == way["tls"][0]["hosts"]
        assert [one["name"] for one in listener["tls"]["certificateRefs"]] == [way["tls"][0]["secretName"]]
        assert routes[name]["parentRefs"] == [{"name": name, "sectionName": listener["name"]}]
        assert rule["backendRefs"] == [{"name": "gateway", "port": service["spec"]["ports"][0]["port"]}]

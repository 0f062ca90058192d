"""The unit that the how-to gives runs the probe for ever, as nobody else, with what its configuration names."""

import configparser
import re
import shlex
import tomllib

from local.state import ROOT

TEXT = (ROOT / "docs/how-to/install-a-line-probe.md").read_text("utf-8")


class Unit(configparser.RawConfigParser):
    """A unit of systemd, whose entries may come several times; the last of them counts here."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_unit_fits_the_configuration_beside_it() -> None:
    (text,) = re.findall(r"```ini\n(.*?)```", TEXT, re.DOTALL)
    (told,) = (tomllib.loads(one) for one in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
    unit = Unit(strict=False)
    unit.read_string(text)
    service = unit["Service"]
    credentials = dict(re.findall(r"^LoadCredential=([^:]+):(.+)$", text, re.MULTILINE))
    assert credentials == {
        name: f"/etc/line-probe/{name}" for name in ("probe.toml", told["key_file"], told["secret_file"])
    }, "a dynamic user can read no file that root keeps"
    assert shlex.split(service["ExecStart"])[-1] == "${CREDENTIALS_DIRECTORY}/probe.toml"
    assert f"/var/lib/{service['StateDirectory']}" == told["folder"]
    assert (service["DynamicUser"], service["Restart"]) == ("yes", "always")
    assert unit["Unit"]["StartLimitIntervalSec"] == "0", "or systemd gives up after some starts"
    assert unit["Install"]["WantedBy"] == "multi-user.target"
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == "CAP_NET_RAW"

from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from shared.environment import SettingsError, env_name
from shared.settings import Settings, load

LEAST = {"AMQP_URI": "pyamqp://broker", "MONGO_URI": "mongodb://database"}


def mistakes(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        load(LEAST | environ)
    return wrong.value.mistakes


def test_every_setting_but_the_two_addresses_has_a_default() -> None:
    settings = load(LEAST)
    required = {env_name(declared) for declared in fields(Settings) if declared.default is MISSING}
    assert required == set(LEAST)
    assert settings.max_upload_bytes == 52_428_800


def test_values_get_their_types() -> None:
    settings = load(
        LEAST
        | {
            "MAX_WORKERS": "7",
            "RPC_TIMEOUT_SECONDS": "2.5",
            "ALLOWED_FILE_TYPES": "pdf, png,",
            "CLIENTS_FILE": "/etc/clients.json",
            "LOG_LEVEL": "ERROR",
        }
    )
    assert settings.max_workers == 7
    assert settings.rpc_timeout_seconds == 2.5
    assert settings.allowed_file_types == ("pdf", "png")
    assert settings.clients_file == Path("/etc/clients.json")
    assert settings.log_level == "ERROR"


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as wrong:
        load({"AMQP_URI": "", "MAX_WORKERS": "many", "HEARTBEAT": "-1", "LOG_LEVEL": "loud"})
    assert wrong.value.mistakes == [
        "AMQP_URI is missing",
        "MONGO_URI is missing",
        "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'loud'",
        "MAX_WORKERS must be a whole number, not 'many'",
        "HEARTBEAT must be at least 0, not -1",
    ]
    assert all(mistake in str(wrong.value) for mistake in wrong.value.mistakes)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    mounted = tmp_path / "uri"
    mounted.write_text("mongodb://user:geheim@database\n", encoding="utf-8")
    settings = load({"AMQP_URI": "a", "MONGO_URI_FILE": str(mounted)})
    assert settings.mongo_uri == "mongodb://user:geheim@database"
    assert "geheim" not in repr(settings)


def test_a_secret_given_twice_or_in_an_unreadable_file_is_a_mistake(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    assert mistakes(MONGO_URI_FILE=missing) == ["MONGO_URI is given twice, also as MONGO_URI_FILE"]
    assert mistakes(ISSUER_KEY_FILE=missing) == [f"ISSUER_KEY cannot be read from {missing}: No such file or directory"]


def test_only_secrets_come_from_files(tmp_path: Path) -> None:
    level = tmp_path / "level"
    level.write_text("DEBUG")
    assert load(LEAST | {"LOG_LEVEL_FILE": str(level)}).log_level == "INFO"


def test_a_mistaken_secret_is_not_shown() -> None:
    secrets = [declared for declared in fields(Settings) if declared.metadata["secret"]]
    assert {declared.name for declared in secrets} >= {"amqp_uri", "mongo_uri", "issuer_key", "payment_secret"}
    assert all(declared.type in (str, str | None) for declared in secrets), "any other type would be quoted when wrong"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        load(LEAST).max_workers = 1  # type: ignore[misc]  # that is the point

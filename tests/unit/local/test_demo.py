"""What the demonstration prints: each event under the act that caused it, amounts as Vietnam writes them."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from local.demo import play as demo


class Shop:
    """A platform of one application; whatever is done with it is announced at once, and may have consequences."""

    def __init__(self) -> None:
        self.view: dict[str, Any] = {"id": "a", "version": 0, "status": 1, "status_name": "Mới đăng ký"}
        self.events: list[dict[str, Any]] = []

    def happens(self, event: str) -> dict[str, Any]:
        """The receipt of what happened."""
        self.view = {**self.view, "version": self.view["version"] + 1}
        self.events.append({"type": event, "subject": "a", "sequence": self.view["version"], "id": event})
        return self.view

    def wait(self, enough: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Everything heard so far, as `BusTap` does."""
        assert enough(self.events)
        return self.events


class Somebody:
    """A caller of that platform."""

    def __init__(self, shop: Shop, callback: Callable[[], object]) -> None:
        self.shop, self._callback = shop, callback

    def act(self, _: Any, action: str, **__: Any) -> dict[str, Any]:
        return self.shop.happens(action)

    def send(self, *_: str, **__: Any) -> None:
        self._callback()

    def post(self, _: str, __: Any) -> dict[str, Any]:
        self.shop.happens("payment_started")
        return {"payment": "a-1", "amount": 100_000}

    def get(self, _: str) -> dict[str, Any]:
        return self.shop.view


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def play(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> demo.Play:
    monkeypatch.setattr(demo, "Caller", lambda *_, **__: Somebody(shop, lambda: shop.happens("payment_received")))
    monkeypatch.setattr(demo.Path, "read_bytes", lambda _: b"secret")
    monkeypatch.setattr(demo.ExitStack, "enter_context", lambda _, caller: caller)
    run: Any = SimpleNamespace(base_url="", folder="")
    tap: Any = shop
    playing = demo.Play(run, tap)
    playing.application = shop.view
    return playing


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The acts and events in the order in which they were printed, and amounts."""
    found = re.findall(r"— (.+)|sự kiện ([\w-]+)|([\d.,]+ đồng)", capsys.readouterr().out)
    return ["".join(parts) for parts in found]


def test_every_event_stands_under_the_act_that_caused_it(play: demo.Play, capsys: pytest.CaptureFixture[str]) -> None:
    play.pay()
    assert told(capsys) == [
        "asks for the fee first",
        "request-payment",
        "opens the payment page",
        "100.000 đồng",
        "payment_started",
        "the payment platform confirms, signed",
        "payment_received",
    ]


def test_what_follows_by_itself_waits_for_its_own_act(
    play: demo.Play, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    play.application = shop.happens("finished")
    shop.happens("result_registered")
    play._tell("Lãnh đạo ký", "signs", "")
    play._refresh()
    play._tell("Vào sổ", "is registered", "")
    assert told(capsys) == ["signs", "finished", "is registered", "result_registered"]

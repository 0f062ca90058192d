"""The page of a line shows what was measured last, however much there is."""

from datetime import timedelta
from typing import Any

from shared.wall_clock import current_moment
from shared.working_time import VIETNAM
from tests.support.conference_world import CLERK, PROBE, ConferenceWorld
from tests.support.gateway import GatewayInHand
from tests.support.line_samples import SOURCE, sample
from tests.support.reader import Reader

FIVE = timedelta(seconds=5)


def test_the_newest_samples_are_shown_of_more_than_one_page_of_them(gateway: GatewayInHand, reader: Reader) -> None:
    world = ConferenceWorld(now=current_moment())
    for number in range(1000, 0, -200):
        older = range(number, number - 200, -1)
        samples = [sample(1001 - n, world.now - n * FIVE, lost=40 if n < 3 else 0) for n in older]
        world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=samples)

    def answer(request: dict[str, Any]) -> Any:
        return world.ask("list_measurements", CLERK, **request)

    name = {"vi": "Điểm cầu phường Hạc Thành", "en": "Hac Thanh"}
    gateway.bus.answers |= {
        "read_endpoint": {"key": "th-05", "name": name, "network": "thanh-hoa"},
        "list_measurements": answer,
    }
    reader.sign_in("technician-thanh-hoa").open("/hop/duong-truyen/th-05/primary")
    first, second, third = (row.text_content() for row in reader.page.xpath("//tbody/tr")[:3])
    assert ("40%" in first, "40%" in second, "40%" in third) == (True, True, False)
    assert "cao nhất 40%" in reader.words
    scales = ["".join(one.itertext("span")) for one in reader.page.xpath("//*[@class='tc-chart__scale']")]
    assert scales == ["40%0%", "400 ms0 ms"]
    times = [one.xpath("span/text()") for one in reader.page.xpath("//*[@class='tc-chart__times']")]
    first, last = (f"{world.now.astimezone(VIETNAM) - n * FIVE:%H:%M}" for n in (120, 1))
    assert times == [[first, last]] * 2
    assert len({row.text_content()[:8] for row in reader.page.xpath("//tbody/tr")[:3]}) == 3, "seconds tell them apart"
    world.now += timedelta(hours=2)
    gateway.bus.answers["list_measurements"] = lambda request: answer(
        request | {"since": (world.now - timedelta(hours=1)).isoformat()}
    )
    assert "Không có lần đo nào trong một giờ qua." in reader.open("/hop/duong-truyen/th-05/primary").words

"""Draws bars as SVG, for pages and for the report alike."""

from collections.abc import Sequence
from html import escape

from services.conference_booking.ports import Bar

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 36, 36
_FONT = "font-family='Libertinus Serif, serif'"
_BLUE, _INK, _GREY = "#1f5a96", "#1b1b1b", "#9a9a9a"


class SvgCharts:
    """Implements `ports.Charts`."""

    def bars(self, title: str, bars: Sequence[Bar]) -> str:
        """One bar for each value, with the value above and its name below; its title is also for those who listen."""
        base, room = HEIGHT - _BOTTOM, HEIGHT - _TOP - _BOTTOM - 16
        most = max((bar.value for bar in bars), default=0) or 1
        step = (WIDTH - _LEFT - _RIGHT) / max(len(bars), 1)
        width = min(step * 0.6, 64)
        parts = [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'>",
            f"<title>{escape(title)}</title>",
            f"<rect width='{WIDTH}' height='{HEIGHT}' fill='white'/>",
            f"<text x='{_LEFT}' y='20' {_FONT} font-size='14' font-weight='bold' fill='{_INK}'>{escape(title)}</text>",
            f"<line x1='{_LEFT}' y1='{base}' x2='{WIDTH - _RIGHT}' y2='{base}' stroke='{_GREY}'/>",
        ]
        for number, bar in enumerate(bars):
            middle, high = _LEFT + step * (number + 0.5), room * bar.value / most
            place = f"x='{middle - width / 2:.1f}' y='{base - high:.1f}'"
            label = f"x='{middle:.1f}' {_FONT} text-anchor='middle' fill='{_INK}'"
            parts += [
                f"<rect {place} width='{width:.1f}' height='{high:.1f}' fill='{_BLUE}'/>",
                f"<text {label} y='{base - high - 5:.1f}' font-size='11'>{bar.value:g}</text>",
                f"<text {label} y='{base + 16}' font-size='11'>{escape(bar.name)}</text>",
            ]
        return "".join([*parts, "</svg>"])

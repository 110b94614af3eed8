"""The trend as an SVG without a view box: places in per cent, so that type keeps its size."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reporting.periods import Period

HEIGHT = 184  # CSS pixels of the plotting area
_ROUND = (1, 2, 2.5, 5, 10)
_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One month beside the same month a year before; None where nothing was reported.

    ``left`` and ``width`` are per cent of the plot; ``height`` and ``height_before`` are pixels.
    """

    month: date
    value: int | None
    before: int | None
    left: float
    width: float
    height: int
    height_before: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Twelve bars over lines at round values; each line is its value and its pixel from the top."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[int, int], ...]

    @property
    def empty(self) -> bool:
        return all(bar.value is None and bar.before is None for bar in self.bars)


def draw(now: Mapping[str, int], before: Mapping[str, int], period: Period) -> Chart:
    """The chart of figures by month (``2025-10``); ``before`` has its own, earlier months."""
    months = _months(period)
    pairs = [(now.get(_key(m)), before.get(_key(m.replace(year=m.year - 1)))) for m in months]
    top, step = _scale(max((v for pair in pairs for v in pair if v is not None), default=0))
    slot = 100 / len(months)
    bars = tuple(
        Bar(month, value, earlier, round(slot * i, 2), round(slot, 2),
            _pixels(value, top), _pixels(earlier, top))
        for i, (month, (value, earlier)) in enumerate(zip(months, pairs, strict=True))
    )  # fmt: skip
    return Chart(bars, tuple((v, HEIGHT - _pixels(v, top)) for v in range(0, top + 1, step)))


def _months(period: Period) -> list[date]:
    """The first days of the months of a period."""
    first = period.first.year * 12 + period.first.month - 1
    last = period.last.year * 12 + period.last.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]


def _key(month: date) -> str:
    return f"{month:%Y-%m}"


def _pixels(value: int | None, top: int) -> int:
    """A month that counted anything is never invisible; one that only took back has no bar."""
    if not value or value < 0:
        return 0
    return max(1, round(HEIGHT * value / top))


def _scale(highest: int) -> tuple[int, int]:
    """The top of the axis and the step between its lines, both round numbers."""
    rough = max(1, highest / _LINES)
    power = 10 ** (len(str(int(rough))) - 1)
    step = next(s for s in (int(r * power) for r in _ROUND) if s >= rough and s >= 1)
    return max(1, -(-highest // step)) * step, step

"""One language's voice: texts filled in, numbers and days written, places named."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.area import WORDS, AreaKind, Unit
from markupsafe import Markup, escape

from reporting.labels import LABELS
from reporting.measures import MEASURES, Kind, Words
from reporting.page import formats
from reporting.page.formats import Language
from reporting.page.sections import VILLAGE, Column
from reporting.page.words import EVENT_TYPES, TEXTS

_LABELLED = {
    "kind": "course_kinds",
    "model": "models",
    "group": "groups",
    "base_kind": "base_kinds",
    "fund_kind": "fund_kinds",
    "channel": "channels",
    "use": "uses",
    "recipient_kind": "recipient_kinds",
}
_DONG = MEASURES["funds_spent"].unit


def money(measure: str) -> bool:
    """Whether a measure is counted in dong."""
    return MEASURES[measure].unit == _DONG


@dataclass(frozen=True, slots=True)
class Voice:
    """What templates and views speak through."""

    language: Language

    def say(self, key: str, **values: object) -> Markup:
        """A text with its values escaped; values that are markup already stay markup."""
        return escape(TEXTS[self.language][key]).format(**values)

    @property
    def _english(self) -> bool:
        return self.language == "en"

    def of(self, words: Words) -> str:
        return words.en if self.language == "en" else words.vi

    def measure(self, measure: str) -> str:
        return self.of(MEASURES[measure].name)

    def label(self, dimension: str, value: str) -> str:
        """What a value of a dimension is called; some facts have none."""
        if not value:
            return str(self.say("no_value"))
        return LABELS[_LABELLED[dimension]][value].in_language(self.language)

    def title(self, column: Column) -> str:
        """A figure as a heading: ``Danh hiệu đang có hiệu lực: Công dân học tập``."""
        labels = [self.label(name, value) for name, value in column.filters if name != VILLAGE[0]]
        name = self.measure(column.measure)
        if money(column.measure):
            name = f"{name} ({self.say('in_millions')})"
        return f"{name}: {', '.join(labels)}" if labels else name

    def noun(self, column: Column, value: float) -> str:
        """What is counted, after a number: ``công dân học tập``; money names its own unit."""
        if MEASURES[column.measure].kind is Kind.RATIO or money(column.measure):
            return ""
        called = column.key if column.measure == "titles_held" else column.measure
        return str(self.say(f"{called}_{'one' if value == 1 else 'many'}"))

    def counted(self, column: Column, value: float) -> str:
        """A figure with what it counts: ``705 công dân học tập``, ``71,4 triệu đồng``."""
        return f"{self.amount(column, value)} {self.noun(column, value)}".rstrip()

    def amount(self, column: Column, value: float) -> str:
        """A figure whose noun has just been said; money keeps its unit."""
        if money(column.measure):
            return formats.dong(int(value), self.language)
        return self.plain(column.measure, value)

    def plain(self, measure: str, value: float) -> str:
        """A figure in a column that says what it counts; money is in millions of dong."""
        if MEASURES[measure].kind is Kind.RATIO:
            return formats.percent(value, self.language)
        if money(measure):
            return formats.millions(int(value), self.language)
        return self.number(value)

    def exact(self, measure: str, value: float) -> str | None:
        """An amount to the dong, where it is otherwise said shorter."""
        if not money(measure):
            return None
        said = formats.exact_dong(int(value), self.language)
        return None if said == formats.dong(int(value), self.language) else said

    def delta(self, measure: str, value: int) -> str:
        """What one event adds or takes back; an amount to the dong."""
        if money(measure):
            return formats.exact_dong(value, self.language)
        return self.number(value)

    def event_type(self, full_name: str) -> str:
        """What an event is called; one the page does not know keeps its own name."""
        name = full_name.rpartition(".")[2]
        return EVENT_TYPES[name][self._english] if name in EVENT_TYPES else name

    def number(self, value: float) -> str:
        return formats.number(int(value), self.language)

    def percentage(self, part: float, base: float) -> str:
        return formats.percentage(part, base, self.language)

    def day(self, value: date) -> str:
        return formats.day(value, self.language)

    def short_day(self, value: date) -> str:
        return formats.short_day(value, self.language)

    def month(self, value: date) -> str:
        return formats.month(value, self.language)

    def short_month(self, value: date) -> str:
        return formats.short_month(value, self.language)

    def instant(self, value: datetime) -> str:
        return formats.instant(value, self.language)

    def place(self, unit: Unit) -> str:
        """A place inside a sentence: ``xã Long Hẹ``, ``Long Hẹ commune``."""
        vi, en = WORDS[unit.kind]
        return f"{unit.name} {en}" if self.language == "en" else f"{vi} {unit.name}"

    def place_title(self, unit: Unit) -> str:
        """A place as a heading: communes by name and kind, the province as it is called."""
        if unit.kind is AreaKind.PROVINCE:
            return str(self.say("whole_province"))
        return unit.title(self.language)

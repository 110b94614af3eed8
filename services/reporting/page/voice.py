"""One language's voice: texts filled in, numbers and days written, places named."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.area import WORDS, AreaKind, Unit
from markupsafe import Markup, escape

from reporting.labels import LABELS
from reporting.measures import MEASURES, Words
from reporting.page import formats
from reporting.page.formats import Language
from reporting.page.words import EVENT_TYPES, TEXTS


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

    def kind(self, kind: str) -> str:
        return LABELS["course_kinds"][kind].in_language(self.language)

    def event_type(self, full_name: str) -> str:
        """What an event is called; one the page does not know keeps its own name."""
        name = full_name.rpartition(".")[2]
        return EVENT_TYPES[name][self._english] if name in EVENT_TYPES else name

    def number(self, value: float) -> str:
        return formats.number(int(value), self.language)

    def percentage(self, part: int, base: int) -> str:
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

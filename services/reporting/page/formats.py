"""Numbers, days and names as people of each language write them."""

import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal
from chassis.clock import VIET_NAM

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, Language] = ("vi", "en")

_DAY = {"vi": "d/M/y", "en": "d\u00a0MMMM y"}
_SHORT_DAY = {"vi": "d/M/y", "en": "d MMM y"}
_MONTH = {"vi": "'tháng' M/y", "en": "MMMM y"}
_SHORT_MONTH = {"vi": "M", "en": "MMM"}
_THOUSAND, _MILLION, _TEN_MILLION, _BILLION = 10**3, 10**6, 10**7, 10**9
_DONG = {
    "vi": {"one": "đồng", "million": "triệu đồng", "billion": "tỷ đồng"},
    "en": {"one": "dong", "million": "million dong", "billion": "billion dong"},
}
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang huyền hỏi ngã sắc nặng


@lru_cache(maxsize=20_000)
def number(value: int, language: Language) -> str:
    """``234.902`` in Vietnamese, ``234,902`` in English."""
    return format_decimal(value, format="#,##0;-#,##0", locale=language).replace("-", "\u2212")


def percentage(part: float, base: float, language: Language) -> str:
    """A share with one decimal, ``8,2 %``; whoever prints it prints the base beside it."""
    return percent(100 * part / base, language)


def percent(value: float, language: Language) -> str:
    """``8,2 %`` in Vietnamese, ``8.2%`` in English."""
    text = _decimal(round(10 * value) / 10, "#,##0.0", language)
    return f"{text}\u00a0%" if language == "vi" else f"{text}%"


def millions(value: int, language: Language) -> str:
    """Dong as millions: ``71,4``; less than ten million to the thousand, ``0,85``."""
    pattern = "#,##0.0" if abs(value) >= _TEN_MILLION else "#,##0.0##"
    return _decimal(value / _MILLION, pattern, language)


def dong(value: int, language: Language) -> str:
    """Dong as people say them: ``7,14 tỷ đồng``, ``71,4 triệu đồng``, ``850.000 đồng``."""
    tenths = round(10 * abs(value) / _MILLION)
    if tenths >= 10 * _THOUSAND:
        amount, name = _decimal(value / _BILLION, "#,##0.##", language), "billion"
    elif abs(value) >= _MILLION:
        amount, name = _decimal(value / _MILLION, "#,##0.#", language), "million"
    else:
        amount, name = number(value, language), "one"
    return f"{amount}\u00a0{_DONG[language][name]}"


def exact_dong(value: int, language: Language) -> str:
    """``71.400.000 đồng``."""
    return f"{number(value, language)}\u00a0{_DONG[language]['one']}"


def _decimal(value: float, pattern: str, language: Language) -> str:
    return format_decimal(value, format=f"{pattern};-{pattern}", locale=language).replace(
        "-", "\u2212"
    )


def day(value: date, language: Language) -> str:
    return format_date(value, format=_DAY[language], locale=language)


def short_day(value: date, language: Language) -> str:
    return format_date(value, format=_SHORT_DAY[language], locale=language)


def month(value: date, language: Language) -> str:
    return format_date(value, format=_MONTH[language], locale=language)


def short_month(value: date, language: Language) -> str:
    return format_date(value, format=_SHORT_MONTH[language], locale=language)


def instant(value: datetime, language: Language) -> str:
    """An instant on the clock of Viet Nam, to the second."""
    there = value.astimezone(VIET_NAM)
    if language == "vi":
        return f"{there:%H:%M:%S} ngày {short_day(there.date(), language)}"
    return f"{short_day(there.date(), language)}, {there:%H:%M:%S}"


def sort_key(name: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Vietnamese order: the alphabet first (a ă â ... d đ e ê), then the tones, left to right."""
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", name).lower():
        letter, tone = _apart(char)
        place = _ALPHABET.find(letter)
        letters.append(place + 1 if place >= 0 else 0)
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _apart(char: str) -> tuple[str, int]:
    """A letter without its tone, and the tone's place in the order of dictionaries."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in parts[1:] if mark in _TONES), "")
    bare = "".join(part for part in parts if part != tone or not tone)
    return unicodedata.normalize("NFC", bare), _TONES.index(tone)

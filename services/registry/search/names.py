"""How Vietnamese names are compared and put in order: by given name, marks counting as they do."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from chassis.area import without_marks

_ALPHABET = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS = {letter: rank for rank, letter in enumerate(_ALPHABET, 2)}
_BEHIND_ALL = bytes([len(_ALPHABET) + 2])
_END_OF_LETTERS = b"\x00"
# Level, falling, asking, tumbling, rising, heavy: the order of Vietnamese dictionaries.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: without marks; its letters with the tone at the end; and how it sorts.

    With the tone at the end, hoà and hòa are one word.
    """

    bare: str
    marked: str
    ranks: bytes
    tone: int


def tidy(name: str) -> str:
    """The name in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def lexemes(name: str) -> list[str]:
    """What a name is found by: each word without marks and, behind a ``=``, with them."""
    found: dict[str, None] = {}
    for word in _words(name):
        found[word.bare] = None
        if word.marked != word.bare:
            found[f"={word.marked}"] = None
    return list(found)


def asked(name: str) -> str | None:
    """What somebody typed, as a ``tsquery``: every word, the last of them perhaps unfinished.

    A word with marks finds only names with the same marks. None when no letter was typed.
    """
    words = _words(name)[:_MOST_WORDS]
    if not words:
        return None
    *whole, last = words
    unfinished = "" if last.marked != last.bare else ":*"
    return " & ".join([*map(_term, whole), _term(last) + unfinished])


def sort_key(name: str) -> bytes:
    """Bytes in whose order names stand in a Vietnamese list: given name, then middle, then family.

    Word by word, as in a list with a column for given names: in each the letters count before the
    tone, so Hoa, then every Hòa, then Hoan. Names of one key are found by the same words.
    """
    words = _words(name)
    ordered = [*words[-1:], *words[1:-1], *words[: len(words) > 1]]
    return b"".join([word.ranks + _END_OF_LETTERS + bytes([word.tone]) for word in ordered])


def _words(name: str) -> list[Word]:
    kept = name if name.replace(" ", "").isalpha() else "".join(map(_letter_or_space, tidy(name)))
    return [_word(word) for word in unicodedata.normalize("NFC", kept).lower().split()]


def _letter_or_space(character: str) -> str:
    return character if character.isalnum() or unicodedata.combining(character) else " "


def _term(word: Word) -> str:
    return f"'={word.marked}'" if word.marked != word.bare else f"'{word.bare}'"


@lru_cache(maxsize=8192)  # the words of which names are made are few
def _word(text: str) -> Word:
    split = [_split(letter) for letter in text]
    tone = max(tone for _, tone in split)
    letters = "".join(letter for letter, _ in split)
    ranks = b"".join(_rank(letter) for letter, _ in split)
    return Word(without_marks(text), f"{letters}{tone}" if tone else letters, ranks, tone)


def _rank(letter: str) -> bytes:
    """The letter's place; one foreign to Vietnamese comes behind all, and says which it is."""
    rank = _RANKS.get(letter)
    return _BEHIND_ALL + letter.encode() if rank is None else bytes([rank])


def _split(letter: str) -> tuple[str, int]:
    """A letter without its tone, and the number of the tone."""
    first, *marks = list(unicodedata.normalize("NFD", letter))
    tone = max((_TONES.get(mark, 0) for mark in marks), default=0)
    kept = first + "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", kept), tone

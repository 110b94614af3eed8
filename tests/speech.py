"""What a sentence for people must be: its language's letters, composed, and no machine's words."""

import re
import unicodedata

from chassis.errors import Refusal, Said

# the letters that only Vietnamese has, and those it shares with other languages of the world
_MARKED = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]", re.IGNORECASE)
_JARGON = re.compile(
    r"`|\bExpected\b|\bgot\b|\bInvalid\b|RFC|\b(str|int|float|bool|dict|array)\b|Input should|"
    r"Unable to|Error\b|Object contains|validation"
)


def check(said: Said) -> None:
    """Assert that both sentences are fit to be read by the people they are for."""
    assert said.vi != said.en
    assert _MARKED.search(said.vi), f"no Vietnamese: {said.vi}"
    for sentence in said:
        assert unicodedata.is_normalized("NFC", sentence), sentence
        assert sentence.strip() == sentence, sentence
        assert not _JARGON.search(sentence), f"a machine's words: {sentence}"
        assert sentence.isprintable(), sentence
        assert len(sentence) < 1_500, sentence


def check_all(refusal: Refusal) -> None:
    """The same for the refusal and each of its faults."""
    for said in (refusal.said, *(fault.said for fault in refusal.faults)):
        check(said)

"""What the page says: the same in both languages, all of it used, every sign in the typeface."""

import re
import unicodedata
from pathlib import Path
from string import Formatter

from reporting.labels import LABELS
from reporting.measures import MEASURES
from reporting.page import words
from reporting.page.sections import SECTIONS

PAGE = Path(words.__file__).parent
BUILT = ("answer_", "col_", "_one", "_many", "_title", "_hint", "period_")


def places(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_both_languages_say_the_same_things_with_the_same_values():
    vi, en = words.TEXTS["vi"], words.TEXTS["en"]
    assert vi.keys() == en.keys()
    for key, text in vi.items():
        assert places(text) == places(en[key]), key


def test_texts_are_composed_so_that_searching_finds_them():
    for texts in words.TEXTS.values():
        for text in texts.values():
            assert text == unicodedata.normalize("NFC", text)


def test_nothing_is_said_that_no_page_says():
    sources = [*PAGE.glob("*.py"), *PAGE.glob("templates/*.html")]
    code = "".join(file.read_text("utf-8") for file in sources if file.name != "words.py")
    said = set(re.findall(r"[\"'](\w+)[\"']", code))
    notices = {"alarm", "withdrawn", "parked", "late", "silent"}
    for key in words.TEXTS["vi"]:
        built = key.startswith(BUILT) or key.endswith(BUILT)
        assert key in said | notices or built, key


def test_every_section_has_its_sentence_its_columns_and_its_labels():
    for section in SECTIONS:
        assert f"answer_{section.id}" in words.TEXTS["vi"]
        assert section.leading in section.measures
        assert section.plotted in section.measures
        for measure in section.measures:
            assert measure in MEASURES
            for key in (f"col_{measure}", f"{measure}_one", f"{measure}_many"):
                assert key in words.TEXTS["vi"]
        assert tuple(LABELS["course_kinds"]) == section.values

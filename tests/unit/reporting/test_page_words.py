"""What the page says: the same in both languages, all of it used, every sign in the typeface."""

import re
import unicodedata
from pathlib import Path
from string import Formatter

from reporting.catalogue.training import COURSE_KINDS
from reporting.measures import MEASURES
from reporting.page import words
from reporting.page.formats import LANGUAGES
from reporting.page.sections import SECTIONS
from reporting.page.standing import PUBLISHED
from reporting.page.voice import Voice

SPOKEN = ("words.py", "vietnamese.py", "english.py")
PAGE = Path(words.__file__).parent
BUILT = (
    *("answer_", "by_", "col_", "published_", "row_", "topic_", "period_"),
    *("_one", "_many", "_title", "_hint", "_percent"),
)


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
    code = "".join(file.read_text("utf-8") for file in sources if file.name not in SPOKEN)
    said = set(re.findall(r"[\"'](\w+)[\"']", code))
    notices = {"alarm", "withdrawn", "parked", "late", "silent"}
    for key in words.TEXTS["vi"]:
        built = key.startswith(BUILT) or key.endswith(BUILT)
        assert key in said | notices or built, key


def test_every_measure_of_the_statistics_has_its_columns_nouns_and_headings():
    assert set(SECTIONS) == set(MEASURES)
    for section in SECTIONS.values():
        assert f"answer_{section.topic}" in words.TEXTS["vi"]
        assert section.leading is None or section.column(section.leading)
        for column in section.columns:
            for language in LANGUAGES:
                voice = Voice(language)
                assert voice.title(column)
                assert voice.say(f"col_{column.key}")
                for value in (1, 2):
                    assert voice.counted(column, value)
                if column.divided:
                    assert voice.say(f"by_{column.divided}")


def test_every_kind_of_course_that_is_published_has_its_words():
    for kind in PUBLISHED:
        assert kind in COURSE_KINDS
        assert f"published_{kind}" in words.TEXTS["vi"]

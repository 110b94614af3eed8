"""How names are compared and put in order, as people here expect of a list."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from registry.search import names


def test_a_list_stands_by_given_name_then_middle_then_family():
    given_names = ["Lò Thị Mai", "Cà Văn Bình", "Bùi Thị Mai", "An", "Lò Văn Bình", "Cà Thị Bình"]
    assert sorted(given_names, key=names.sort_key) == [
        "An", "Cà Thị Bình", "Cà Văn Bình", "Lò Văn Bình", "Bùi Thị Mai", "Lò Thị Mai",
    ]  # fmt: skip


def test_letters_with_marks_are_letters_of_their_own_and_tones_come_after_them():
    words = ["Ân", "An", "Ăn", "Án", "Ạn", "Àn", "Đào", "Dào", "Dao", "Ơn", "Ôn", "On"]
    assert sorted(words, key=names.sort_key) == [
        "An", "Àn", "Án", "Ạn", "Ăn", "Ân", "Dao", "Dào", "Đào", "On", "Ôn", "Ơn",
    ]  # fmt: skip


def test_a_shorter_name_stands_before_a_longer_one_that_begins_with_it():
    assert sorted(["Hoàng", "Hoan", "Hoa", "Hòa"], key=names.sort_key) == [
        "Hoa", "Hòa", "Hoan", "Hoàng",
    ]  # fmt: skip


def test_the_place_of_a_tone_mark_makes_no_difference():
    assert names.lexemes("Hoà") == names.lexemes("Hòa")
    assert names.sort_key("Hoà") == names.sort_key("Hòa")
    assert names.asked("hoà") == names.asked("hòa")


def test_what_is_typed_without_marks_finds_all_and_with_marks_only_the_same():
    assert names.asked("nguyen thi ho") == "'nguyen' & 'thi' & 'ho':*"
    assert names.asked("Nguyễn hoa") == "'=nguyên3' & 'hoa':*"
    assert {"nguyen", "=nguyên3"} <= set(names.lexemes("NGUYỄN"))


def test_what_is_no_name_asks_for_nothing():
    assert names.asked("  -- ' & | !") is None


@given(st.text(max_size=60))
def test_any_text_has_a_key_and_a_question_that_holds_only_words(text):
    names.sort_key(text)
    for lexeme in names.lexemes(text):
        assert lexeme == "".join(lexeme.split())
        assert "'" not in lexeme
    assert names.sort_key(unicodedata.normalize("NFD", text)) == names.sort_key(
        unicodedata.normalize("NFC", text)
    )


@given(st.lists(st.text(max_size=3), min_size=2, max_size=200), st.data())
def test_names_of_one_key_are_found_by_the_same_words(some, data):
    letters = st.sampled_from("aăàạáđ1ßøłз\u0300 A-")
    more = data.draw(st.lists(st.text(letters, max_size=4), max_size=200))
    known = {}
    for name in [*some, *more]:
        words = set(names.lexemes(name))
        assert known.setdefault(names.sort_key(name), words) == words

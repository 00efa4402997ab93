"""Tokens: whatever is typed of a text finds it, and no token can mean anything to a database but itself."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.search.snippet import marks
from engine.search.spelling import near
from engine.search.tokens import eastern, folded, read, runs, spelled_tokens, title_tokens, word_tokens
from engine.search.wanted import Slot, bare_words, holds, wanted

TEXT = st.text(
    st.sampled_from("恒锐精密重庆abcXYZéß İ1234567890 -_.@'\"*():&|!\\\0\n\ud800🙂１Ａ한글カナ"), max_size=60
)
SAFE = re.compile(r"[^\W_]+|[-_][^\W]+")
quick = settings(deadline=None, max_examples=60)
SLOT, OTHER = Slot(text="abc", title=True), Slot(text="xyz")


def slips(one: str, other: str) -> int:
    """The distance of two words by the textbook: optimal string alignment."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right)))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def document(text: str) -> str:
    """A record whose title is `text`."""
    tokens = (*word_tokens(read(text)), *title_tokens(read(text)))
    return " ".join([*(SLOT.text + token for token in tokens), *spelled_tokens(read(text))])


@quick
@given(TEXT)
def test_tokens_hold_no_blank_quote_or_operator(text: str) -> None:
    for token in (*word_tokens(read(text)), *title_tokens(read(text)), *spelled_tokens(read(text))):
        assert SAFE.fullmatch(token), token


@quick
@given(TEXT)
def test_what_is_asked_of_a_database_is_quoted_tokens_and_nothing_else(text: str) -> None:
    asked = wanted(text, (SLOT, OTHER))
    for word in asked.words:
        assert word
    assert re.fullmatch(r'([() ]|AND|OR|"[^"\s\\\']*"\*?)*', asked.fts5())
    assert re.fullmatch(r"([()&| ]|'[^'\s\\\"]*'(:\*)?)*", asked.tsquery())


@quick
@given(TEXT)
def test_a_text_is_found_by_itself(text: str) -> None:
    asked = wanted(text, (SLOT,))
    assert holds(document(text), asked.text()) is bool(asked.words)


@quick
@given(TEXT, st.data())
def test_a_text_is_found_by_any_part_of_an_eastern_run_and_the_beginning_of_any_other(
    text: str, data: st.DataObject
) -> None:
    for run in runs(folded(text)):
        start = data.draw(st.integers(0, len(run) - 1)) if eastern(run) else 0
        end = data.draw(st.integers(start + 1, len(run)))
        assert holds(document(text), wanted(run[start:end], (OTHER, SLOT)).text())


@quick
@given(TEXT, TEXT)
def test_nothing_is_found_in_a_field_that_is_not_looked_at(text: str, typed: str) -> None:
    assert not holds(document(text), wanted(typed, (OTHER,)).text())


@quick
@given(st.text("abcdefgh", min_size=1, max_size=8))
def test_near_words_are_one_slip_away(word: str) -> None:
    assert {slips(word, each) for each in near(word)} == {1}


@quick
@given(st.text("abc", min_size=2, max_size=6), st.text("abc", min_size=2, max_size=6))
def test_all_words_one_slip_away_are_near(word: str, other: str) -> None:
    assert (other in set(near(word))) is (slips(word, other) == 1)


@quick
@given(TEXT, TEXT)
def test_marks_are_in_order_inside_the_text_and_show_the_words(text: str, typed: str) -> None:
    found = marks(text, typed)
    assert list(found) == sorted(found)
    words = [run for word in bare_words(typed) for run in runs(word)]
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert any(run[0] == folded(text[start])[:1] or run[0] in folded(text[start]) for run in words)


def test_a_long_number_is_found_by_any_three_digits() -> None:
    made = document("+8613800138000")
    for part in ("138", "0013", "8000", "000"):
        assert holds(made, wanted(part, (SLOT,)).text())

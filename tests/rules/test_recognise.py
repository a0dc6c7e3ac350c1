"""The corpus of check-ins, and what a corpus cannot show."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.recognise import DEFAULT_WORDS, LONGEST_HINT, Recognised, Recogniser

TASKS = ("晨读", "背单词", "英语", "Reading")
RECOGNISER = Recogniser.of(tags=TASKS, names=("班长", "banzhang_bot"))
CORPUS = Path(__file__).with_name("checkin_corpus.tsv")


def _message(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text.replace(r"\n", "\n"))


def _meaning(verdict: str, task: str, note: str) -> Recognised | None:
    tag, words = None if task == "-" else task, "" if note == "-" else note
    return {
        "yes": Recognised("word", tag, words, "sure"),
        "tag": Recognised("tag", tag, words, "sure"),
        "perhaps": Recognised("word", tag, words, "unclear"),
        "no": None,
    }[verdict]


def _rows() -> list[tuple[str, Recognised | None]]:
    lines = [line for line in CORPUS.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    cells = [line.split("\t") for line in lines]
    return [(_message(text), _meaning(verdict, task, note)) for verdict, task, note, text in cells]


ROWS = _rows()


@pytest.mark.parametrize(("said", "meant"), ROWS)
def test_every_line_of_the_corpus_means_what_it_says(said: str, meant: Recognised | None) -> None:
    assert RECOGNISER.read(said) == meant


def test_the_corpus_knows_what_is_unclear_in_three_languages() -> None:
    unclear = [said for said, meant in ROWS if meant is not None and meant.certainty == "unclear"]
    assert len(unclear) >= 30
    assert len([said for said in unclear if said.isascii()]) >= 8


def test_the_corpus_is_large_and_has_no_line_twice() -> None:
    assert len({said for said, _ in ROWS}) == len(ROWS) >= 200


@pytest.mark.parametrize("said", ["打卡", "#晨读", "done"])
def test_a_forward_never_counts(said: str) -> None:
    assert RECOGNISER.read(said, forwarded=True) is None


def test_words_are_a_setting() -> None:
    swimming = Recogniser.of(words=("冒泡", "swam", "♨"))

    assert swimming.read("冒泡 1000米") == Recognised("word", None, "1000米", "sure")
    assert swimming.read("Swam 20 laps") == Recognised("word", None, "20 laps", "sure")
    assert swimming.read("♨") == Recognised("word", None, "", "sure")
    assert swimming.read("打卡") is None


def test_words_with_signs_of_patterns_are_plain_text() -> None:
    odd = Recogniser.of(words=("c++", "[ok]", "(*)"), tags=("a.b", "x|y"))

    assert odd.read("C++ today") == Recognised("word", None, "today", "sure")
    assert odd.read("#a.b") == Recognised("tag", "a.b", "", "sure")
    assert odd.read("#a-b") is None


def test_without_words_and_tasks_nothing_counts() -> None:
    assert Recogniser.of(words=("", "\u200b")).read("打卡 #晨读") is None


def test_other_names_are_not_the_bot() -> None:
    assert Recogniser.of().read("@班长 打卡") == Recognised("word", None, "@班长 打卡", "unclear")


def test_a_word_deep_in_an_announcement_is_not_even_unclear() -> None:
    assert RECOGNISER.read("早起打卡") is not None
    assert RECOGNISER.read("早起打卡" + "，本群成立三年" * LONGEST_HINT) is None


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_reads_the_same_again(said: str) -> None:
    assert RECOGNISER.read(said) == RECOGNISER.read(said)


@given(
    st.lists(
        st.sampled_from(
            [*DEFAULT_WORDS, *TASKS, "#", "了", "吗", "？", "\n", "「", "」", "@", ">", " ", "，", "第12天"]
        )
    )
)
def test_any_mixture_of_the_words_can_be_read(pieces: list[str]) -> None:
    meant = RECOGNISER.read("".join(pieces))

    assert meant is None or meant.tag is None or meant.tag in TASKS


@given(st.sampled_from(DEFAULT_WORDS), st.text(alphabet=" ~!。🌞✨\u200b", max_size=20))
def test_a_word_among_signs_counts(word: str, signs: str) -> None:
    assert RECOGNISER.read(f"{signs}{word}{signs}") == Recognised("word", None, "", "sure")

"""Repeats and floods in several scripts earn nothing; honest talk does."""

import random
import re
import subprocess
import sys
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fingerprint import (
    _WIDE_MARKS,
    ALIKE,
    LONGEST_READ,
    MOST_PAIRS,
    fingerprint,
    own_fingerprint,
    too_alike,
)


def is_flood(text: str) -> bool:
    return own_fingerprint(text) is None


def similarity(one: bytes, other: bytes) -> float:
    """The Jaccard index of two fingerprints: shared numbers by all numbers, 1.0 for two empty ones."""
    return len({*one} & {*other}) / len({*one, *other}) if one or other else 1.0


def _alike(one: str, other: str) -> bool:
    return similarity(fingerprint(one), fingerprint(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("今天背了五十个单词", "今天背了六十个单词"),
        ("今天背了50个单词", "今天背了60个单词"),
        ("第12天，读了三章", "第 13 天，读了三章"),
        ("Hello world again", "hello  WORLD again!"),
        ("ｈｅｌｌｏ　ｗｏｒｌｄ", "hello world"),
        ("好开心啊啊啊啊啊啊啊", "好开心啊啊啊"),
        ("おはようございます", "おはようございました"),
        ("🌞🌞🌈🌈🎉", "🌞🌈🎉"),
        ("今天\u200b读完\u200b了", "今天读完了"),
    ],
)
def test_nearly_the_same(one: str, other: str) -> None:
    assert _alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("今天背了五十个单词", "昨天读了一本好书"),
        ("早上好呀大家", "晚上好呀各位"),
        ("shall we read chapter two", "I liked the ending most"),
        ("おはようございます", "こんばんは"),
        ("🌞🌈🎉", "🍎🍊🍉"),
    ],
)
def test_different(one: str, other: str) -> None:
    assert not _alike(one, other)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "",
            " ",
            "哈哈哈哈",
            "嘻嘻哈哈",
            "111",
            "666",
            "+1",
            "ok",
            "OK!!",
            "好的",
            "收到",
            "嗯嗯嗯",
            "hhhhhh",
            "www",
            "hahaha",
            "ㅋㅋㅋㅋ",
        ),
        *(
            "👍",
            "😂😂😂",
            "1️⃣",
            "[强]",
            "[捂脸][破涕为笑]",
            "(๑•̀ㅂ•́)و✧",
            "(╯°□°）╯︵ ┻━┻",
            "ʕ•ᴥ•ʔ",
            "(｡･ω･｡)ﾉ",
            "!!!",
            "thanks",
        ),
        *("打卡打卡打卡", "lol lol lol", "好好学习天天向上" * 10, "read more " * 30),
    ],
)
def test_floods(said: str) -> None:
    assert is_flood(said)


@pytest.mark.parametrize(
    "said",
    [
        "今天读完了",
        "早上好",
        "good morning",
        "おはよう",
        "안녕하세요",
        "我同意你说的",
        "Привет друзья",
        "讀完第三章 👍",
        "哈哈哈哈太对了",
    ],
)
def test_talk_is_no_flood(said: str) -> None:
    assert not is_flood(said)


def test_a_long_honest_text_is_no_flood() -> None:
    assert not is_flood(
        "今天读到第三章，讲的是坚持为什么比天赋重要。我想起去年学游泳，前两周每天都想放弃，后来反而舍不得停。"
    )


def test_only_the_earlier_ones_of_the_list_count() -> None:
    earlier = [fingerprint("昨天读了一本好书"), fingerprint("今天背了五十个单词")]

    assert too_alike(fingerprint("今天背了六十个单词"), earlier)
    assert not too_alike(fingerprint("图书馆三点见面吗"), earlier)
    assert not too_alike(fingerprint("今天背了六十个单词"), [])


def test_a_long_text_is_known_again_by_its_sketch() -> None:
    text = "".join(chr(0x4E00 + step * step % 5000) for step in range(900))
    other = "".join(chr(0x5E00 + step * step % 5000) for step in range(900))

    assert len(fingerprint(text)) <= MOST_PAIRS
    assert _alike(text, f"{text[:400]}，{text[420:]}")
    assert not _alike(text, other)


def test_fingerprints_are_the_same_in_every_process() -> None:
    program = "from rules.fingerprint import fingerprint; print(fingerprint('今天背了五十个单词 hello'))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert printed == {str(fingerprint("今天背了五十个单词 hello"))}


def test_a_stored_fingerprint_stays_readable() -> None:
    assert fingerprint("打卡") == b"\x92"
    assert fingerprint("Read more") == b"\r\x14@[v\xe0"


def test_a_fingerprint_keeps_neither_order_nor_number() -> None:
    there, again = "今天读完了第三章", "第三章今天读完了"

    assert list(fingerprint(there)) == sorted(set(fingerprint(there)))
    assert len(set(fingerprint(there)) ^ set(fingerprint(again))) == 2
    assert fingerprint("好好好好") == fingerprint("好")


def test_wide_marks_are_what_the_normal_form_makes_of_them() -> None:
    for wide, usual in _WIDE_MARKS:
        assert unicodedata.normalize("NFKC", wide) == usual
        assert fingerprint(f"背完单词{wide}今天很顺") == fingerprint(f"背完单词{usual}今天很顺")


def test_no_kind_of_space_makes_a_difference() -> None:
    spaces = [space for space in map(chr, range(0x3001)) if space.isspace()]

    assert len(spaces) == 29
    assert {fingerprint(f"今天{space}读完了") for space in spaces} == {fingerprint("今天读完了")}


TEMPLATES = Path(__file__).parents[2] / "templates"


def _lines(language: str) -> list[str]:
    """Lines of our own texts, without markup and values."""
    files = sorted((TEMPLATES / language).glob("*.html"))
    texts = "".join(re.sub(r"\{[{%#].*?[#%}]\}|<[^>]*>", "\n", file.read_text("utf-8")) for file in files)
    return [line for line in texts.split("\n") if len(line) > 8]


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(re.sub(r"[0-9\s]", "", text.casefold())))


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_texts_are_judged_as_by_all_their_pairs(language: str) -> None:
    chance, lines = random.Random(1), _lines(language)
    wrong = 0
    for line in chance.choices(lines, k=500):
        changed = [letter if chance.random() < 0.85 else chance.choice(line) for letter in line]
        other = "".join(changed)
        shared, every = len(_pairs(line) & _pairs(other)), len(_pairs(line) | _pairs(other))
        wrong += (shared >= ALIKE * every) != _alike(line, other)

    assert wrong < 50


@given(st.text())
def test_a_text_is_its_own_repeat(text: str) -> None:
    print_of = fingerprint(text)

    assert too_alike(print_of, [print_of]) == bool(print_of)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_too_alike_agrees_with_similarity(fresh: str, earlier: list[str]) -> None:
    prints = [found for text in earlier if (found := fingerprint(text))]
    print_of = fingerprint(fresh)

    assert too_alike(fingerprint(fresh), prints) == any(
        similarity(print_of, found) >= ALIKE for found in prints
    )


@given(st.text(alphabet=st.characters(codec=None), max_size=50))
def test_any_text_has_a_verdict(text: str) -> None:
    assert is_flood(text) in (True, False)
    assert fingerprint(text * (LONGEST_READ // 10)) is not None

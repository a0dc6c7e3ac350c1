"""The page says everything in every language, and nothing it has no words for."""

from __future__ import annotations

import re

import pytest

from web.texts import STATIC, TEMPLATES, texts

USED_BY_CODE = re.compile(r'words\(\s*"(\w+)"|texts\.(\w+)')
BANNED = (
    "断签",
    "失败",
    "倒数",
    "踢",
    "清理",
    "淘汰",
    "僵尸",
    "潜水党",
    "警告",
    "严禁",
    "逾期",
    "您已被",
    "最后机会",
)
ERRORS = (
    "gone",
    "not_here",
    "not_yours",
    "too_many",
    "too_long",
    "too_large",
    "no_picture",
    "no_text",
    "file_too_large",
    "disk_full",
    "empty",
    "unfit",
)


def sources() -> str:
    files = [*STATIC.glob("*.js"), *TEMPLATES.glob("*.html")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_language_has_the_same_texts_with_the_same_gaps() -> None:
    every = texts()
    gaps = [
        {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words.items()} for words in every.values()
    ]
    assert gaps[0] == gaps[1] == gaps[2]
    assert all(text.strip() for words in every.values() for text in words.values())


def test_every_text_that_the_page_asks_for_is_there() -> None:
    used = {key for found in USED_BY_CODE.findall(sources()) for key in found if key}
    known = set(texts()["en"])
    assert used - known == set()


@pytest.mark.parametrize("code", [*ERRORS, "clock_moves", "clock_stands", "network"])
def test_every_refusal_has_words(code: str) -> None:
    assert all(f"error_{code}" in words for words in texts().values())


def test_the_voice_is_kind() -> None:
    said = "".join(texts()["zh-Hans"].values())
    assert [word for word in BANNED if word in said] == []


def test_nothing_is_loaded_from_elsewhere_and_no_html_is_parsed() -> None:
    code = sources()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", code)
    assert not re.search(r"(src|href)=\"(https?:)?//", code)

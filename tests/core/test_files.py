"""Bytes of a file become text, or it says that they are none."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Undeliverable
from bot.core.files import MOST_BYTES, text_of

LIST = "晨读打卡接龙\n1. 小林 读完第三章 🎉\n2. 阿哲\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_is_read_however_it_was_saved(encoding: str) -> None:
    assert text_of(LIST.encode(encoding)) == LIST


def test_big_endian_needs_its_mark() -> None:
    assert text_of(b"\xfe\xff" + LIST.encode("utf-16-be")) == LIST


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_lines_end_alike(end: str) -> None:
    assert text_of(LIST.replace("\n", end).encode()) == LIST


def test_an_empty_file_is_an_empty_text() -> None:
    assert text_of(b"") == ""


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x06\x00",
        gzip.compress(b"names", mtime=0),
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf\xff",
        random.Random(1).randbytes(4000),
    ],
)
def test_what_is_no_text_says_so(content: bytes) -> None:
    with pytest.raises(Undeliverable) as raised:
        text_of(content)
    assert raised.value.reason == "not_text"


def test_a_file_too_large_for_a_list_says_so() -> None:
    assert len(text_of(b"a" * MOST_BYTES)) == MOST_BYTES
    with pytest.raises(Undeliverable) as raised:
        text_of(b"a" * (MOST_BYTES + 1))
    assert raised.value.reason == "too_large"


@given(st.binary(max_size=200))
def test_anything_is_text_with_plain_lines_or_refused(content: bytes) -> None:
    reason = ""
    try:
        text = text_of(content)
    except Undeliverable as failed:
        reason = failed.reason
    assert reason == "not_text" or "\r" not in text

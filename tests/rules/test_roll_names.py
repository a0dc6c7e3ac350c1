"""One name that is nearly the same, and never a guess among several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.roll_names import Near

CLASS = ["小林", "阿哲", "米粒", "王小明", "晨光熹微", "ravi", "maryann"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("小林同学", "小林"),
        ("晨读小林", "小林"),
        ("晨光喜微", "晨光熹微"),
        ("王小明明", "王小明"),
        ("小明", "王小明"),
        ("raavi", "ravi"),
        ("mary", "maryann"),
        ("ravy", "ravi"),
        ("李小明", None),
        ("小", None),
        ("大林", None),
        ("新同学", None),
        ("", None),
    ],
)
def test_what_is_near(written: str, meant: str | None) -> None:
    assert Near(CLASS).of(written) == meant


def test_of_several_none_is_taken() -> None:
    assert Near(["小林一", "小林二"]).of("小林") is None


def test_a_name_is_not_near_itself() -> None:
    assert Near(["小林"]).of("小林") is None


def test_names_beyond_all_measure_cost_nothing() -> None:
    assert Near(["x" * 100_000]).of("y" * 100_000) is None


@given(st.lists(st.text(max_size=12), max_size=20), st.text(max_size=12))
def test_what_is_found_was_known(known: list[str], written: str) -> None:
    found = Near(known).of(written)
    assert found is None or (found in known and found != written)

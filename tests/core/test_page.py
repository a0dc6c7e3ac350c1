"""Buttons in rows."""

import pytest

from bot.core.actions import Button, words
from bot.core.page import in_rows


@pytest.mark.parametrize(
    ("count", "widths"), [(0, []), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])]
)
def test_rows_are_full_but_for_the_last(count: int, widths: list[int]) -> None:
    buttons = [Button(words("core.back"), str(number)) for number in range(count)]
    rows = in_rows(buttons, 2)
    assert [len(row) for row in rows] == widths
    assert [button for row in rows for button in row] == buttons

"""Tables of check-ins: what each mark means, and sums that agree with the marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day, gap, shift, span
from rules.table import COUNTED, Asked, Mark, Stay, background, better, columns, marks, totals

MONDAY = Day("2026-05-04")
WEEK = span(MONDAY, Day("2026-05-10"))
SUNDAY_OFF = Asked(lambda day: day != "2026-05-10", (), ())


def day(number: int) -> Day:
    return shift(MONDAY, number)


@pytest.mark.parametrize(
    ("today", "asked", "row"),
    [
        (day(20), SUNDAY_OFF, "xxxxxxr"),
        (day(2), SUNDAY_OFF, "xx....."),  # today is not over, and what is to come is open
        (day(6), SUNDAY_OFF, "xxxxxxr"),
        (day(-1), SUNDAY_OFF, "......."),
        (day(20), Asked(lambda _: True, [(day(1), day(3))], {day(4)}), "xrrr.xx"),
        (day(1), Asked(lambda _: True, [(day(0), day(3))], ()), "rrrr..."),  # a holiday is announced
        (day(20), Asked(lambda _: True, (), (), since=day(2), until=day(4)), "..xxx.."),
        (day(20), Asked(lambda _: True, [(day(0), day(6))], (), since=day(2)), "..rrrrr"),
    ],
)
def test_what_a_day_without_check_in_is(today: Day, asked: Asked, row: str) -> None:
    assert background(WEEK, today, asked) == row


@pytest.mark.parametrize(
    ("stay", "leaves", "done", "row"),
    [
        (Stay(None), [], {}, "xxxxxxr"),
        (Stay(day(2)), [], {}, "..xxxxr"),
        (Stay(day(2), day(3)), [], {}, "..xx..."),
        (Stay(day(-5), day(30)), [], {}, "xxxxxxr"),
        (Stay(day(9)), [], {}, "......."),
        (Stay(None, day(-1)), [], {}, "......."),
        (Stay(None), [(day(1), day(2))], {}, "xvvxxxr"),
        (Stay(None), [(day(-3), day(0)), (day(5), day(9))], {}, "vxxxxvv"),
        (Stay(day(2)), [(day(0), day(3))], {}, "..vvxxr"),
        (Stay(None), [(day(1), day(2))], {day(1): Mark.LATE, day(6): Mark.DONE}, "xtvxxxd"),
        (Stay(day(5)), [], {day(0): Mark.MADE_UP, day(40): Mark.DONE, day(-1): Mark.DONE}, "m....xr"),
    ],
)
def test_a_members_row(stay: Stay, leaves: list[tuple[Day, Day]], done: dict[Day, Mark], row: str) -> None:
    assert marks("xxxxxxr", MONDAY, stay, leaves, done) == row


def test_the_better_of_two_check_ins_of_a_day_is_shown() -> None:
    order = [Mark.DONE, Mark.LATE, Mark.MADE_UP]
    for index, mark in enumerate(order):
        assert better(None, mark) is mark
        assert all(better(mark, other) is better(other, mark) is mark for other in order[index:])


def test_a_stay_reaches_its_days() -> None:
    stay = Stay(day(2), day(3))
    assert [stay.reaches(day(number), day(number)) for number in range(1, 5)] == [False, True, True, False]
    assert stay.reaches(day(0), day(2))
    assert not stay.reaches(day(0), day(1))
    assert not Stay(day(2), day(1)).reaches(day(0), day(9))
    assert Stay(None).reaches(MONDAY, MONDAY)


numbers = st.integers(-3, 40)
leave = st.tuples(numbers, st.integers(0, 9)).map(lambda pair: (day(pair[0]), day(pair[0] + pair[1])))
stays = st.builds(Stay, st.none() | numbers.map(day), st.none() | numbers.map(day))
rows = st.lists(
    st.tuples(
        stays,
        st.lists(leave, max_size=3),
        st.dictionaries(numbers.map(day), st.sampled_from(sorted(COUNTED))),
    ),
    max_size=6,
)


@given(rows, st.text("xr.", min_size=1, max_size=31))
def test_the_sums_of_rows_and_columns_agree_with_the_marks(
    members: list[tuple[Stay, list[tuple[Day, Day]], dict[Day, Mark]]], behind: str
) -> None:
    drawn = [marks(behind, MONDAY, stay, leaves, done) for stay, leaves, done in members]
    by_day = columns(drawn, len(behind))
    assert len(by_day) == len(behind)
    for kind in ("counted", "made_up", "late", "leave", "missed"):
        of_rows = sum(getattr(totals(row), kind) for row in drawn)
        assert of_rows == sum(getattr(totals(column), kind) for column in by_day)
        assert of_rows == getattr(totals("".join(drawn)), kind)
    for row, (stay, leaves, done) in zip(drawn, members, strict=True):
        for number, mark in enumerate(row):
            this = day(number)
            if this in done:
                assert mark == done[this]
            elif not stay.reaches(this, this):
                assert mark == Mark.BLANK
            elif any(first <= this <= last for first, last in leaves):
                assert mark == Mark.LEAVE
            else:
                assert mark == behind[number]
        found = totals(row)
        assert found.counted == sum(0 <= number < len(behind) for number in (gap(MONDAY, on) for on in done))
        assert found.made_up + found.late <= found.counted

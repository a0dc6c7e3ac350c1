import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar, Rule, Window
from rules.days import Day
from rules.tasks import (
    EVERY_DAY,
    LONGEST_PLAN,
    LONGEST_TITLE,
    Openings,
    Proof,
    Slot,
    Task,
    candidates,
    closes_at,
    lacks,
    lesson_number,
    named_first,
    narrowest,
    proofs_in,
    read_plan,
    slot_at,
    slots_at,
    weekday_bits,
    weekdays_of,
)

CALENDAR = Calendar((Rule(0, "Asia/Shanghai", 240),))
MONDAY, TUESDAY = Day("2026-05-04"), Day("2026-05-05")
WHOLE_DAY = Task(1, "打卡")
NIGHT = Task(2, "夜读", window=Window(22 * 60, 2 * 60), late=True)


def at(day: Day, clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    return CALENDAR.at_wall(day, hour * 60 + minute)


@given(st.sets(st.integers(0, 6)))
def test_weekdays_survive_being_bits(days: set[int]) -> None:
    assert weekdays_of(weekday_bits(days)) == sorted(days)


@pytest.mark.parametrize(
    ("task", "day", "clock", "found"),
    [
        (WHOLE_DAY, TUESDAY, "03:59", Slot(WHOLE_DAY, MONDAY, "open")),
        (WHOLE_DAY, TUESDAY, "04:00", Slot(WHOLE_DAY, TUESDAY, "open")),
        (NIGHT, MONDAY, "21:59", Slot(NIGHT, MONDAY, "early")),
        (NIGHT, MONDAY, "22:00", Slot(NIGHT, MONDAY, "open")),
        (NIGHT, TUESDAY, "01:59", Slot(NIGHT, MONDAY, "open")),
        (NIGHT, TUESDAY, "02:00", Slot(NIGHT, MONDAY, "late")),
        (NIGHT, TUESDAY, "04:00", Slot(NIGHT, TUESDAY, "early")),
        (Task(3, "周二", weekdays=0b10), MONDAY, "12:00", None),
    ],
)
def test_a_moment_belongs_to_a_day_and_a_place(task: Task, day: Day, clock: str, found: Slot | None) -> None:
    assert slot_at(task, CALENDAR, at(day, clock)) == found


WINDOWS = st.none() | st.builds(Window, st.integers(0, 1439), st.integers(0, 1440))
TASKS = st.lists(
    st.builds(
        Task,
        id=st.just(1),
        name=st.just(""),
        weekdays=st.integers(0, 127),
        window=WINDOWS,
        late=st.booleans(),
    ),
    max_size=3,
)
MOVED = Calendar(
    (
        Rule(0, "Europe/Berlin", 240),
        Rule(1_761_400_000_000, "Asia/Shanghai", 0),
        Rule(1_761_500_000_000, "Europe/Berlin", 1_200),
    )
)
"""Around the end of summer time, with rules that change twice."""


@given(TASKS, st.lists(st.integers(1_761_300_000_000, 1_761_700_000_000), min_size=1, max_size=20))
def test_what_takes_a_check_in_is_worked_out_once_for_a_span_and_stays_true(
    tasks: list[Task], instants: list[int]
) -> None:
    openings = Openings(tasks)
    for at in instants:
        taking = [slot for slot in slots_at(tasks, MOVED, at) if slot.takes]
        assert openings.at(MOVED, at) == taking


def test_openings_follow_new_time_rules_at_once() -> None:
    openings, noon = Openings([WHOLE_DAY]), at(MONDAY, "12:00")
    assert openings.at(CALENDAR, noon) == [Slot(WHOLE_DAY, MONDAY, "open")]
    assert openings.at(CALENDAR, noon + 1) is openings.at(CALENDAR, noon)
    earlier = Calendar((Rule(0, "America/New_York", 240),))
    assert openings.at(earlier, noon) == [Slot(WHOLE_DAY, Day("2026-05-03"), "open")]


def test_late_counts_where_the_task_says_so() -> None:
    assert Slot(NIGHT, MONDAY, "late").takes
    assert not Slot(WHOLE_DAY, MONDAY, "late").takes
    assert not Slot(NIGHT, MONDAY, "early").takes


def test_a_task_closes_with_its_window_or_its_day() -> None:
    assert closes_at(NIGHT, CALENDAR, MONDAY) == at(TUESDAY, "02:00")
    assert closes_at(WHOLE_DAY, CALENDAR, MONDAY) == at(TUESDAY, "04:00")


@pytest.mark.parametrize(
    ("text", "media", "proofs"),
    [
        ("打卡", (), []),
        ("", ("photo",), ["picture"]),
        ("", ("video",), ["picture"]),
        ("", ("voice", "link"), ["voice", "link"]),
        ("see https://example.org/a", (), ["link"]),
        ("", ("sticker", "file"), []),
    ],
)
def test_proofs_are_found_in_a_message(text: str, media: tuple[str, ...], proofs: list[str]) -> None:
    assert proofs_in(text, media) == proofs


@pytest.mark.parametrize(
    ("proof", "shortest", "note", "proofs", "lacking"),
    [
        ("none", 0, "", (), None),
        ("text", 0, " \n", (), "text"),
        ("text", 0, "读", (), None),
        ("none", 4, "读 了 三", (), "text"),
        ("none", 4, "读了三页", (), None),
        ("picture", 0, "", ("voice",), "picture"),
        ("picture", 2, "", ("picture",), "text"),
        ("voice", 0, "", ("voice",), None),
    ],
)
def test_what_is_missing_is_named(
    proof: Proof, shortest: int, note: str, proofs: tuple[str, ...], lacking: str | None
) -> None:
    assert lacks(Task(1, "打卡", proof=proof, shortest=shortest), note, proofs) == lacking


def test_what_is_in_time_goes_before_what_is_late() -> None:
    in_time, late = Slot(WHOLE_DAY, MONDAY, "open"), Slot(NIGHT, MONDAY, "late")
    assert candidates([late, in_time]) == [in_time]
    assert candidates([late]) == [late]
    assert narrowest([in_time, late]) == late


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("晨读 三页", ("晨读", "三页")),
        ("#晨读：三页", ("晨读", "三页")),
        ("晨读会", (None, "晨读会")),
        ("READING two pages", ("Reading", "two pages")),
        ("晨读2 一页", ("晨读2", "一页")),
        ("", (None, "")),
    ],
)
def test_a_name_stands_first(text: str, found: tuple[str | None, str]) -> None:
    assert named_first(["晨读", "晨读2", "Reading"], text) == found


def test_a_plan_is_read_line_by_line() -> None:
    text = "1 字母\n\n2. 发音\nDay 5: 问候\n第6天 数字\n复习\n0 没有\n999 太远"
    assert read_plan(text) == {1: "字母", 2: "发音", 5: "问候", 6: "数字", 7: "复习"}


@given(st.text())
def test_any_text_is_some_plan(text: str) -> None:
    plan = read_plan(text)
    assert all(
        1 <= number <= LONGEST_PLAN and 1 <= len(title) <= LONGEST_TITLE for number, title in plan.items()
    )


@given(st.lists(st.text(min_size=1, max_size=20)), st.text())
def test_any_text_may_be_asked_for_a_name(names: list[str], text: str) -> None:
    name, rest = named_first(names, text)
    assert name is None or name in names
    assert rest == rest.strip()


def test_days_are_numbered_from_the_plans_first() -> None:
    task = Task(1, "打卡", EVERY_DAY, plan_from=MONDAY)
    assert lesson_number(task, MONDAY) == 1
    assert lesson_number(task, Day("2026-05-14")) == 11
    assert lesson_number(task, Day("2026-05-03")) is None
    assert lesson_number(WHOLE_DAY, MONDAY) is None

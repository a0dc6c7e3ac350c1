import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.argument_task import Times, read_task, read_times
from rules.arguments import ArgumentError, MissingArgument
from rules.calendar import Window

EARLY = Window(5 * 60, 8 * 60)
WORKDAYS = frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("05:00-08:00", Times(EARLY)),
        ("早上5点 到 8点", Times(EARLY)),
        ("5am to 8am mon-fri", Times(EARLY, WORKDAYS)),
        ("工作日 05:00-08:00", Times(EARLY, WORKDAYS)),
        ("工作日", Times(None, WORKDAYS)),
        ("全天 周一到周五", Times(Window(0, 0), WORKDAYS)),
    ],
)
def test_hours_and_weekdays_in_any_order(text: str, times: Times) -> None:
    assert read_times(text) == times
    assert read_task(f"早读 {text}") == ("早读", times)
    assert read_task(f"{text} 早读") == ("早读", times)


def test_a_name_alone_is_enough() -> None:
    assert read_task(" Early ") == ("Early", Times())


@pytest.mark.parametrize(
    "text", ["早读 尽量早", "早读 " + "一 " * 200, "早读 晚读 05:00-08:00", "05:00-08:00 工作日"]
)
def test_what_is_no_task_in_one_line(text: str) -> None:
    with pytest.raises(ArgumentError):
        read_task(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_task, read_times):
        try:
            read(text)
        except MissingArgument:
            assert not text.strip()
        except ArgumentError:
            continue

"""How names, days, times and numbers are written."""

from bot.core.spelling import clock_text, date_text, names, plural
from rules.days import Day


def test_names_in_a_row() -> None:
    people = ["小林", "<b>", "阿哲", "小雨"]
    assert names(people[:2], 0, english=False) == "小林、&lt;b&gt;"
    assert names(people[:1], 7, english=False) == "小林 等 7 位"
    assert names(people[:1] + people[2:3], 0, english=True) == "小林 and 阿哲"
    assert names(people[:1], 7, english=True) == "小林 and 6 more"


def test_days_times_and_numbers() -> None:
    assert date_text(Day("2026-05-01"), english=False) == "5月1日"
    assert date_text(Day("2026-05-01"), english=True) == "May 1"
    assert clock_text(24 * 60 + 65) == "01:05"
    assert (plural(1, "day", "days"), plural(2, "day", "days")) == ("day", "days")

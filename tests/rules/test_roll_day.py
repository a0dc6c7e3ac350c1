"""For which day a list is."""

import pytest

from rules.days import Day
from rules.roll_day import day_named, is_for_another_day

TODAY = Day("2026-11-22")


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("11月20日 晨读打卡", "2026-11-20"),
        ("2026-11-20打卡", "2026-11-20"),
        ("11.20打卡", "2026-11-20"),
        ("11/20", "2026-11-20"),
        ("11.1-11.30 晨读打卡（11.20）", "2026-11-20"),
        ("11月22号打卡", "2026-11-22"),
        ("2025年11月21号", "2025-11-21"),
        ("Nov 20 reading", "2026-11-20"),
        ("20th November", "2026-11-20"),
        ("昨日打卡", "2026-11-21"),
        ("yesterday's list", "2026-11-21"),
        ("12月31日 跨年", "2025-12-31"),
        ("今日打卡", None),
        ("第12天", None),
        ("读第3.5章", None),
        ("P10-12", None),
        ("跑步3.5公里打卡", None),
        ("得分 9.5/10", None),
        ("11月1日-11月30日", None),
        ("11.1-11.30", None),
        ("11月20日补11月19日", None),
        ("13.45", None),
        ("2月30日", None),
        ("maybe 3", None),
        ("", None),
    ],
)
def test_the_day_of_a_title(title: str, day: str | None) -> None:
    assert day_named(title, TODAY) == day


@pytest.mark.parametrize(
    "line",
    [
        "老王（补昨天）",
        "老王 补昨天的",
        "老王補昨天",
        "老王（昨天补卡）",
        "老王（昨天）",
        "老王 昨天的",
        "老王 昨天没打，今天补",
        "老王 补打卡：前天",
        "老王 补11.20",
        "老王 11月20日补打卡",
        "老王 补周五",
        "老王（補 20號）",
        "Lin (for yesterday)",
        "Lin (yesterday)",
        "Lin making up for yesterday",
    ],
)
def test_a_line_of_another_day(line: str) -> None:
    assert is_for_another_day(line)


@pytest.mark.parametrize(
    "line",
    [
        "老王",
        "老王（补）",
        "老王 补今天的",
        "老王 复习昨天的单词",
        "老王 比昨天多背10个",
        "老王 补充第3.5章",
        "老王 补读 3.5章",
        "老王 昨天补习，今天读完了",
        "老王 跑步3.5公里",
        "补天 11.20",
        "Lin read yesterday's chapter",
    ],
)
def test_a_line_of_the_lists_own_day(line: str) -> None:
    assert not is_for_another_day(line)

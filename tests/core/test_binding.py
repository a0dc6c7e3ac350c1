"""Buttons in a private chat act in the community that they were shown for."""

from pathlib import Path

import pytest

from bot.core.actions import Button, Delete, Say, Words
from bot.core.binding import bound, parted
from rules.days import Day
from storage import checkins
from tests.stage import a_stage

LABEL = Words("core.back")


def test_only_buttons_with_data_are_bound() -> None:
    rows = ((Button(LABEL, "checkin:3"), Button(LABEL, url="https://example.org")),)
    said = bound(Say(parts=(), language="en", buttons=rows), 7)
    assert isinstance(said, Say)
    assert [button.data for button in said.buttons[0]] == ["checkin:3@7", ""]
    assert bound(Delete(message="1"), 7) == Delete(message="1")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("checkin:3@7", ("checkin:3", 7)),
        ("checkin:3", ("checkin:3", None)),
        ("x@y", ("x@y", None)),
        ("@", ("@", None)),
        ("a@b@12", ("a@b", 12)),
        ("a@٣", ("a@٣", None)),
        ("a@" + "9" * 40, ("a@" + "9" * 40, None)),
    ],
)
def test_what_is_behind_the_mark_is_parted(data: str, found: tuple[str, int | None]) -> None:
    assert parted(data) == found


async def test_who_is_in_two_communities_checks_in_where_the_button_belongs(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for room in ("晨读班", "夜跑班"):
            await stage.opens(room)
        await stage.says("小林", "早", room="晨读班")
        await stage.says("小林", "早", room=None)
        await stage.says("小林", "任务", room=None)
        await stage.until("2026-05-04 10:00")
        await stage.says("小林", "晚", room="夜跑班")
        assert "记上了" in (await stage.presses("小林", "打卡", room=None))[0]
        done = await stage.engine.database.read(
            lambda tx: [checkins.people_of_day(tx, community, Day("2026-05-04")) for community in (1, 2)]
        )
        assert [len(people) for people in done] == [1, 0]


async def test_who_left_the_community_of_a_button_acts_in_none_of_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        await stage.joins("小林", "left")
        assert await stage.presses_data("小林", "checkin@1", room=None) == [
            "还没在哪个班里见过你。先在群里说句话，再来找我。"
        ]

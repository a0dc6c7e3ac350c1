"""Tables of check-ins: asked for by who looks after a room, sent as a file, never before the others."""

from pathlib import Path

import pytest

from tests.handlers.tabling import a_class, community_of_all_rooms, make_staff_room, rows, sheets
from tests.stage import a_stage

ALONE = "这份只能悄悄说。先私聊我一句，再来一次就好。"
USAGE = "想要哪几天的表？"


# Who gets it, and where.


async def test_a_table_comes_in_private_and_the_room_sees_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林", "阿哲")
        await stage.says("小林", "打卡")
        assert await stage.says("班主任", "导出本周打卡表") == [
            "晨读班 · 5月4日至5月10日打卡表好了：2 位同学，一共打卡 1 人次。"
        ]
        assert stage.last.place == "班主任"
        assert stage.last.file is not None
        assert stage.last.file.name == "打卡表 晨读班 2026-05-04至2026-05-10.xlsx"


@pytest.mark.parametrize("text", ["导出本周打卡表", "导出 本周", "打卡表", "导出上周的表"])
async def test_to_members_it_is_ordinary_talk(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "小林")
        assert await stage.says("小林", text) == []
        (refused,) = await stage.says("小林", text, room=None)
        assert refused == "这件事要请组长或管理员来做。"
        assert await stage.says("路人", text, room=None) != []
        assert not [sent for sent in stage.platform.sent if sent.file is not None]


async def test_a_leader_may_have_it_as_long_as_they_are_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林", "阿哲")
        await stage.says("小林", "打卡")
        await stage.says("阿哲", "/start", room=None)
        await stage.says("班主任", "/leader", reply_sender={"native": "阿哲", "name": "阿哲"})
        assert "好了" in (await stage.says("阿哲", "打卡表", room=None))[0]
        await stage.says("班主任", "/leader", reply_sender={"native": "阿哲", "name": "阿哲"})
        assert await stage.presses("阿哲", "本月", room=None) == ["这件事要请组长或管理员来做。"]


async def test_without_a_private_chat_it_says_what_to_do(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("小林", "打卡")
        for text in ("导出本周打卡表", "/export", "/export 2026-13"):
            assert await stage.says("班主任", text) == [ALONE]
        assert await stage.says("", "/export", sender=None, as_admin=True) == [ALONE]


async def test_why_there_is_none_is_told_alone_too(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        for text, answer in {
            "/export 2026-13": USAGE,
            "/export 本周 没有的任务": USAGE,
            "/export 2024-01-01到2026-01-01": "一张表最多 366 天",
            "/export 上月": "那几天还没有什么可记的",
            "/export 学期": "还没有学期",
            "/export 2026-06": "6月1日才开始",
        }.items():
            (told,) = await stage.says("班主任", text)
            assert (told.startswith(answer), stage.last.place) == (True, "班主任"), told


@pytest.mark.parametrize("text", ["导出来的照片发我一下", "导出", "导出上周的照片", "导出了"])
async def test_what_names_no_table_is_talk(tmp_path: Path, text: str) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        told = await stage.says("班主任", text)
        assert len(told) == (text == "导出")


async def test_the_staff_room_gets_the_whole_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await stage.opens()
        await stage.opens("管理群")
        await community_of_all_rooms(stage)
        await make_staff_room(stage, 2)
        await stage.joins("班主任", "admin")
        await stage.joins("班主任", "admin", room="管理群")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "/export week", room="管理群")
        assert stage.last.place == "管理群"
        assert "小林" in rows(stage.last)
        await stage.says("班主任", "/export week")
        assert stage.last.place == "管理群"
        assert "小林" in rows(stage.last)


# Buttons.


async def test_other_periods_are_a_tap_away(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "/export")
        assert list(stage.last.buttons) == ["上周", "本月", "上月"]
        assert await stage.presses("班主任", "本月", room=None) == [
            "Answer",
            "晨读班 · 2026 年 5 月打卡表好了：1 位同学，一共打卡 1 人次。",
        ]
        assert list(stage.last.buttons) == ["本周", "上周", "上月"]
        assert await stage.presses("班主任", "上月", room=None) == ["那几天还没有什么可记的，换个日子试试。"]
        told = await stage.presses_data("班主任", "tables:week:0:0")
        assert (len(told), told[-1]) == (2, "发到私聊啦")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "week",
        "week:0",
        "week:0:x",
        "week:9:0",
        "week:0:9",
        "2026-05:0:0",
        "week:²:0",
        "week:" + "9" * 40 + ":0",
    ],
)
async def test_an_invented_button_does_nothing(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        for room in (None, "晨读班"):
            told = await stage.presses_data("班主任", f"tables:{data}", room=room)
            assert told == ["这个选项放太久了，重新发一次命令就好。"]
            assert await stage.presses_data("小林", f"tables:{data}", room=room) == [
                "这件事要请组长或管理员来做。"
            ]


async def test_a_button_of_another_community_opens_nothing_of_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.opens("别的班")
        await stage.says("路人", "打卡", room="别的班")
        other = await stage.engine.database.read(
            lambda tx: tx.value("SELECT id FROM room WHERE title = '别的班'")
        )
        await stage.says("小林", "打卡")
        assert await stage.presses_data("班主任", f"tables:week:{other}:0@1", room=None) == [
            "这个选项放太久了，重新发一次命令就好。"
        ]


# Languages and sizes.


async def test_it_is_in_the_readers_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        await stage.says("班主任", "/language en", room=None)
        assert await stage.says("班主任", "/export last week") == [
            "There is nothing to show for those days. Try others."
        ]
        assert await stage.says("班主任", "/export this month") == [
            "晨读班 · May 2026 · Check-ins, ready: 1 member, 1 check-in."
        ]
        ((_, cells),) = sheets(stage.last).items()
        assert cells[2][0].startswith("✓ done · M made up · L late")
        assert cells[3][:4] == ["Name", "Done", "5/1\nFr", "5/2\nSa"]
        await stage.says("班主任", "/language zh-Hant", room=None)
        assert "晨讀" not in (await stage.says("班主任", "匯出本週打卡表"))[0]
        assert "休 休息" in sheets(stage.last)["打卡"][2][0]


async def test_a_table_too_large_to_open_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.tables.gathering.MOST_MARKS", 20)
    async with a_stage(tmp_path, now="2026-05-08 09:00") as stage:
        await a_class(stage, "小林")
        await stage.says("小林", "打卡")
        assert "好了" in (await stage.says("班主任", "/export", room=None))[0]
        (told,) = await stage.says("班主任", "/export month", room=None)
        assert told.startswith("2 位同学 × 31 天，这张表手机怕是打不开。")

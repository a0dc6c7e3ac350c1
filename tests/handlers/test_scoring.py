"""What members are told of scores and rankings, and who is told."""

from pathlib import Path

import pytest

from bot.core.port import Can
from storage import activity, settings
from tests.handlers.happening import GOOD
from tests.handlers.test_chatter import later, replied_to, talk
from tests.stage import ALL, Stage, a_stage, instant


async def a_class(stage: Stage) -> None:
    """小林 is first, 阿哲 second, 小雨 third; 王老师 is an admin with most points."""
    await stage.opens()
    await stage.joins("王老师", "admin")
    await talk(stage, "王老师", *GOOD)
    await stage.says("王老师", "打卡")
    await talk(stage, "小林", *GOOD[:3])
    await stage.says("小林", "打卡")
    await talk(stage, "阿哲", *GOOD[:2])
    await talk(stage, "小雨", GOOD[4])


async def test_a_newcomer_is_told_how_it_begins(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "我的") == [
            "小林，你的活跃分 0。\n这七天还没动静，打个卡、说句话就有了。"
        ]
        assert await stage.says("小林", "/why") == ["这里还没有你的分，打个卡、说句话就有了。"]
        assert await stage.says("小林", "排行") == ["本周还没有人上榜，第一位留给你。"]


async def test_me_tells_rank_score_streak_and_what_moved_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        [said] = await stage.says("小林", "我的")
        assert said.splitlines()[0] == "小林，你的活跃分 11，班里第 1 名。"
        assert said.splitlines()[1:] == ["连续 1 天，累计 1 天。", "这七天：打卡 1 次、发言 3 句。"]
        assert "班里第 2" in (await stage.says("阿哲", "/me"))[0]


async def test_a_private_chat_is_answered_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "班里第 1" in (await stage.says("小林", "/me", room=None))[0]
        await stage.says("小林", "我的")
        assert stage.last.place == "小林"
        await stage.says("小林", "排行")
        assert stage.last.place == "小林"
        assert "你是第 1 名" in stage.last.text


async def test_who_only_reacts_is_known_in_private(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = stage.message("小林", GOOD[5])
        await stage.happens(said)
        await stage.reacts("大头", said.native, "👍")
        assert "点赞 1 次" in (await stage.says("大头", "我的", room=None))[0]


async def test_me_vanishes_from_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "我的")
        assert stage.last.place == "晨读班"
        assert await stage.until(stage.clock.now() + 61_000) == ["Delete"]


async def test_the_ranking_shows_the_first_ones_with_a_picture_and_no_staff(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        [said] = await stage.says("小雨", "排行 今日！")
        lines = said.splitlines()
        assert lines[0] == "今日"
        assert [line.split("\u3000")[0] for line in lines[1:4]] == ["🥇 小林", "🥈 阿哲", "🥉 小雨"]
        assert "王老师" not in said
        assert "你" not in said.replace("只有你看得到", "")
        assert (stage.last.picture or b"").startswith(b"\x89PNG")


async def test_ones_own_place_is_for_ones_own_eyes(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小雨", "/top")
        [answer] = await stage.presses("小雨", "本周")
        assert answer.endswith("你是第 3 名，0.9 分。")
        assert len(answer) <= 200
        [answer] = await stage.presses("王老师", "本周")
        assert "你是第" not in answer


async def test_equal_points_share_a_rank(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for who in ("小林", "阿哲", "小雨"):
            await talk(stage, who, GOOD[0])
        await talk(stage, "大熊", GOOD[0], GOOD[1])
        [said] = await stage.says("小林", "排行")
        assert [line[0] for line in said.splitlines()[1:4]] == ["🥇", "🥈", "🥈"]


async def test_nobody_reads_that_they_are_last(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for number in range(8):
            await talk(stage, f"同学{number}", *GOOD[number:])
        [said] = await stage.says("同学0", "排行")
        assert [line.split("\u3000")[0] for line in said.splitlines()[1:5]] == [
            "🥇 同学0",
            "🥈 同学1",
            "🥉 同学2",
            "4. 同学3",
        ]
        assert "同学4" not in said


async def test_who_asks_again_is_shown_the_first_answer(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.DELETE) as stage:
        await a_class(stage)
        await stage.says("小雨", "排行")
        first = stage.last.native
        await later(stage, 9)
        assert await stage.says("阿哲", "排行") == ["刚发过，往上翻一点就是。"]
        assert getattr(stage.last.action, "reply_to", None) == first
        assert "本周" not in (await stage.says("阿哲", "排行 今日"))[0]
        await later(stage, 2)
        assert "小林" in (await stage.says("阿哲", "排行"))[0]


async def test_a_ranking_that_vanished_is_not_pointed_at(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小雨", "排行")
        assert await stage.says("阿哲", "排行") == ["刚发过，往上翻一点就是。"]
        await later(stage, 2)
        assert "小林" in (await stage.says("阿哲", "排行"))[-1]


async def test_hidden_members_are_in_no_ranking_until_they_come_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "排行里不再有你" in (await stage.says("小林", "隐身"))[0]
        assert "小林" not in (await stage.says("阿哲", "排行"))[0]
        assert "你在隐身" in (await stage.says("小林", "我的"))[0]
        assert "班里第 1" in (await stage.says("阿哲", "我的"))[0]
        assert "欢迎回来" in (await stage.says("小林", "/hide"))[0]
        assert "班里第 1" in (await stage.says("小林", "我的"))[0]


async def test_who_left_every_room_is_in_no_ranking_until_they_come_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "班里第 2" in (await stage.says("阿哲", "我的"))[0]
        await stage.joins("小林", "left")
        assert "小林" not in (await stage.says("阿哲", "排行"))[0]
        assert "班里第 1" in (await stage.says("阿哲", "我的"))[0]
        await stage.joins("小林")
        assert "班里第 2" in (await stage.says("阿哲", "我的"))[0]
        assert "🥇 小林" in (await stage.says("小雨", "排行 今日"))[0]


async def test_a_community_may_rank_its_staff(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config="[scoring]\nrank_staff = true\n") as stage:
        await a_class(stage)
        assert "🥇 王老师" in (await stage.says("小林", "排行"))[0]


async def test_admins_of_the_house_are_staff_everywhere(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[bot]\nadmins = ["stage:xiaolin", "stage:nobody"]\n') as stage:
        await stage.opens()
        await talk(stage, "xiaolin", GOOD[0])
        await talk(stage, "阿哲", GOOD[0])
        assert "xiaolin" not in (await stage.says("阿哲", "排行"))[0]


async def test_a_season_may_be_a_month(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[scoring]\nseason = "month"\n') as stage:
        await a_class(stage)
        await stage.until("2026-05-11 12:00")
        assert await stage.says("小雨", "排行") == ["本周还没有人上榜，第一位留给你。"]
        assert "🥇 小林" in (await stage.says("小雨", "排行 本季"))[0]
        await stage.until("2026-06-01 12:00")
        assert "第一位留给你" in (await stage.says("小雨", "排行 本季"))[0]
        assert "🥇 小林" in (await stage.says("小雨", "排行 总榜"))[0]


async def test_why_shows_the_days_newest_first_and_leafs_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for day in range(1, 10):
            await stage.until(f"2026-06-{day:02} 09:00")
            await stage.says("小林", "打卡")
        await talk(stage, "阿哲", GOOD[0], **replied_to("小林"))
        [said] = await stage.says("小林", "/why", room=None)
        lines = said.splitlines()
        assert lines[1].startswith("6月9日")
        assert lines[1].endswith("打卡 1 次、收到回复 1 次")
        assert lines[7].startswith("6月3日")
        told = await stage.presses("小林", "再往前", room=None)
        assert [line[:4] for line in told[-1].splitlines()[1:]] == ["6月2日", "6月1日"]


@pytest.mark.parametrize("asked", ["2026-99-01", "昨天", "'; DROP TABLE score --", "9" * 500])
async def test_strange_arguments_are_answered_kindly(tmp_path: Path, asked: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "2026-05-04" in (await stage.says("小林", f"/why {asked}"))[0]
        assert "今日、本周、本季、总榜" in (await stage.says("小林", f"/top {asked}"))[0]


async def test_old_buttons_are_answered(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert "选项放太久了" in (await stage.presses_data("小林", "top:year"))[0]
        assert "2026-05-04" in "".join(await stage.presses_data("小林", "why:soon"))


async def test_a_new_half_life_makes_scores_anew(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.until("2026-05-11 12:00")
        before = (await stage.says("小林", "我的"))[0]

        def choose(tx: object) -> None:
            settings.set_value(tx, 1, 0, "scoring.half_life", 1.0)  # type: ignore[arg-type]

        await stage.engine.database.write(choose)
        stage.engine.pipeline.memory.clear()
        after = (await stage.says("小林", "我的"))[0]
        assert "活跃分 7." in before
        assert "\n累计 1 天。" in before
        assert "活跃分 0." in after
        await talk(stage, "阿哲", GOOD[5])
        await stage.until("2026-05-11 13:00")
        lives = await stage.engine.database.read(lambda tx: tx.all("SELECT DISTINCT half_life FROM score"))
        assert [row[0] for row in lives] == [1.0]


async def test_rankings_follow_within_minutes_though_nobody_asks(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.until(stage.clock.now() + 120_000)
        assert not await stage.engine.database.read(lambda tx: activity.has_unsettled(tx, 1))


async def test_messages_are_forgotten_after_sixty_days_and_points_are_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.engine.jobs.plan()
        await a_class(stage)
        await stage.says("小雨", "哈哈", native="900")
        await stage.reacts("阿哲", "900", "👍")
        await stage.until(instant("2026-07-08 09:00"))
        tables = ("message", "reaction", "pair", "activity")
        left = await stage.engine.database.read(
            lambda tx: {name: tx.value(f"SELECT count(*) FROM {name}") for name in tables}  # noqa: S608 - names
        )
        assert left["message"] == left["reaction"] == left["pair"] == 0
        assert left["activity"] > 0


async def test_nobody_floods_a_group_by_asking_for_the_same_ranking(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        asked = [await stage.says("小雨", "/top") for _ in range(9)]
        assert [len(said) for said in asked] == [1] * 6 + [0] * 3
        assert "刚发过，往上翻一点就是。" in asked[1][0]

"""接龙, as dialogues."""

from pathlib import Path

from tests.stage import Stage, a_stage

FIRST = "#接龙 今日打卡\n1. 小林 读了十页"
SECOND = FIRST + "\n2. 阿哲 背了二十个单词"


async def checked_in(stage: Stage) -> list[tuple[str, str]]:
    found = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT account.name, checkin.note FROM checkin JOIN account ON account.id = checkin.account"
            " WHERE standing = 'counted' ORDER BY checkin.at, account.id"
        )
    )
    return [(row["name"], row["note"]) for row in found]


async def test_only_the_senders_own_new_line_counts(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert (await stage.says("小林", FIRST))[0] == "🎉"
        assert (await stage.says("阿哲", SECOND))[0] == "🎉"
        assert await stage.says("小林", SECOND) == []
        assert await checked_in(stage) == [("小林", "读了十页"), ("阿哲", "背了二十个单词")]
        assert await stage.says("小北", "接龙") == [
            "#接龙 今日打卡\n\n1. 小林 读了十页\n2. 阿哲 背了二十个单词"
        ]


async def test_a_list_taken_back_and_sent_again_counts_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", FIRST)
        await stage.says("阿哲", SECOND, native="m2")
        await stage.deletes("m2")
        assert await checked_in(stage) == [("小林", "读了十页")]
        assert (await stage.says("阿哲", SECOND + "！"))[0] == "🎉"
        assert len(await checked_in(stage)) == 2
        assert await stage.says("阿哲", SECOND) == []


async def test_copies_that_cross_lose_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", FIRST)
        await stage.says("阿哲", FIRST + "\n2. 阿哲 单词")
        await stage.says("小北", FIRST + "\n2. 小北 听力")
        assert len(await checked_in(stage)) == 3


async def test_the_same_list_tomorrow_is_a_new_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", FIRST)
        await stage.until("2026-05-05 09:00")
        assert await stage.says("小林", FIRST) == ["👍"]


async def test_a_list_for_a_task_names_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 添加 晨读")
        assert (await stage.says("小林", "晨读接龙\n1. 小林 三页"))[0] == "🎉"


async def test_a_list_for_dinner_is_no_check_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        assert await stage.says("小林", "#接龙 周六聚餐\n1. 小林 两位") == []
        assert await checked_in(stage) == []


async def test_a_list_for_a_book_club_is_no_check_in_unless_a_task_is_called_so(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "#接龙 周六读书会\n1. 小林 带一本书") == []
        assert await checked_in(stage) == []
        assert (await stage.says("小林", "#接龙 读书会打卡\n1. 小林 读了十页"))[0] == "🎉"
        await stage.says("班主任", "任务 添加 读书会")
        assert (await stage.says("阿哲", "#接龙 周六读书会\n1. 小林 带一本书\n2. 阿哲 第三章"))[0] == "🎉"
        assert await checked_in(stage) == [("小林", "读了十页"), ("阿哲", "第三章")]


async def test_a_sign_up_list_has_a_limit(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("小林", "接龙报名 周六读书会 2人") == []
        said = await stage.says("班主任", "接龙报名 周六读书会 2人")
        assert said == ["#接龙 周六读书会（报名，2 人）\n\n1."]
        assert await stage.says("小林", said[0].replace("1.", "1. 小林")) == ["👌"]
        assert await stage.presses("阿哲", "报名") == [
            "「周六读书会」第 2 位，给你留好了。",
            "#接龙 周六读书会（报名，2 人）\n\n1. 小林\n2. 阿哲\n3.",
        ]
        waits = await stage.presses("小北", "报名")
        assert waits[0] == "「周六读书会」满员了，你在候补第 1 位，有位置我照名单往上补。"
        assert "以下候补：\n3. 小北" in waits[1]
        left = await stage.presses("阿哲", "报名")
        assert left[0] == "「周六读书会」帮你取消了，改主意再选一次就好。"
        assert "2. 小北" in left[1]
        assert "候补" not in left[1]
        assert await checked_in(stage) == []


async def test_nobody_signs_up_a_crowd(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "/signup 读书会 5")
        await stage.says("小林", "#接龙 读书会（报名，5 人）\n1. 小林\n2. 张三\n3. 李四")
        assert await stage.says("阿哲", "接龙") == ["#接龙 读书会（报名，5 人）\n\n1. 小林\n2."]


async def test_what_is_no_sign_up_list_is_explained(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        how = ["这样开名单：接龙报名 周六读书会 20人（最多 500 人）。"]
        for text in ("/signup", "/signup 读书会", "/signup 读书会 0", "/signup 20", "/signup ！！ 20"):
            assert await stage.says("班主任", text) == how
        assert await stage.says("小林", "/signup 读书会 20") == ["这件事要请组长或管理员来做。"]
        assert await stage.presses_data("小林", "join:1") == ["这个选项放太久了，重新发一次命令就好。"]
        assert await stage.says("小林", "接龙") == [
            "群里现在没有接龙。发一条「接龙」开头的名单，我就接着记。"
        ]

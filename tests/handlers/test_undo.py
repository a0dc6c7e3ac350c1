"""Every kind of change, taken back: all is as it was, and brought forward again where that makes sense."""

from pathlib import Path

from storage import absences, checkins, people, relays, streaks, tasks, terms
from storage.db import Transaction
from tests.stage import Stage, a_stage

LIN = {"native": "小林", "name": "小林"}


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "owner")
    await stage.says("班主任", "/start", room=None)
    await stage.says("小林", "/start", room=None)
    await stage.joins("小林")


async def undo(stage: Stage, number: int | None = None) -> str:
    """Take the last change of the admin back, or a numbered one, by the button; what is said."""
    said = await stage.says("班主任", f"/undo {number or ''}", room=None)
    if "撤回这一步" not in stage.last.buttons:
        return said[-1]
    return (await stage.presses("班主任", "撤回这一步", room=None))[-1]


async def redo(stage: Stage) -> str:
    return (await stage.presses("班主任", "还是按改的来", room=None))[-1]


async def names(stage: Stage) -> list[str]:
    return [task.name for task in await stage.engine.database.read(lambda tx: tasks.of_community(tx, 1))]


async def streak(stage: Stage, who: str = "小林") -> tuple[int, int]:
    """How long somebody's streak is, and on how many days they came in all."""

    def look(tx: Transaction) -> tuple[int, int]:
        account = people.by_native(tx, "stage", who)
        assert account is not None
        found = streaks.of_person(tx, 1, account.person)
        return found.current, found.total

    return await stage.engine.database.read(look)


async def test_a_task_is_gone_again_and_back_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "任务 晨读 06:00-08:30")
        assert await names(stage) == ["打卡", "晨读"]
        await undo(stage)
        assert await names(stage) == ["打卡"]
        await redo(stage)
        assert await names(stage) == ["打卡", "晨读"]
        await stage.says("班主任", "任务 晨读 归档")
        await undo(stage)
        assert await names(stage) == ["打卡", "晨读"]


async def test_a_changed_task_has_what_it_had(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)

        async def card() -> str:
            return (await stage.says("班主任", "/task 打卡", room=None))[0]

        await stage.says("班主任", "任务 打卡 时间 07:00-09:30")
        before = await card()
        for change in ("时间 06:00-08:30", "星期 周一到周五", "字数 20", "凭证 图片", "迟到 开"):
            await stage.says("班主任", f"任务 打卡 {change}")
            assert await card() != before, change
            await undo(stage)
            assert await card() == before, change
        await stage.says("班主任", "任务 打卡 改名 晨读")
        await undo(stage)
        assert await names(stage) == ["打卡"]


async def test_a_plan_goes_back_to_the_one_before(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "任务 打卡 计划\n1 字母\n2 发音")
        await stage.says("班主任", "任务 打卡 计划\n1 别的")
        await undo(stage)

        def lessons(tx: Transaction) -> dict[int, str]:
            return tasks.lessons(tx, 1)

        assert await stage.engine.database.read(lessons) == {1: "字母", 2: "发音"}
        await redo(stage)
        assert await stage.engine.database.read(lessons) == {1: "别的"}


async def test_a_name_that_was_taken_since_is_not_given_twice(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "任务 打卡 改名 晨读")
        await stage.says("班主任", "任务 打卡 06:00-08:30")
        assert "「打卡」已经有了" in await undo(stage, 1)
        assert await names(stage) == ["晨读", "打卡"]


async def test_days_of_rest_and_pauses_are_as_they_were(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "休息日 周日", room=None)
        await stage.says("班主任", "休息日 周末", room=None)
        await undo(stage)
        assert "周日是休息日" in (await stage.says("班主任", "休息日", room=None))[0]

        async def pauses() -> list[tuple[str, str]]:
            known = await stage.engine.database.read(lambda tx: absences.pauses(tx, 1))
            return [(one.first, one.last) for one in known]

        await stage.says("班主任", "全班休息 5-6到5-8 春游", room=None)
        await undo(stage)
        assert await pauses() == []
        await redo(stage)
        assert await pauses() == [("2026-05-06", "2026-05-08")]
        await stage.says("班主任", "全班休息 取消", room=None)
        assert await pauses() == []
        await undo(stage)
        assert await pauses() == [("2026-05-06", "2026-05-08")]


async def test_days_of_a_pause_that_are_past_stay_excused(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await stage.says("班主任", "全班休息 5-5到5-9", room=None)
        await stage.until("2026-05-07 09:00")
        await undo(stage)
        known = await stage.engine.database.read(lambda tx: absences.pauses(tx, 1))
        assert [(one.first, one.last) for one in known] == [("2026-05-05", "2026-05-06")]
        await stage.says("小林", "打卡")
        assert await streak(stage) == (2, 2)


async def test_a_pause_of_days_gone_by_said_by_mistake_leaves_streaks_as_they_were(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-06 09:00")
        await stage.says("小林", "打卡")
        assert await streak(stage) == (1, 2)
        await stage.says("班主任", "全班休息 昨天", room=None)
        await stage.until("2026-05-06 09:10")
        assert await streak(stage) == (2, 2)
        await undo(stage)
        await stage.until("2026-05-06 09:20")
        assert await streak(stage) == (1, 2)


async def test_a_term_is_called_off_or_held_after_all(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)

        async def held() -> str | None:
            found = await stage.engine.database.read(lambda tx: terms.open_term(tx, 1))
            return None if found is None else found.term.first

        await stage.says("班主任", "/term 21天 通过18")
        first = await held()
        assert first is not None
        await undo(stage)
        assert await held() is None
        await redo(stage)
        assert await held() == first
        await stage.says("班主任", "/term 取消", room=None)
        await stage.presses("班主任", "停", room=None)
        assert await held() is None
        await undo(stage)
        assert await held() == first
        assert "恢复" not in await undo(stage, 1)
        assert await held() is None


async def test_a_check_in_that_was_taken_back_counts_again_with_its_streak(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡")
        await stage.until("2026-05-05 09:00")
        await stage.says("小林", "打卡", native="m1")
        assert await streak(stage) == (2, 2)
        for word in ("撤销", "打回 字再写大一点"):
            await stage.says("班主任", word, reply_to="m1", reply_sender=LIN)
            assert await streak(stage) == (1, 1)
            since = len(stage.platform.sent)
            await undo(stage)
            assert await streak(stage) == (2, 2)
            told = [sent.text for sent in stage.platform.sent[since:] if sent.place == "小林"]
            assert told == ["小林，5月5日「打卡」那条又算上了，连续天数也接回来了。"]
            assert not [sent for sent in stage.platform.sent[since:] if sent.place == "晨读班"]
            await redo(stage)
            assert await streak(stage) == (1, 1)
            await undo(stage)
            assert await streak(stage) == (2, 2)


async def test_what_was_counted_by_a_leader_counts_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "读完了", native="m1")
        await stage.says("班主任", "补", reply_to="m1", reply_sender=LIN)
        assert await streak(stage) == (1, 1)
        await undo(stage)
        assert await streak(stage) == (0, 0)
        await redo(stage)
        assert await streak(stage) == (1, 1)


async def test_comments_and_featured_ones_are_as_they_were(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("小林", "打卡 读了三页", native="m1")

        async def kept() -> tuple[str, bool]:
            [row] = await stage.engine.database.read(lambda tx: checkins.by_message(tx, 1, "m1"))
            return row.comment, row.featured

        await stage.says("班主任", "点评 写得真好", reply_to="m1", reply_sender=LIN)
        await stage.says("班主任", "优秀", reply_to="m1", reply_sender=LIN)
        assert await kept() == ("写得真好", True)
        await undo(stage)
        assert await kept() == ("写得真好", False)
        await undo(stage)
        assert await kept() == ("", False)


async def test_a_sign_up_list_is_gone_or_as_it_was(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)

        async def places() -> list[int]:
            return [
                one.places for one in await stage.engine.database.read(lambda tx: relays.latest(tx, 1, 9))
            ]

        await stage.says("班主任", "/signup 读书会 20")
        await stage.says("班主任", "/signup 读书会 30")
        await undo(stage)
        assert await places() == [20]
        await undo(stage)
        assert await places() == []
        await redo(stage)
        assert await places() == [20]


async def test_the_clock_follows_the_rule_of_before_from_now_on(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "时区 东京", room=None)
        await stage.until("2026-05-04 12:00")
        await undo(stage)
        rows = await stage.engine.database.read(lambda tx: tx.all("SELECT * FROM calendar ORDER BY since"))
        assert [row["zone"] for row in rows] == ["Asia/Shanghai", "Asia/Tokyo", "Asia/Shanghai"]
        assert rows[-1]["since"] == stage.clock.now()


async def test_a_room_speaks_what_it_spoke(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/language en")
        assert (await stage.says("小林", "今日任务"))[0].startswith("Today")
        await stage.presses_data("班主任", "undo:1:do:", room=None)
        assert (await stage.says("小林", "今日任务"))[0].startswith("今天的任务")


async def test_only_what_a_helper_may_do_can_a_helper_take_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.says("班主任", "/role 小林 值日生", room=None)
        await stage.says("班主任", "休息日 周日", room=None)
        await stage.says("阿哲", "打卡", native="m1")
        await stage.says("小林", "撤销", reply_to="m1", reply_sender={"native": "阿哲", "name": "阿哲"})
        assert await stage.says("小林", "/undo 2", room=None) == ["这件事要请学习委员或管理员来做。"]
        await stage.says("小林", "/undo", room=None)
        assert list(stage.last.buttons) == ["撤回这一步"]
        await stage.presses("小林", "撤回这一步", room=None)
        assert await streak(stage, "阿哲") == (1, 1)
        await stage.says("班主任", "/role 小林 -", room=None)
        assert await stage.presses_data("小林", "undo:3:do:", room=None) == ["没有 #3 这条记录。"]

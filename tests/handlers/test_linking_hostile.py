"""Codes that are talked out of people, read by others, answered by the wrong ones: no role changes hands."""

from pathlib import Path

from storage import people
from storage.db import Transaction
from tests.handlers.asking import buried
from tests.handlers.linked import HERE, THERE, a_class_on_both, a_code, join
from tests.stage import Stage, a_stage


async def persons(stage: Stage) -> set[int]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT person FROM account"))
    return {row["person"] for row in rows}


async def account_of(stage: Stage, who: str) -> int:
    def read(tx: Transaction) -> int:
        account = people.by_native(tx, stage.platform.name, who)
        assert account is not None
        return account.id

    return await stage.engine.database.read(read)


async def a_class_with_a_head(stage: Stage) -> Stage:
    other = await a_class_on_both(stage)
    await stage.joins("班主任", "admin", room=HERE)
    await other.says("骗子", "大家好", room=THERE)
    return other


async def talks_out_of(stage: Stage, other: Stage) -> None:
    """「帮我看看你收到的码」: the leader tells it, and the other one confirms."""
    code = await a_code(stage, "班主任")
    await other.says("骗子", f"绑定 {code}", room=None)
    said = await other.presses("骗子", "是我", room=None)
    assert any("在班里有身份，我去那边也问了一声" in text for text in said)


async def test_a_code_talked_out_of_a_leader_gives_no_rights(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_with_a_head(stage)
        await talks_out_of(stage, other)
        assert len(await persons(stage)) == 2
        assert "所以先问你" in stage.heard()[-1]
        await stage.presses("班主任", "不是我", room=None)
        assert len(await persons(stage)) == 2
        assert await other.says("骗子", "/name 我的班", room=THERE) != []
        community = await stage.engine.database.read(lambda tx: tx.value("SELECT name FROM community", {}))
        assert community != "我的班"


async def test_a_leader_who_says_yes_is_one_person_on_both(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_with_a_head(stage)
        said = await join(stage, other, "班主任", "老班")
        assert any("好了，这边和「老班」（微信）从现在起是同一个人" in text for text in said)
        assert any("合过来了" in text for text in said)
        assert await account_of(stage, "班主任")
        assert await buried(stage) == []


async def test_nobody_answers_in_the_leader_s_place(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_with_a_head(stage)
        code = await a_code(stage, "班主任")
        await other.says("骗子", f"绑定 {code}", room=None)
        head, thief = await account_of(stage, "班主任"), await account_of(other, "骗子")
        await stage.presses_data("班主任", f"link:mine:{thief}", room=None)
        assert len(await persons(stage)) == 2, "the one who sent it was not asked yet"
        await other.presses("骗子", "是我", room=None)
        for account in (head, thief):
            for verdict in ("yes", "mine", "no", "alien"):
                await other.presses_data("骗子", f"link:{verdict}:{account}", room=None)
                await stage.presses_data("小林", f"link:{verdict}:{account}", room=None)
        assert len(await persons(stage)) == 3
        await stage.presses("班主任", "是我，合起来", room=None)
        assert len(await persons(stage)) == 2


async def test_a_leader_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_with_a_head(stage)
        await talks_out_of(stage, other)
        await stage.until("2026-05-04 09:16")
        await stage.presses("班主任", "是我，合起来", room=None)
        assert len(await persons(stage)) == 2


async def test_a_code_said_aloud_by_its_owner_is_good_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class_on_both(stage)
        code = await a_code(stage)
        assert "这串码大家都看见了，我把它作废了。私聊我说「绑定」，再要一串。" in await stage.says(
            "小林", f"绑定 {code}", room=HERE
        )
        [said] = await stage.says("骗子", f"绑定 {code}", room=None)
        assert said.startswith("这串码我不认得")

"""Admins name leaders by replying."""

from pathlib import Path

from storage import people
from tests.stage import Stage, a_stage

LIN = {"native": "小林", "name": "小林"}


async def class_with_admin(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "/start", room=None)


async def test_a_reply_makes_a_leader_and_another_relieves_them(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        assert await stage.says("班主任", "组长", reply_sender=LIN) == ["小林 从今天起是组长，多多关照。"]
        assert await stage.says("班主任", "/leaders") == ["「晨读班」的组长：小林"]
        assert stage.last.place == "班主任"
        [said] = await stage.says("班主任", "/leader", reply_sender=LIN)
        assert "辛苦啦" in said
        assert stage.last.place == "班主任"
        assert "还没有组长" in (await stage.says("班主任", "组长名单"))[0]


async def test_every_change_is_kept(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        for _ in range(2):
            await stage.says("班主任", "/leader", reply_sender=LIN)
        acts = await stage.engine.database.read(
            lambda tx: [row["act"] for row in tx.all("SELECT act FROM audit ORDER BY id")]
        )
        assert acts == ["role_given", "role_taken"]


async def test_nobody_is_named_in_the_room_who_stops_being_a_leader(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for expected in ("小林 从今天起是组长，多多关照。", "好，记下了。"):
            said = await stage.says("", "/leader", sender=None, as_admin=True, reply_sender=LIN)
            assert said == [expected]


async def test_the_word_is_ordinary_talk_without_a_reply_or_from_a_member(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        assert await stage.says("班主任", "组长") == []
        assert await stage.says("小林", "组长", reply_sender=LIN) == []
        assert "回复" in (await stage.says("班主任", "/leader"))[0]
        assert "管理员" in (await stage.says("小林", "/leader", reply_sender=LIN))[0]


async def test_a_bot_is_no_leader(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        robot = {"native": "bot", "name": "bot", "is_bot": True}
        assert "回复" in (await stage.says("班主任", "/leader", reply_sender=robot))[0]


async def test_a_leader_may_what_leaders_may(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await class_with_admin(stage)
        await stage.says("班主任", "组长", reply_sender=LIN)
        roles = await stage.engine.database.read(
            lambda tx: people.roles(tx, 1, people.by_native(tx, "stage", "小林").person)  # type: ignore[union-attr]
        )
        assert roles == {"leader"}


async def test_the_list_is_not_shown_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/leaders") == ["这份只能悄悄说。先私聊我一句，再来一次就好。"]

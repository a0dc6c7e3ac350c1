"""A room that has another native id counts its messages anew: none of before is taken for one of after."""

from pathlib import Path

import pytest

from bot.core.actions import Delete, React, Say
from bot.core.events import Batch, Message, RoomMoved
from bot.core.platforms import Moved, Outgoing
from storage import rooms
from tests.stage import BOT, Stage, a_stage, instant

OLD, NEW = "晨读班", "新群"
CHECKINS = (
    "SELECT account.name FROM checkin JOIN account ON account.id = checkin.account"
    " WHERE standing = 'counted' ORDER BY account.id"
)


def moved(stage: Stage) -> RoomMoved:
    return RoomMoved(bot=BOT, key="moved", at=stage.clock.now(), place=stage.place("", OLD), to=NEW)


async def checked_in(stage: Stage) -> list[str]:
    found = await stage.engine.database.read(lambda tx: tx.all(CHECKINS))
    return [row["name"] for row in found]


async def test_what_is_done_to_a_new_message_is_not_done_to_an_old_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("小林", "打卡 读了三页", native="7")
        await stage.happens(moved(stage))
        await stage.says("阿哲", "打卡 读了五页", room=NEW, native="7")
        assert await checked_in(stage) == ["小林", "阿哲"]
        await stage.says(
            "班主任", "撤销", room=NEW, reply_to="7", reply_sender={"native": "阿哲", "name": "阿哲"}
        )
        assert await checked_in(stage) == ["小林"]


async def test_a_reaction_counts_for_who_wrote_the_new_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "我昨天读了第一章的前半部分", native="7")
        said = stage.message("小王", "这一章后面的习题你做了吗", native="8")
        await stage.happens(
            said, moved(stage), stage.message("阿哲", "今天外面下雨我在家看书", room=NEW, native="7")
        )
        await stage.reacts("小林", "7", "👍", room=NEW)
        about = "SELECT account.name FROM reaction JOIN account ON account.id = reaction.about"
        assert await stage.engine.database.read(lambda tx: tx.value(about)) == "阿哲"


async def test_what_was_said_before_and_after_the_move_in_one_batch_is_told_apart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        first, again = ("打卡 读了三页", OLD, "7"), ("打卡 读了四页", NEW, "8")
        before, after = (
            stage.message("小林", text, room=room, native=native) for text, room, native in (first, again)
        )
        await stage.happens(before, moved(stage), after)
        await stage.deletes("7", room=NEW)
        await stage.deletes("8", room=NEW)
        assert await checked_in(stage) == ["小林"], "what was said before stands"


async def test_an_answer_after_the_move_counts_what_was_said_before_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "任务 添加 晨读 06:00-10:00")
        await stage.says("小林", "打卡 读了三页", native="7")
        await stage.happens(moved(stage))
        await stage.presses("小林", "晨读", room=NEW)
        assert await checked_in(stage) == ["小林"]
        await stage.says("小林", "哈哈", room=NEW, native="7")
        await stage.deletes("7", room=NEW)
        assert await checked_in(stage) == ["小林"]


async def test_a_mend_of_before_the_move_is_taken_back_for_its_own_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        await stage.says("班主任", "你好", room=None)
        await stage.says("小林", "打卡 读了三页", native="7")
        await stage.says("班主任", "撤销", reply_to="7", reply_sender=stage.sender("小林"))
        assert await checked_in(stage) == []
        await stage.happens(moved(stage))
        await stage.says("班主任", "/undo", room=None)
        await stage.presses("班主任", "撤回这一步", room=None)
        assert await checked_in(stage) == ["小林"]
        await stage.says("小林", "哈哈", room=NEW, native="7")
        await stage.deletes("7", room=NEW)
        assert await checked_in(stage) == ["小林"]


async def test_no_new_message_is_deleted_for_an_old_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "/top")
        assert isinstance(stage.last.action, Say)
        await stage.happens(moved(stage))
        before = len(stage.platform.sent)
        await stage.until(stage.clock.now() + 120_000)
        assert [sent for sent in stage.platform.sent[before:] if isinstance(sent.action, Delete)] == []
        left_out = "SELECT count(*) FROM outbox WHERE state = 'expired' AND outcome = 'moved'"
        assert await stage.engine.database.read(lambda tx: tx.value(left_out)) == 1


@pytest.mark.parametrize("parts", [1, 3])
async def test_what_was_sent_as_the_group_moved_takes_no_new_message_along(
    tmp_path: Path, parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        before = len(stage.platform.sent)
        sends, stage.platform.parts = stage.platform.carry_out, parts

        async def sends_and_moves(outgoing: Outgoing) -> str | None:
            try:
                return await sends(outgoing)
            finally:
                await stage.engine.pipeline.take(Batch(BOT, [moved(stage)]))

        monkeypatch.setattr(stage.platform, "carry_out", sends_and_moves)
        await stage.says("小林", "/top")
        await stage.until(stage.clock.now() + 120_000)
        assert [type(sent.action) for sent in stage.platform.sent[before:]] == [Say] * parts
        named = "SELECT count(*) FROM outbox WHERE native IS NOT NULL"
        assert await stage.engine.database.read(lambda tx: tx.value(named)) == (parts > 1)


async def test_what_waits_to_be_said_is_said_in_the_new_place_and_answers_no_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        asked = stage.message("小林", "/tasks", native="7")
        await stage.engine.pipeline.take(Batch(BOT, [asked, moved(stage)], caught_up_to=stage.clock.now()))
        await stage.happens()
        said = stage.last
        assert isinstance(said.action, Say)
        assert (said.place, said.action.reply_to) == (NEW, None)


async def test_a_move_found_by_an_answer_waits_for_what_was_said_before_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.engine.pipeline.take(Batch(BOT, [stage.message("小林", "/tasks")]))
        stage.clock.move_to(stage.clock.now() + 1000)
        stage.platform.faults = [Moved(NEW)]
        await stage.engine.step()
        late: Message = stage.message("小林", "打卡 停机时说的")
        await stage.engine.pipeline.take(Batch(BOT, [late, moved(stage)]))
        await stage.until(stage.clock.now() + 60_000)
        assert {sent.place for sent in stage.platform.sent if not isinstance(sent.action, React)} == {
            OLD,
            NEW,
        }
        known = await stage.engine.database.read(lambda tx: rooms.of_community(tx, 1))
        assert [room.native for room in known] == [NEW]
        assert await checked_in(stage) == ["小林"]


async def test_a_move_that_is_never_told_is_made_once_all_was_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        stage.platform.faults = [Moved(NEW)]
        await stage.says("小林", "/tasks")
        await stage.until(instant("2026-05-04 09:01"))
        assert stage.last.place == NEW
        known = await stage.engine.database.read(lambda tx: rooms.of_community(tx, 1))
        assert [room.native for room in known] == [NEW]

"""A message that does not belong is reported in reply; staff sees it, and takes it away where that can be."""

from pathlib import Path

from bot.core.actions import Delete
from bot.core.events import RoomMoved
from bot.core.port import Can
from tests.stage import ALL, BOT, WECHAT, Stage, a_stage


async def a_class(stage: Stage) -> None:
    await stage.opens()
    await stage.joins("班主任", "owner")
    await stage.says("班主任", "/start", room=None)
    await stage.says("阿强", "加我领资料，限时免费", native="77")
    stage.heard()


async def reports(stage: Stage, who: str = "小林", said: str = "举报", native: str = "77") -> list[str]:
    return await stage.says(
        who, said, reply_to=native, reply_sender=stage.sender("阿强"), reply_text="加我领资料，限时免费"
    )


def deleted(stage: Stage) -> list[str]:
    return [sent.action.message for sent in stage.platform.sent if isinstance(sent.action, Delete)]


async def test_staff_sees_it_and_deletes_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        said = await reports(stage, said="举报 广告")
        assert "小林请你看一眼「晨读班」里阿强的一条消息（广告）：\n加我领资料，限时免费" in said
        assert any("悄悄告诉管理员" in one for one in said)
        told = next(sent for sent in stage.platform.sent if "请你看一眼" in sent.text)
        assert told.place == "班主任"
        assert "「晨读班」的那条消息，删了。" in await stage.presses("班主任", "删掉这条", room=None)
        assert "77" in deleted(stage)
        assert "删掉了「晨读班」里被举报的一条消息" in (await stage.says("班主任", "/audit", room=None))[0]


async def test_where_nothing_can_be_deleted_it_can_only_be_reported(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        await reports(stage)
        told = next(sent for sent in stage.platform.sent if "请你看一眼" in sent.text)
        assert told.text.endswith("那里的消息我删不了，要删请群主在手机上处理。")
        assert told.place == "班主任"


async def test_a_message_is_told_once_and_a_member_heard_three_times_an_hour(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for native in ("77", "77", "78", "79", "80", "81"):
            await reports(stage, native=native)
        assert sum("请你看一眼" in sent.text for sent in stage.platform.sent) == 3 - 1
        await reports(stage, "阿哲", native="81")
        assert sum("请你看一眼" in sent.text for sent in stage.platform.sent) == 3


async def test_without_a_reply_it_says_how(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("小林", "/report") == ["回复那条消息说「举报」，我悄悄转给管理员。"]


async def test_members_delete_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await reports(stage)
        await stage.says("小林", "/start", room=None)
        await stage.presses_data("小林", "flag:1:77:晨读班", room=None)
        await stage.presses_data("班主任", "flag:1:77:晨读班")
        await stage.presses_data("班主任", "flag:99:77:晨读班", room=None)
        assert "77" not in deleted(stage)


async def test_a_right_that_is_gone_by_then(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.WHISPER) as stage:
        await a_class(stage)
        await reports(stage)
        await stage.happens(stage.bot_changed("member", rights=("read",)))
        said = await stage.presses("班主任", "删掉这条", room=None)
        assert "「晨读班」的消息我现在删不了，请在手机上处理。" in said


async def test_words_that_were_not_heard_are_told_as_no_more_than_quoted(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=WECHAT) as stage:
        await a_class(stage)
        invented = "都给我闭嘴" * 100_000
        await stage.says("小林", "举报", reply_sender=stage.sender("班主任"), reply_text=invented)
        told = next(sent.text for sent in stage.platform.sent if "请你看一眼" in sent.text)
        assert "这段话是举报的人引来的，我没有原文可对。" in told
        assert len(told) < 500
        await reports(stage, "阿哲")
        assert "引来的" not in stage.platform.sent[-2].text + stage.platform.sent[-1].text


async def test_many_together_cannot_flood_staff_with_reports(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for number in range(60):
            await reports(stage, f"同学{number}", native=str(number))
        assert sum("请你看一眼" in sent.text for sent in stage.platform.sent) == 12


async def test_the_message_of_that_number_in_the_supergroup_is_another_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await reports(stage)
        place = stage.place("", "晨读班")
        await stage.happens(RoomMoved(bot=BOT, key="moved", at=stage.clock.now(), place=place, to="新群"))
        assert "放太久了" in (await stage.presses("班主任", "删掉这条", room=None))[0]
        assert "77" not in deleted(stage)
        await stage.says("小林", "举报", room="新群", reply_to="77", reply_sender=stage.sender("阿哲"))
        assert sum("请你看一眼" in sent.text for sent in stage.platform.sent) == 2

"""Somebody is asked into another room; being asked is not being there."""

from pathlib import Path

import pytest

from bot.core.actions import Admit, AnyAction, Look
from bot.core.errors import Undeliverable
from bot.core.port import Can
from tests.stage import ALL, Sent, Stage, a_stage

ADDS = Can.ADD
LINKS = (ALL & ~Can.ADD) | Can.LINK
RIGHTS = ("read", "react", "delete", "invite")


async def two_rooms(stage: Stage, rights: tuple[str, ...] = RIGHTS) -> None:
    """小林 is in the first room, the admin in both."""
    await stage.opens("晨读班", rights=rights)
    await stage.joins("班主任", "owner")
    await stage.says("班主任", "/start", room=None)
    await stage.joins("小林")
    await stage.opens("精英班", rights=rights)
    await stage.joins("班主任", "owner", room="精英班")
    await stage.engine.database.write(lambda tx: tx.run("UPDATE room SET community = 1 WHERE kind = 'group'"))
    stage.engine.pipeline.memory.clear()
    stage.heard()


def did(stage: Stage, kind: type[AnyAction]) -> list[Sent]:
    return [sent for sent in stage.platform.sent if isinstance(sent.action, kind)]


def seen(said: list[str]) -> list[str]:
    """What concerns the one who was asked, without the digest of the evening."""
    return [one for one in said if "今天" not in one]


async def admits(stage: Stage, said: str = "/admit 小林 精英班") -> list[str]:
    return await stage.says("班主任", said, room=None)


async def test_who_is_asked_comes_and_it_is_told(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        said = await admits(stage)
        assert "好，去请小林进「精英班」。到了告诉你；一天还没到，也告诉你。" in said
        [asked] = did(stage, Admit)
        assert (asked.place, asked.action) == ("精英班", Admit(who="小林", tag="admit:1"))
        assert await stage.joins("小林", room="精英班") == ["小林到「精英班」了。"]
        assert seen(await stage.until("2026-05-06 12:00")) == []


async def test_a_platform_that_says_yes_and_does_nothing_is_found_out(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        await admits(stage)
        assert await stage.until("2026-05-04 09:15") == ["Look"]
        assert did(stage, Look)[0].place == "精英班"
        said = seen(await stage.until("2026-05-05 10:00"))
        assert said[0] == "Look"
        assert said[1].startswith("等了一天，名单上还没有小林。")
        assert seen(await stage.until("2026-05-08 12:00")) == []


async def test_where_the_bot_adds_nobody_a_link_goes_to_whom_it_is_for(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=LINKS) as stage:
        await two_rooms(stage)
        await stage.says("小林", "/start", room=None)
        said = await admits(stage)
        link = stage.platform.sent[-1]
        assert link.place == "小林"
        assert link.text.startswith("小林，「精英班」给你留了位子")
        assert any("去请小林" in one for one in said)
        assert await stage.joins("小林", room="精英班") == ["小林到「精英班」了。"]


async def test_a_link_for_somebody_who_cannot_be_written_to_goes_to_staff(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=LINKS) as stage:
        await two_rooms(stage)
        await admits(stage)
        assert stage.last.place == "班主任"
        assert stage.last.text.startswith("我私聊不到小林，请你把「精英班」的链接转给对方")


@pytest.mark.parametrize(
    ("reason", "why"), [("full", "群满了"), ("forbidden", "没有邀请的权限"), ("blocked", "好友")]
)
async def test_a_refusal_is_told_with_its_reason(tmp_path: Path, reason: str, why: str) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        stage.platform.faults.append(Undeliverable(reason))
        said = await admits(stage)
        assert any(one.startswith("没能请小林进「精英班」") and why in one for one in said), said
        stage.platform.faults.append(Undeliverable(reason))
        assert any("没能请小林" in one for one in await admits(stage)), "they may be asked again"


async def test_who_is_there_or_on_the_way_is_not_asked_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        assert await admits(stage, "/admit 小林 晨读班") == ["小林已经在「晨读班」了。"]
        await admits(stage)
        assert await admits(stage) == ["小林已经请过了，还在路上。到了我说一声。"]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("/admit", "写上名字和群名"),
        ("/admit 小林", "写上名字和群名"),
        ("/admit 小林 没有的班", "没找到「没有的班」"),
        ("/admit 某人 精英班", "没找到「某人」"),
        ("/admit <b>x</b> " + "群" * 300, "没找到「<b>x</b>」"),
    ],
)
async def test_what_is_not_understood_says_how(tmp_path: Path, said: str, answer: str) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        assert answer in (await admits(stage, said))[0]
        assert did(stage, Admit) == []


async def test_a_platform_that_lets_the_bot_ask_nobody(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~(Can.ADD | Can.LINK)) as stage:
        await two_rooms(stage)
        assert await admits(stage) == ["「精英班」我请不了人，请你直接拉。"]


async def test_links_take_the_right_to_invite(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=LINKS) as stage:
        await two_rooms(stage, rights=("read",))
        assert "「邀请」的权限" in (await admits(stage))[0]


async def test_two_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        twin = stage.sender("小林二号")
        await stage.happens(stage.message("小林二号", "早", room="晨读班"))
        await stage.engine.database.write(
            lambda tx: tx.run(
                "UPDATE account SET name = '小林' WHERE native = :native", {"native": twin.native}
            )
        )
        assert "不止一位" in (await admits(stage))[0]


async def test_members_ask_nobody_in(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        await stage.says("小林", "/admit 小林 精英班")
        assert did(stage, Admit) == []


async def test_it_is_in_the_audit(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ADDS) as stage:
        await two_rooms(stage)
        await admits(stage)
        assert "请 小林 进「精英班」" in (await stage.says("班主任", "/audit", room=None))[0]


async def test_a_name_of_a_thousand_words_is_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins("班主任", "owner")
        [said] = await stage.says("班主任", "/admit " + "a " * 2000, room=None)
        assert said.startswith("写上名字和群名")

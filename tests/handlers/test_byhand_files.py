"""Lists that come as files, and what is kept of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import RetryLater, Undeliverable
from bot.core.events import Attachment
from bot.core.outbox import MOST_ATTEMPTS
from tests.stage import Stage, a_stage

OWNER = "班主任"
LIST = "晨读接龙\n1. 小林 读完第三章\n2. 阿哲\n"
TABLE = "昵称,打卡状态\n小林,已打卡\n阿哲,未打卡\n"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.joins(OWNER, "owner")
        await stage.says(OWNER, "/byhand 晨读二班", room=None)
        yield stage


async def sends(stage: Stage, text: str, *, name: str = "接龙.txt", said: str = "", **more: Any) -> str:
    """What the owner is told after sending a file with this text."""
    stage.platform.files["f"] = text
    more = {"room": None, "media": ("file",), "attachment": Attachment("f", name, len(text))} | more
    return "\n".join(await stage.says(OWNER, said, **more))


async def rows(stage: Stage, sql: str) -> list[tuple[Any, ...]]:
    return await stage.engine.database.read(lambda tx: [tuple(row) for row in tx.all(sql, {})])


async def test_a_file_counts_at_once(stage: Stage) -> None:
    assert "记上 2 位：小林、阿哲" in await sends(stage, LIST)
    assert "写明没做 1 位" in await sends(stage, TABLE, name="导出.csv")


async def test_the_command_may_stand_beside_the_file_or_before_it(stage: Stage) -> None:
    assert "5月3日" in await sends(stage, LIST, said="/record 晨读二班 昨天")
    await stage.says(OWNER, "/record 晨读二班 前天", room=None)
    assert "5月2日" in await sends(stage, "小林", name="名单")


async def test_what_is_in_a_file_is_kept_nowhere_but_as_what_it_did(stage: Stage) -> None:
    await sends(stage, LIST + "备注：小林的电话 13800000000\n")
    kept = await rows(stage, "SELECT coalesce(action, '') || coalesce(native, '') FROM outbox")
    kept += await rows(stage, "SELECT text FROM roll")
    assert not [one for (one,) in kept if "阿哲" in one and "1380000" in one]
    assert await rows(stage, "SELECT state, native FROM outbox WHERE action LIKE '%fetch%'") == [
        ("sent", None)
    ]


async def test_a_file_that_cannot_be_read_is_told_with_why(stage: Stage) -> None:
    for reason, said in (("too_large", "256 KB"), ("not_text", "存成 .txt"), ("bad_request", "没取到")):
        stage.platform.faults.append(Undeliverable(reason))
        assert said in await sends(stage, LIST)
    assert "没看到名字" in await sends(stage, "？？？")
    assert await rows(stage, "SELECT count(*) FROM dead_letter") == [(0,)]


async def test_who_sent_a_file_hears_that_it_was_out_of_reach_too_long(stage: Stage) -> None:
    stage.platform.faults = [RetryLater("down", 4_000)]
    assert await sends(stage, LIST) == ""
    assert "平台一直连不上，你发的文件没取到" in "".join(await stage.until("2026-05-04 12:00"))
    assert await rows(stage, "SELECT state FROM outbox WHERE action LIKE '%fetch%'") == [("expired",)]
    assert "记上 2 位" in await sends(stage, LIST)


async def test_who_sent_a_file_hears_that_many_tries_were_in_vain(stage: Stage) -> None:
    stage.platform.faults = [RetryLater("down") for _ in range(MOST_ATTEMPTS)]
    assert await sends(stage, LIST) == ""
    assert "平台一直连不上，你发的文件没取到" in "".join(await stage.until("2026-05-04 12:00"))


async def test_other_files_are_left_alone(stage: Stage) -> None:
    await sends(stage, LIST, name="作业.docx")
    await sends(stage, LIST, room="晨读班")
    stage.platform.files["f"] = LIST
    await stage.says("小林", "", room=None, media=("file",), attachment=Attachment("f", "a.txt", 9))
    assert await rows(stage, "SELECT count(*) FROM outbox WHERE action LIKE '%fetch%'") == [(0,)]


async def test_who_lost_the_right_meanwhile_notes_nothing(stage: Stage) -> None:
    stage.platform.files["f"] = LIST
    stage.platform.faults.append(Undeliverable("bad_request"))
    await sends(stage, LIST)
    await stage.joins(OWNER, "member")
    await sends(stage, LIST)
    assert await rows(stage, "SELECT count(*) FROM checkin") == [(0,)]


async def test_a_million_lines_are_too_many(stage: Stage) -> None:
    assert "一次最多 600 位" in await sends(stage, "小林\n" * 130_000)
    assert "一次最多 600 位" in await sends(stage, "1. 小林\n" + "又\n" * 120_000)
    assert await rows(stage, "SELECT count(*) FROM checkin") == [(0,)]

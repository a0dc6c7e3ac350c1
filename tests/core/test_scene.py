"""Where, when and by whom: days, languages, and who may what at this moment."""

from pathlib import Path

import pytest

from bot.core.actions import words
from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.port import Can
from handlers import FEATURES
from storage import people
from storage.db import Transaction
from tests.stage import ALL, WECHAT, a_stage, instant

SEEN: list[Context] = []


def look(ctx: Context, _arguments: str) -> None:
    SEEN.append(ctx)
    ctx.say(words("core.needs_right", right="settings" if ctx.may("settings") else "mend"))


LOOK = Feature(name="look", commands=(Command("look", look),))
FEATURED = (*FEATURES, LOOK)


async def test_a_day_begins_at_four_and_a_message_belongs_to_its_own(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-05 03:59", features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "/look")
        assert (SEEN[-1].day, SEEN[-1].today, SEEN[-1].is_backlog) == ("2026-05-04", "2026-05-04", False)
        await stage.until("2026-05-05 04:10")
        await stage.says("小林", "/look", at=instant("2026-05-05 03:50"))
        assert (SEEN[-1].day, SEEN[-1].today, SEEN[-1].is_backlog) == ("2026-05-04", "2026-05-05", True)


async def test_an_admin_of_a_room_is_one_in_private_until_the_right_is_lost(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/look", room=None) == ["这件事要请管理员来做。"]
        await stage.joins("班主任", "member")
        assert await stage.says("班主任", "/look", room=None) == ["这件事要请组长或管理员来做。"]


async def test_a_role_holds_everywhere_in_the_community(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "早")

        def make_leader(tx: Transaction) -> None:
            people.give_role(tx, 1, 1, "admin", 0, None)

        await stage.engine.database.write(make_leader)
        for room in ("晨读班", None):
            assert await stage.says("小林", "/look", room=room) == ["这件事要请管理员来做。"]


async def test_a_stranger_is_spoken_to_in_the_language_of_their_app(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        spoken = {"native": "Ann", "name": "Ann", "language": "en-GB"}
        said = await stage.says("Ann", "/help", room=None, sender=spoken)
        assert said
        assert "class monitor" in said[0]


@pytest.mark.parametrize(("can", "missing"), [(ALL, ("react", "delete", "invite")), (WECHAT, ())])
async def test_only_rights_that_a_platform_can_give_are_missing(
    tmp_path: Path, can: Can, missing: tuple[str, ...]
) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=can) as stage:
        await stage.opens(rights=("read",))
        await stage.says("小林", "/look")
        assert SEEN[-1].missing_in(SEEN[-1].room) == missing

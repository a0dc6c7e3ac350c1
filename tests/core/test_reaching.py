"""In which private chat somebody may be written to: here, elsewhere, or in none."""

from collections.abc import Callable
from pathlib import Path

from bot.core import reaching
from bot.core.context import Context
from bot.core.desk import Desk
from storage import people, rooms
from storage.people import Account
from storage.rooms import Room
from tests.handlers.linked import a_class_on_both, join
from tests.stage import Stage, a_stage


async def found(
    stage: Stage,
    look: Callable[[Context, Account], Room | None],
    name: str,
    *,
    room: int | None = 1,
    platform: str = "stage",
) -> tuple[str, str] | None:
    """The bot and native id of the chat that is found for somebody, in a room of the first community."""

    def work(desk: Desk) -> tuple[str, str] | None:
        account = people.by_native(desk.tx, platform, name)
        assert account is not None
        where = None if room is None else rooms.by_id(desk.tx, room)
        way = look(Context(desk, at=desk.now, room=where, community=1), account)
        return None if way is None else (way.bot, way.native)

    return await stage.engine.pipeline.work(work)


async def test_who_wrote_to_the_bot_is_reached_where_they_are_a_member(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        assert await found(stage, reaching.way_to, "小林") is None, "they never wrote in private"
        await stage.says("小林", "在吗", room=None)
        for room in (1, None):
            assert await found(stage, reaching.way_to, "小林", room=room) == (stage.platform.bot, "小林")


async def test_who_is_in_no_room_of_a_community_is_reached_by_any_bot_of_their_platform(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await other.says("老王", "在吗", room=None)
        for look, way in ((reaching.way_to, None), (reaching.any_way_to, (other.platform.bot, "老王"))):
            assert await found(stage, look, "老王", platform="wechat") == way
        await stage.says("阿哲", "早")
        assert await found(stage, reaching.any_way_to, "阿哲") is None


async def test_who_cannot_be_written_to_here_is_reached_by_another_account_of_theirs(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await stage.says("小林", "早", room=None)
        await other.says("小林", "在吗", room=None)
        assert await found(stage, reaching.way_elsewhere, "小林") is None, "they are two people"
        await join(stage, other)
        assert await found(stage, reaching.way_elsewhere, "小林") == (other.platform.bot, "小林")


async def test_the_chat_with_an_account_is_found_on_its_platform(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        other = await a_class_on_both(stage)
        await other.says("小林", "在吗", room=None)

        def chat(ctx: Context, account: Account) -> Room | None:
            return reaching.chat_with(ctx.desk, account)

        assert await found(stage, chat, "小林", platform="wechat") == (other.platform.bot, "小林")

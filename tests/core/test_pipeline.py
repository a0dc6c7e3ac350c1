"""The way in: once each, all or nothing, and a bug harms only its own event."""

from pathlib import Path

import pytest

from bot.core.actions import words
from bot.core.context import Context
from bot.core.errors import UserError
from bot.core.events import Batch, ButtonPressed, Message, RoomMoved, RoomRenamed, Sender
from bot.core.feature import Command, Feature, Reader
from handlers import FEATURES
from storage import communities, inbox, people, rooms
from storage.failures import DiskFull
from tests.stage import BOT, Stage, a_stage, instant


def note(ctx: Context, arguments: str) -> None:
    ctx.tx.run("UPDATE community SET name = :name", {"name": arguments})
    ctx.say(words("core.sent_privately"))
    if arguments == "nobody":
        ctx.tx.later("INSERT INTO nudge (person, at, feature) VALUES (:person, :at, :feature)", (-1, 0, "x"))
    if arguments == "bug":
        raise ZeroDivisionError
    if arguments == "no":
        raise UserError("core.needs_right", right="settings")


def meet(ctx: Context, arguments: str) -> None:
    ctx.desk.account(ctx.room.bot, Sender(arguments, arguments))
    raise UserError("core.needs_right", right="settings")


def shout(ctx: Context, message: Message) -> bool:
    if "bug" in message.text:
        raise ZeroDivisionError
    ctx.say(words("core.letters_none"))
    return True


NOTEBOOK = Feature(
    name="notebook",
    commands=(
        Command("note", note, ("记下",), takes=True),
        Command("rule", note, needs="settings", takes=True),
        Command("secret", note, places=("private",)),
        Command("meet", meet, takes=True),
    ),
    buttons={"note": note},
    readers=(Reader(lambda _desk, _room: lambda message: message.text.startswith("喂"), shout),),
)
WITH_NOTEBOOK = (*FEATURES, NOTEBOOK)


async def name_of(stage: Stage) -> str:
    return await stage.engine.database.read(lambda tx: communities.all_of_them(tx)[0].name)


async def letters(stage: Stage) -> int:
    return await stage.engine.database.read(inbox.dead_letters)


async def test_an_event_told_twice_counts_once(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        message = stage.message("小林", "/note one")
        assert await stage.happens(message) == ["发到私聊啦"]
        assert await stage.happens(message) == []
        assert await stage.happens(*[stage.message("小林", "喂")] * 2) == ["这次没有你的，安心学习。"]


async def test_what_a_member_cannot_do_is_told_and_undone(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.says("小林", "/note 好")
        assert await stage.says("小林", "/note no") == ["这件事要请管理员来做。"]
        assert await name_of(stage) == "好"
        assert await letters(stage) == 0


async def test_who_was_first_seen_in_what_is_undone_is_seen_anew(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.says("小林", "/meet 阿哲")
        await stage.says("小美", "早")
        await stage.says("阿哲", "早")
        known = await stage.engine.database.read(
            lambda tx: [people.by_native(tx, "stage", name) for name in ("小林", "小美", "阿哲")]
        )
        assert [account and account.name for account in known] == ["小林", "小美", "阿哲"]
        assert await letters(stage) == 0


@pytest.mark.parametrize("before", [0, 1])
async def test_rows_that_wait_fail_with_their_own_event(tmp_path: Path, before: int) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        good = [stage.message("小林", "喂"), stage.message("小周", "喂")]
        bad = ButtonPressed(
            bot=BOT,
            key="bad",
            at=stage.clock.now(),
            place=stage.place("大熊", "晨读班"),
            sender=stage.sender("大熊"),
            message="0",
            data="note:nobody",
            press="bad",
        )
        said = await stage.happens(*good[:before], bad, *good[before:])
        assert said == ["这次没有你的，安心学习。"] * 2
        assert await letters(stage) == 1


async def test_a_bug_keeps_its_event_and_harms_no_other(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        said = await stage.happens(
            stage.message("小林", "/note 好"), stage.message("小林", "/note bug"), stage.message("阿哲", "喂")
        )
        assert said == ["发到私聊啦", "这次没有你的，安心学习。"]
        assert await name_of(stage) == "好"
        assert await letters(stage) == 1
        again = await stage.happens(stage.message("小林", "喂 bug"))
        assert (again, await letters(stage)) == ([], 2)


async def test_who_only_presses_is_one_of_the_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.presses_data("小林", "note:按")
        found = await stage.engine.database.read(
            lambda tx: [rooms.role(tx, 1, account.id) for account in people.of_person(tx, 1)]
        )
        assert found == ["member"]


async def test_what_found_no_room_on_the_disk_is_not_known_yet(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        database, known = stage.engine.database, dict(stage.engine.pipeline.caught_up)
        await database.write(lambda tx: tx.value("PRAGMA max_page_count = 1"))
        stage.clock.move_to(stage.clock.now() + 3_600_000)
        message = stage.message("小林", "/note " + "长" * 100_000)
        with pytest.raises(DiskFull):
            await stage.happens(message)
        assert stage.engine.pipeline.caught_up == known
        await database.write(lambda tx: tx.value("PRAGMA max_page_count = 1000000"))
        assert await stage.happens(message) == ["发到私聊啦"]


async def test_rights_are_those_of_this_moment(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("班主任", "/rule 严") == ["这件事要请管理员来做。"]
        await stage.joins("班主任", "admin")
        assert await stage.says("班主任", "/rule 严") == ["发到私聊啦"]
        await stage.joins("班主任", "member")
        assert await stage.says("班主任", "/rule 松") == ["这件事要请管理员来做。"]
        assert await name_of(stage) == "严"


async def test_an_admin_named_in_the_settings_is_one_everywhere(tmp_path: Path) -> None:
    config = '[bot]\nadmins = ["stage:boss"]'
    async with a_stage(tmp_path, features=WITH_NOTEBOOK, config=config) as stage:
        await stage.opens()
        assert await stage.says("boss", "/rule 严") == ["发到私聊啦"]


async def test_a_leader_is_not_an_admin(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.says("小林", "大家好")

        def make_leader(tx: object) -> None:
            account = people.by_native(tx, "stage", "小林")  # type: ignore[arg-type]
            assert account is not None
            people.give_role(tx, 1, account.person, "leader", 0, None)  # type: ignore[arg-type]

        await stage.engine.database.write(make_leader)
        assert await stage.says("小林", "/rule 严") == ["这件事要请管理员来做。"]


async def test_an_anonymous_admin_is_an_admin(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("", "/rule 严", sender=None, as_admin=True) == ["发到私聊啦"]
        assert await stage.says("", "/rule 松", sender=None) == []


async def test_a_command_in_the_wrong_place_says_where(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("小林", "/secret") == ["这件事咱们私聊说。"]
        assert await stage.says("路人", "/note x", room=None) == [
            "还没在哪个班里见过你。先在群里说句话，再来找我。"
        ]
        assert await stage.says("小林", "/note 私", room=None) == ["发到私聊啦"]


async def test_words_and_buttons_reach_the_same_handler(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("小林", "记下 今天") == ["发到私聊啦"]
        assert await stage.says("小林", "记下！") == ["发到私聊啦"]
        assert await stage.says("小林", "我要记下 今天") == []
        assert await stage.presses_data("小林", "note:按") == ["发到私聊啦"]
        assert await name_of(stage) == "按"
        assert await stage.presses_data("小林", "gone:1") == ["这个选项放太久了，重新发一次命令就好。"]
        assert await stage.presses_data("小林", "note:no") == ["这件事要请管理员来做。"]


async def test_a_new_community_is_called_as_the_settings_say(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config='[community]\nname = "早起社"') as stage:
        await stage.opens()
        assert await name_of(stage) == "早起社"


async def test_a_quoted_command_is_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("小林", "记下 今天\n他写的", quoted=((0, 5),)) == []
        assert await stage.says("小林", "他写的\n记下 今天", quoted=((0, 4),)) == ["发到私聊啦"]


async def test_a_forwarded_command_is_none(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        assert await stage.says("小林", "/note x", forwarded=True) == []


async def test_a_room_that_moves_keeps_everything(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        place = stage.place("", "晨读班")
        await stage.happens(RoomMoved(bot=BOT, key="move", at=0, place=place, to="新群"))
        assert await stage.says("班主任", "/rule 严", room="新群") == ["发到私聊啦"]
        assert await name_of(stage) == "严"
        renamed = stage.place("", "新群")
        await stage.happens(RoomRenamed(bot=BOT, key="name", at=0, place=renamed))
        known = await stage.engine.database.read(lambda tx: rooms.of_community(tx, 1))
        assert [room.native for room in known] == ["新群"]


async def test_the_cursor_is_set_never_raised(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        pipeline = stage.engine.pipeline
        assert await pipeline.cursor(BOT, "") is None
        for cursor in ("900", "17"):
            await pipeline.take(Batch(BOT, (), cursor=cursor))
            assert await pipeline.cursor(BOT, "") == cursor


async def test_what_was_not_watched_is_a_gap(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        take = stage.engine.pipeline.take
        hour = 3_600_000
        start = stage.clock.now()
        await take(Batch(BOT, (), caught_up_to=start))
        await take(Batch(BOT, (), caught_up_to=start + hour))
        await take(Batch(BOT, (), caught_up_to=start + 5 * hour, unobserved_since=start + hour))
        gaps = await stage.engine.database.read(lambda tx: inbox.gaps(tx, BOT, start, start + 9 * hour))
        assert gaps == [(start + hour, start + 5 * hour)]


async def test_two_features_cannot_share_a_word(tmp_path: Path) -> None:
    copier = Feature(name="copier", commands=(Command("copy", note, ("记下",)),))
    with pytest.raises(ValueError, match="记下"):
        async with a_stage(tmp_path, features=(*WITH_NOTEBOOK, copier)):
            pass


def spoil(ctx: Context, _arguments: str) -> None:
    """Do what goes well until the commit."""
    ctx.tx.run("PRAGMA defer_foreign_keys = ON")
    ctx.tx.run("INSERT INTO talk (room, at, action) VALUES (999, 1, 1)")


async def test_nobody_met_in_an_undone_commit_is_remembered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoiler = Feature(name="spoiler", commands=(Command("spoil", spoil, in_menu=False),))
    async with a_stage(tmp_path, features=(*FEATURES, spoiler)) as stage:
        await stage.opens()
        with pytest.raises(Exception, match="FOREIGN KEY"):
            await stage.says("新人", "/spoil")
        caplog.clear()
        await stage.says("新人", "大家好")
        assert not caplog.records


async def test_an_instant_that_cannot_be_is_now(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        for when in ("2099-01-01 10:00", "1970-01-02 10:00", "2026-05-06 10:00"):
            await stage.says("小林", "打卡 读书", at=instant(when))
        days = await stage.engine.database.read(lambda tx: tx.all("SELECT day FROM checkin"))
        assert [row["day"] for row in days] == ["2026-05-04"]


async def test_who_has_left_presses_no_button(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=WITH_NOTEBOOK) as stage:
        await stage.opens()
        await stage.says("小林", "早")
        await stage.joins("小林", "left")
        assert await stage.presses_data("小林", "note:按") == ["你已经不在这个群里了，回来以后再选就好。"]
        await stage.joins("小林")
        assert await stage.presses_data("小林", "note:按") == ["发到私聊啦"]


async def test_a_name_never_reorders_or_hides_what_stands_beside_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("x", "早", sender={"native": "x", "name": "\u202e林\n小"})
        found = await stage.engine.database.read(lambda tx: people.by_native(tx, "stage", "x"))
        assert found is not None
        assert found.name == "林 小"

"""Good manners: the talk budget, quiet hours, and the ways to reach one person."""

from pathlib import Path

from bot.core.actions import Button, words
from bot.core.context import Context
from bot.core.feature import Command, Feature
from bot.core.port import Can
from handlers import FEATURES
from rules.durations import MINUTE
from storage import people, rooms
from storage.manners import take_letters
from tests.stage import ALL, Stage, a_stage, actions_by_state, instant


def news(ctx: Context, _arguments: str) -> None:
    ctx.announce(ctx.room, words("core.letters_none"))


def tonight(ctx: Context, _arguments: str) -> None:
    ctx.announce(ctx.room, words("core.letters_none"), lives_for=60 * MINUTE)


def poster(ctx: Context, _arguments: str) -> None:
    ctx.announce(
        ctx.room, words("core.letters_none"), buttons=((Button(words("core.letters_button"), "letters"),),)
    )


def mine(ctx: Context, _arguments: str) -> None:
    ctx.whisper(words("core.no_community"))


def poke(ctx: Context, arguments: str) -> None:
    account = people.by_native(ctx.tx, "stage", arguments)
    assert account is not None
    ctx.nudge(account, "crier", words("core.only_in_group"))


CRIER = Feature(
    name="crier",
    commands=(
        Command("news", news),
        Command("tonight", tonight),
        Command("poster", poster),
        Command("mine", mine),
        Command("poke", poke, takes=True),
    ),
    buttons={"mine": mine},
)
FEATURED = (*FEATURES, CRIER)
NEWS = "这次没有你的，安心学习。"
MINE = "还没在哪个班里见过你。先在群里说句话，再来找我。"
POKE = "这件事要在群里说。"
LETTERS = "有几句悄悄话要带给几位同学，点一下看看和自己有没有关系。"


async def test_nobody_makes_the_bot_flood_a_room(tmp_path: Path) -> None:
    async with a_stage(tmp_path, can=ALL & ~Can.REACT) as stage:
        await stage.opens()
        asked = [await stage.says("小林", text) for text in ("/help", "/me", "补卡 2-30") * 10]
        assert [len(said) for said in asked] == [1] * 6 + [0] * 24
        assert len(await stage.says("阿哲", "/me")) == 1
        assert len(await stage.says("小林", "/help", room=None)) == 1
        states = await stage.engine.database.read(actions_by_state)
        assert states["expired"] == 24
        await stage.until("2026-05-04 09:02")
        assert len(await stage.says("小林", "/me")) == 1


async def test_a_leader_at_work_is_always_answered(tmp_path: Path) -> None:
    async with a_stage(tmp_path, config="[talk]\nanswers_a_minute = 1") as stage:
        await stage.opens()
        await stage.joins("班主任", "admin")
        assert [len(await stage.says("班主任", "/help")) for _ in range(3)] == [1, 1, 1]


async def test_a_room_hears_four_lines_a_day_half_an_hour_apart(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 10:00", features=FEATURED) as stage:
        await stage.opens()
        for hour in range(11, 18):
            await stage.until(f"2026-05-04 {hour}:00")
            await stage.says("小林", "/poster")
        assert len(unprompted(stage)) == 4
        await stage.until("2026-05-05 10:00")
        await stage.says("小林", "/poster")
        await stage.says("小林", "/poster")
        await stage.until("2026-05-05 11:00")
        first, second = unprompted(stage)[4:]
        assert second - first == 30 * MINUTE


def unprompted(stage: Stage) -> list[int]:
    return [sent.at for sent in stage.platform.sent if sent.text.startswith(NEWS)]


async def test_at_night_it_waits_and_what_waits_is_one_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:00", features=FEATURED) as stage:
        await stage.opens()
        assert await stage.says("小林", "/news") == []
        assert await stage.says("小林", "/news") == []
        assert NEWS not in await stage.until("2026-05-05 07:29")
        assert await stage.until("2026-05-05 07:31") == [f"{NEWS}\n\n{NEWS}"]


async def test_what_makes_no_sense_in_the_morning_does_not_join_what_waits_for_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 23:00", features=FEATURED) as stage:
        await stage.opens()
        await stage.says("小林", "/news")
        await stage.says("小林", "/tonight")
        assert await stage.until("2026-05-05 07:31") == [NEWS]


async def test_an_answer_for_one_goes_private_when_it_can(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        assert await stage.says("小林", "/mine") == [MINE]
        assert stage.last.place == "晨读班"
        said = stage.last.native
        await stage.until(stage.clock.now() + 2 * MINUTE)
        assert getattr(stage.last.action, "message", None) == said
        await stage.says("小林", "你好", room=None)
        await stage.says("小林", "/mine")
        assert (stage.last.text, stage.last.place) == (MINE, "小林")
        assert await stage.presses_data("小林", "mine") == [MINE]
        assert stage.last.place == "晨读班"


async def test_one_person_is_nudged_once_a_day_and_three_times_a_week(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 10:00", features=FEATURED) as stage:
        await stage.opens()
        await stage.says("阿哲", "你好", room=None)
        await stage.says("阿哲", "早")
        nudges = 0
        for day in range(4, 11):
            await stage.until(f"2026-05-{day:02} 12:00")
            said = [*await stage.says("小林", "/poke 阿哲"), *await stage.says("小林", "/poke 阿哲")]
            nudges += said.count(POKE)
            assert said.count(POKE) <= 1
        assert nudges == 3


async def test_a_nudge_at_night_comes_in_the_morning_or_not_at_all(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 09:00", features=FEATURED) as stage:
        await stage.opens()
        await stage.says("阿哲", "早", room=None)
        await stage.says("阿哲", "早")
        await stage.until("2026-05-05 03:00")
        assert POKE not in await stage.says("小林", "/poke 阿哲")
        assert POKE in await stage.until("2026-05-05 07:31")
        await stage.until("2026-05-05 22:45")
        assert POKE not in await stage.says("小林", "/poke 阿哲")
        assert POKE not in await stage.until("2026-05-06 12:00")


async def test_who_cannot_be_written_to_finds_it_behind_a_button(tmp_path: Path) -> None:
    async with a_stage(tmp_path, now="2026-05-04 10:00", features=FEATURED) as stage:
        await stage.opens()
        for name in ("阿哲", "小美"):
            await stage.says(name, "早")
        await stage.until("2026-05-04 12:00")
        assert await stage.says("小林", "/poke 阿哲") == [LETTERS]
        assert await stage.says("小林", "/poke 小美") == []
        waiting = await stage.engine.database.write(lambda tx: take_letters(tx, 1, stage.clock.now()))
        assert len(waiting) == 1


async def test_where_no_button_opens_for_one_alone_it_is_dropped(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED, can=ALL & ~Can.WHISPER) as stage:
        await stage.opens()
        await stage.says("阿哲", "早")
        assert await stage.says("小林", "/poke 阿哲") == []


async def test_a_person_is_spoken_to_in_their_language(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("Ann", "hi", room=None)

        def speaks_english(tx: object) -> None:
            account = people.by_native(tx, "stage", "Ann")  # type: ignore[arg-type]
            assert account is not None
            people.set_language(tx, account.person, "en")  # type: ignore[arg-type]

        await stage.engine.database.write(speaks_english)
        await stage.says("Ann", "/mine")
        assert "met you" in stage.last.text


async def test_a_room_left_is_no_community_of_its_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path, features=FEATURED) as stage:
        await stage.opens()
        await stage.says("阿哲", "早")
        await stage.joins("阿哲", "left")
        found = await stage.engine.database.read(lambda tx: rooms.room_of_member(tx, 1, 1))
        assert found is None
        assert instant("2026-05-04 09:00") == stage.clock.now()

"""What chatter earns, what earns nothing, and what is taken back."""

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.core.events import Batch, RoomMoved
from rules import score
from rules.days import Day
from rules.score import Counts
from storage import activity, inbox, scores
from storage.db import Transaction
from tests.handlers.happening import GOOD, ROOMS, a_class, history
from tests.stage import BOT, Stage, a_stage, instant

ROOM = "晨读班"
MINUTE = 60_000


async def counts(stage: Stage, who: str, day: str = "2026-05-04") -> Counts:
    """What counted for a member on a day, in all rooms."""

    def read(tx: Transaction) -> Counts:
        activity.write_down(tx)
        columns = ", ".join(f"coalesce(sum({name}), 0)" for name in activity.SIGNALS)
        row = tx.one(
            f"SELECT {columns} FROM activity JOIN account ON account.id = activity.account"  # noqa: S608 - columns
            " WHERE account.native = :who AND day = :day",
            {"who": who, "day": day},
        )
        assert row is not None
        return Counts(*row)

    return await stage.engine.database.write(read)


async def later(stage: Stage, minutes: int = 1) -> None:
    stage.clock.move_to(stage.clock.now() + minutes * MINUTE)


async def talk(stage: Stage, who: str, *texts: str, **more: Any) -> None:
    """Somebody writes, with a minute between."""
    for text in texts:
        await stage.says(who, text, **more)
        await later(stage)


def replied_to(who: str) -> dict[str, Any]:
    return {"reply_to": "0", "reply_sender": {"native": who, "name": who}}


async def test_different_messages_with_time_between_count(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", *GOOD)
        assert await counts(stage, "小林") == Counts(message=len(GOOD))


async def test_many_messages_at_once_count_as_one(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for text in GOOD:
            await stage.says("小林", text)
        assert await counts(stage, "小林") == Counts(message=1)


async def test_the_cooldown_is_kept_through_a_restart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("小林", GOOD[0])
        stage.engine.pipeline.memory.clear()
        await stage.says("小林", GOOD[1])
        assert await counts(stage, "小林") == Counts(message=1)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("今天背了五十个单词，感觉不错", "今天背了六十个单词，感觉不错"),
        ("今日は英語の本を三ページ読みました", "今日は英語の本を四ページ読みました"),
        ("Finished chapter three of the book today", "finished chapter 3 of the book today!!"),
        ("Today 读了一章 🎉🎉", "today 读了一章 🎉🎉🎉🎉"),
    ],
)
async def test_saying_nearly_the_same_again_earns_nothing(tmp_path: Path, first: str, again: str) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", first, again, first)
        assert await counts(stage, "小林") == Counts(message=1)


async def test_a_repeat_is_known_after_a_night_and_a_restart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0])
        await stage.until("2026-05-05 09:00")
        stage.engine.pipeline.memory.clear()
        await talk(stage, "小林", GOOD[0])
        assert await counts(stage, "小林", "2026-05-05") == Counts()


@pytest.mark.parametrize(
    "said", ["哈哈哈哈", "👍👍👍", "嗯嗯", "ok", "666", "www", "ㅋㅋㅋㅋ", "好的好的好的"]
)
async def test_floods_earn_nothing(tmp_path: Path, said: str) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", said)
        assert await counts(stage, "小林") == Counts()


async def test_pictures_count_and_stickers_and_forwards_do_not(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", "", media=("sticker",))
        await talk(stage, "小林", GOOD[0], forwarded=True)
        assert await counts(stage, "小林") == Counts()
        await talk(stage, "小林", "", media=("photo",))
        assert await counts(stage, "小林") == Counts(message=1)


async def test_a_reply_counts_for_both(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0])
        await talk(stage, "阿哲", GOOD[1], **replied_to("小林"))
        assert await counts(stage, "阿哲") == Counts(message=1, reply_given=1)
        assert await counts(stage, "小林") == Counts(message=1, reply_got=1)


async def test_a_reply_finds_its_author_by_the_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="500")
        stage.engine.pipeline.memory.clear()
        await talk(stage, "阿哲", GOOD[1], reply_to="500")
        assert await counts(stage, "小林") == Counts(message=1, reply_got=1)


async def test_two_cannot_lift_each_other_all_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for text in GOOD:
            await talk(stage, "阿哲", text, **replied_to("小林"))
        assert await counts(stage, "小林") == Counts(reply_got=5)
        assert await counts(stage, "阿哲") == Counts(message=8, reply_given=5)


async def test_nobody_answers_oneself_or_the_bot_for_points(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], **replied_to("小林"))
        await talk(stage, "小林", GOOD[1], reply_to="9", reply_to_bot=True)
        bot = {"native": "99", "name": "bot", "is_bot": True}
        await talk(stage, "小林", GOOD[2], reply_to="9", reply_sender=bot)
        assert await counts(stage, "小林") == Counts(message=3)


async def test_a_reaction_counts_for_both_and_can_be_taken_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("小林", "哈哈", native="7")
        await stage.reacts("阿哲", "7", "👍")
        assert await counts(stage, "小林") == Counts(reaction_got=1)
        assert await counts(stage, "阿哲") == Counts(reaction_given=1)
        await stage.reacts("阿哲", "7", "❤", before=("👍",))
        assert await counts(stage, "小林") == Counts(reaction_got=1)
        await stage.reacts("阿哲", "7", before=("❤",))
        assert await counts(stage, "小林") == Counts()
        assert await counts(stage, "阿哲") == Counts()


async def test_reacting_on_and_off_earns_no_more(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("小林", "哈哈", native="7")
        for _ in range(4):
            await stage.reacts("阿哲", "7", "👍")
            await stage.reacts("阿哲", "7", before=("👍",))
        await stage.reacts("阿哲", "7", "👍")
        assert await counts(stage, "小林") == Counts(reaction_got=1)


async def test_reactions_to_oneself_to_the_bot_and_beyond_the_pair_limit_earn_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.says("小林", "哈哈", native="7")
        await stage.reacts("小林", "7", "👍")
        await stage.reacts("小林", "12345", "👍")
        assert await counts(stage, "小林") == Counts()
        for native in range(10, 20):
            await stage.says("小林", "哈哈", native=str(native))
            await stage.reacts("阿哲", str(native), "👍")
        assert await counts(stage, "小林") == Counts(reaction_got=5)


async def test_a_deleted_message_takes_its_points_back(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="7")
        await talk(stage, "阿哲", GOOD[1], native="8", **replied_to("小林"))
        await stage.deletes("8")
        assert await counts(stage, "阿哲") == Counts()
        assert await counts(stage, "小林") == Counts(message=1)
        await stage.deletes("8")
        await stage.deletes("7")
        assert await counts(stage, "小林") == Counts()


async def test_what_is_taken_back_counts_for_its_own_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="7")
        await stage.until("2026-05-06 09:00")
        await talk(stage, "小林", GOOD[1])
        await stage.deletes("7")
        assert await counts(stage, "小林") == Counts()
        assert await counts(stage, "小林", "2026-05-06") == Counts(message=1)


async def test_an_edit_into_a_repeat_or_into_nothing_earns_nothing(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="7")
        await talk(stage, "小林", GOOD[1], native="8")
        await stage.says("小林", GOOD[0], native="8", edited=True)
        assert await counts(stage, "小林") == Counts(message=1)
        await stage.says("小林", "哈哈", native="7", edited=True)
        assert await counts(stage, "小林") == Counts()


async def test_an_honest_edit_keeps_its_points_and_is_what_a_repeat_is_held_against(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="7")
        await stage.says("小林", GOOD[2], native="7", edited=True)
        await stage.says("小林", GOOD[2], native="7", edited=True)
        assert await counts(stage, "小林") == Counts(message=1)
        await talk(stage, "小林", GOOD[2])
        assert await counts(stage, "小林") == Counts(message=1)
        await talk(stage, "小林", GOOD[0])
        assert await counts(stage, "小林") == Counts(message=2)


@pytest.mark.parametrize("restarts", [False, True])
async def test_messages_of_one_number_in_two_rooms_are_two(tmp_path: Path, restarts: bool) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await talk(stage, "小林", GOOD[0], native="7", room=ROOMS[0])
        await talk(stage, "小林", GOOD[1], native="7", room=ROOMS[1])
        if restarts:
            stage.engine.pipeline.memory.clear()
        await talk(stage, "小林", GOOD[0], GOOD[1], room=ROOMS[0])
        assert await counts(stage, "小林") == Counts(message=2), "both are repeats"
        await stage.says("小林", GOOD[0], native="7", room=ROOMS[1], edited=True)
        assert await counts(stage, "小林") == Counts(message=1), "it repeats the other now"


async def test_a_number_of_before_the_group_moved_is_another_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await talk(stage, "小林", GOOD[0], native="7")
        place = stage.place("", ROOM)
        await stage.happens(RoomMoved(bot=BOT, key="moved", at=stage.clock.now(), place=place, to="新群"))
        await talk(stage, "小林", GOOD[1], native="7", room="新群")
        await stage.says("小林", GOOD[0], native="7", room="新群", edited=True)
        assert await counts(stage, "小林") == Counts(message=1)


async def test_commands_and_check_ins_are_no_chatter(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡 背了五十个单词，今天状态很好")
        await stage.says("小林", "/help")
        assert await counts(stage, "小林") == Counts(checkin=1)


async def test_what_counts_in_several_places_on_a_day_is_kept_for_each(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", GOOD[0], at=instant("2026-05-04 10:00"))
        assert await counts(stage, "小林") == Counts(message=1), "written down"
        for number, said in enumerate((GOOD[1], "打卡", GOOD[2])):
            await stage.says("小林", said, at=instant(f"2026-05-04 11:0{number}"))
        assert await counts(stage, "小林") == Counts(message=3, checkin=1)


async def test_a_check_in_counts_for_its_own_day(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.opens()
        await stage.says("小林", "打卡", at=instant("2026-05-02 08:00"))
        assert await counts(stage, "小林", "2026-05-02") == Counts(checkin=1)
        assert await counts(stage, "小林") == Counts()


async def test_settings_change_what_counts(tmp_path: Path) -> None:
    config = "[scoring]\ncooldown = 0\npair_limit = 0\npoints_message = 0\n"
    async with a_stage(tmp_path, config=config) as stage:
        for text in GOOD:
            await stage.says("小林", text, **replied_to("阿哲"))
        assert await counts(stage, "小林") == Counts(message=8)
        await stage.engine.database.write(activity.write_down)
        total = await stage.engine.database.read(lambda tx: tx.value("SELECT sum(points) FROM activity"))
        assert total == 0


async def test_what_was_said_before_the_room_joined_another_community_can_be_edited(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        for room in (ROOM, "夜跑班"):
            await stage.opens(room)
            await stage.joins("班主任", "owner", room=room)
        await stage.says("小林", GOOD[0], room=ROOM, native="7")
        await stage.presses_data("班主任", "setup:join:2", room=ROOM)
        await stage.happens(stage.message("小林", GOOD[1], room=ROOM, native="7", edited=True))
        assert await stage.engine.database.read(inbox.dead_letters) == 0


@pytest.mark.parametrize("seed", range(4))
async def test_rankings_and_scores_agree_with_the_record(tmp_path: Path, seed: int) -> None:
    async with a_stage(tmp_path) as stage:
        chance = random.Random(seed)
        await a_class(stage)
        for event in history(stage, chance, 300):
            await stage.engine.pipeline.take(Batch(BOT, [event]))
            if chance.random() < 0.1:
                await stage.engine.database.write(
                    lambda tx: scores.settle(tx, 1, 14.0, chance.randrange(1, 9))
                )
                if chance.random() < 0.5:
                    stage.engine.pipeline.memory.clear()
        await stage.engine.database.write(lambda tx: scores.settle(tx, 1, 14.0, 1_000))
        kept, record = await stage.engine.database.read(kept_and_record)
        assert kept.tallies == record.tallies
        assert kept.scores == pytest.approx(record.scores, abs=1e-9)


class Standing(msgspec.Struct):
    """Points by period and person, and scores by person."""

    tallies: dict[tuple[str, int], float]
    scores: dict[int, float]


def kept_and_record(tx: Transaction) -> tuple[Standing, Standing]:
    """What is kept of persons, and the same made anew from the record."""
    rows = tx.all("SELECT day, person, points FROM activity JOIN account ON account.id = account")
    assert rows
    assert tx.value("SELECT count(*) FROM unsettled") == 0
    tallies: dict[tuple[str, int], float] = {}
    days: dict[int, list[tuple[Day, float]]] = {}
    for row in rows:
        days.setdefault(row["person"], []).append((Day(row["day"]), row["points"]))
        for period in scores.periods(Day(row["day"])):
            tallies[period, row["person"]] = tallies.get((period, row["person"]), 0.0) + row["points"]
    kept = {(row["period"], row["person"]): row["points"] for row in tx.all("SELECT * FROM tally")}
    stored = {row["person"]: row["value"] for row in tx.all("SELECT * FROM score")}
    made = {person: score.rebuild(earned, 14.0) for person, earned in days.items()}
    made = {person: value for person, value in made.items() if value != score.EMPTY}
    return Standing(_not_nothing(kept), stored), Standing(_not_nothing(tallies), made)


def _not_nothing(points: dict[tuple[str, int], float]) -> dict[tuple[str, int], float]:
    return {key: value for key, value in points.items() if value}

"""The same events leave the same rows and scores, however they are batched and wherever a restart falls."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.core.events import Batch, Event, MessageDeleted
from handlers.scoring import chatter
from storage import activity, inbox, scores
from storage.db import Transaction
from tests.handlers.happening import GOOD, LEADER, ROOMS, a_class, history
from tests.stage import BOT, Stage, a_stage

LEFT = {
    "activity": "SELECT day, native, room, message, reply_given, reply_got, reaction_given, reaction_got,"
    " checkin, featured, points FROM activity JOIN account ON account.id = account ORDER BY 1, 2, 3",
    "checkin": "SELECT account.native, day, task, room, checkin.native, at, note, proof, way, standing,"
    " featured, comment FROM checkin JOIN account ON account.id = account ORDER BY 1, 2, 3",
    "message": "SELECT room, message.native, account.native, at, scored FROM message"
    " JOIN account ON account.id = account ORDER BY 1, 2",
    "reaction": "SELECT room, reaction.native, account.native, day FROM reaction"
    " JOIN account ON account.id = account ORDER BY 1, 2, 3",
    "membership": "SELECT room, native, role FROM membership JOIN account ON account.id = account"
    " ORDER BY 1, 2",
    "streak": "SELECT native, current, longest, total, last_day FROM streak JOIN account USING (person)"
    " ORDER BY 1",
    "tally": "SELECT period, native, points FROM tally JOIN account USING (person) WHERE points <> 0"
    " ORDER BY 1, 2",
    "score": "SELECT native, value FROM score JOIN account USING (person) ORDER BY 1",
}
"""What events leave behind, by names that do not depend on the order in which rows are made."""

Left = dict[str, list[tuple[object, ...]]]


def left(tx: Transaction) -> Left:
    """All that events left behind; of sums the digits that do not depend on the order of adding."""
    scores.settle(tx, 1, 14.0, 10_000)
    return {
        name: [tuple(round(value, 6) if isinstance(value, float) else value for value in row) for row in rows]
        for name, rows in ((name, tx.all(query)) for name, query in LEFT.items())
    }


def gone(stage: Stage, native: str) -> MessageDeleted:
    """Somebody took this message back."""
    at, place = stage.clock.now(), stage.place("", ROOMS[0])
    return MessageDeleted(bot=BOT, key=f"gone {native}", at=at, place=place, native=native)


async def take(stage: Stage, events: Sequence[Event], size: int = 1_000) -> None:
    for start in range(0, len(events), size):
        await stage.engine.pipeline.take(Batch(BOT, events[start : start + size]))


@pytest.mark.parametrize("seed", range(4))
async def test_batches_and_restarts_change_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatter, "WRITTEN_AFTER", 90)
    found: list[Left] = []
    for size, kept in ((1, 5), (7, 1_000), (1_000, 1_000)):
        monkeypatch.setattr(chatter, "MOST_KEPT", kept)
        (tmp_path / str(size)).mkdir()
        async with a_stage(tmp_path / str(size)) as stage:
            chance = random.Random(seed)
            await a_class(stage)
            events = history(stage, chance, 300)
            for start in range(0, len(events), size):
                await take(stage, events[start : start + size])
                if size == 7 and chance.random() < 0.3:
                    stage.engine.pipeline.memory.clear()
                elif size == 1 and chance.random() < 0.3:
                    await stage.engine.database.write(activity.write_down)
            found.append(await stage.engine.database.write(left))
            assert await stage.engine.database.read(inbox.dead_letters) == 0
    assert found[0] == found[1] == found[2]
    assert all(found[0].values()), "something of every kind is left"


async def test_an_id_that_is_taken_again_is_the_newer_message(tmp_path: Path) -> None:
    found: list[Left] = []
    for size in (1, 10):
        (tmp_path / str(size)).mkdir()
        async with a_stage(tmp_path / str(size)) as stage:
            said = [
                stage.message("小林", GOOD[0], native="7"),
                stage.message("阿哲", GOOD[1], native="7"),
                stage.message("小雨", GOOD[2], reply_to="7"),
                stage.message("大熊", GOOD[3], native="8"),
                gone(stage, "8"),
                stage.message("大熊", "哈哈", native="8"),
            ]
            await take(stage, said, size)
            found.append(await stage.engine.database.write(left))
    assert found[0] == found[1]
    assert [row[1:3] for row in found[0]["message"]] == [("3", "小雨"), ("7", "阿哲"), ("8", "大熊")]
    assert [row[1] for row in found[0]["activity"] if row[3 + activity.SIGNALS.index("reply_got")]] == [
        "阿哲"
    ]


async def test_whom_a_list_names_is_known_once_they_have_written(tmp_path: Path) -> None:
    found: list[Left] = []
    for size in (1, 10):
        (tmp_path / str(size)).mkdir()
        async with a_stage(tmp_path / str(size)) as stage:
            await stage.says("小林", "哈哈")
            said = [
                stage.message("小林", "接龙打卡\n1. 小雨 六页"),
                stage.message("小雨", GOOD[0]),
                stage.message("阿哲", "打卡", room=None),
                stage.message("阿哲", GOOD[1]),
            ]
            await take(stage, said, size)
            found.append(await stage.engine.database.write(left))
    assert found[0] == found[1]
    assert [row[0] for row in found[0]["checkin"]] == ["小林"], "the line counts for who sent it"


async def test_what_never_counted_takes_nothing_from_what_counts_after_it(tmp_path: Path) -> None:
    found: list[Left] = []
    for size in (1, 10):
        (tmp_path / str(size)).mkdir()
        async with a_stage(tmp_path / str(size)) as stage:
            await a_class(stage)
            await stage.presses_data(LEADER, "set:to:1:features.scoring:off@1", room=None)
            await stage.says("小林", "打卡 三页", native="7")
            await stage.presses_data(LEADER, "set:to:1:features.scoring:on@1", room=None)
            await take(stage, [gone(stage, "7"), stage.message("小林", "打卡 四页")], size)
            found.append(await stage.engine.database.write(left))
    assert found[0] == found[1]
    assert [row[-1] for row in found[0]["activity"]] != [0.0], "the second one counts"

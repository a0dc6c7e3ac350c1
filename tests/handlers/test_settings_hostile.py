"""Settings in chat against whatever is typed and pressed: values stay fit, undo exact, members see none."""

import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.app import feature_settings
from bot.config import TalkSettings
from bot.config.chat import entries
from bot.config.values import FROM_FILE
from bot.core.actions import AnyAction, Edit, Say
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import Batch, ButtonPressed, Event
from bot.core.undoing import undo
from storage import people, rooms
from tests.handlers.test_hostile import ARGUMENTS, fit_to_send
from tests.handlers.test_settings import a_class, kept
from tests.stage import BOT, Stage, a_stage

SECTIONS: dict[str, type[BaseModel]] = {"talk": TalkSettings, **feature_settings()}
ENTRIES = {entry.name: entry for section, kind in SECTIONS.items() for entry in entries(section, kind)}
TEXT = st.one_of(st.sampled_from(ARGUMENTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
KEY = st.one_of(st.sampled_from(sorted(ENTRIES)), st.sampled_from(sorted(ENTRIES)), TEXT)
VALUE = st.one_of(
    st.sampled_from(
        [
            "on",
            "off",
            "suggest",
            "default",
            "0",
            "1",
            "7.5",
            "48",
            "23:59",
            "00:00",
            "list",
            "打卡,到",
            "week",
        ]
    ),
    TEXT,
)
PLACE = st.sampled_from(["", "all ", "晨读班 ", "夜读 ", "#1 ", "#2 ", "没有的班 "])
SAID = st.one_of(
    st.builds("/set {}{} {}".format, PLACE, KEY, VALUE),
    st.builds("/settings {} {}".format, st.sampled_from(["", "why", "为什么"]), KEY),
    st.builds("改设置 {} {}".format, KEY, VALUE),
)
NUMBER = st.sampled_from(["0", "1", "2", "3", "99", "x", "", "-1", "1:0", "0:1", "1:2", "2:1"])
PRESSED = st.one_of(
    st.builds(
        "set:{}:{}:{}:{}@1".format,
        st.sampled_from(["one", "to", "as", "by", "no", "why"]),
        NUMBER,
        KEY,
        VALUE,
    ),
    st.builds("set:by:{}:{}:{}@1".format, NUMBER, KEY, st.sampled_from("+-*")),
    st.builds(
        "set:{}:{}@1".format,
        st.sampled_from(["home", "at", "in", "cp", "cpto", "cpdo", "tm", "tmdo", "tmno", "shut"]),
        NUMBER,
    ),
    st.builds("set:in:{}:{}:{}@1".format, NUMBER, st.sampled_from([*SECTIONS, "x"]), NUMBER),
    st.builds("set:{}".format, TEXT),
)
ACT = st.tuples(
    st.sampled_from(["班主任", "班主任", "小林"]), st.sampled_from([None, "晨读班"]), st.one_of(SAID, PRESSED)
)


def event(stage: Stage, number: int, act: tuple[str, str | None, str]) -> Event:
    who, room, text = act
    if not text.startswith("set:"):
        return stage.message(who, text, room=room)
    return ButtonPressed(
        bot=BOT,
        key=f"b{number}",
        at=stage.clock.now(),
        at_known=False,
        place=stage.place(who, room),
        sender=stage.sender(who),
        message="1",
        data=text[:64],
        press="p",
    )


async def do(stage: Stage, acts: list[tuple[str, str | None, str]]) -> None:
    events = [event(stage, number, act) for number, act in enumerate(acts)]
    await stage.engine.pipeline.take(Batch(BOT, events, caught_up_to=stage.clock.now()))
    found = await stage.engine.database.read(
        lambda tx: [row["trace"] for row in tx.all("SELECT * FROM dead_letter")]
    )
    assert not found, found[0]


async def check_what_is_said(stage: Stage) -> None:
    """All of it can be sent, and none of it goes before members."""
    queued = await stage.engine.database.read(
        lambda tx: tx.all(
            "SELECT action, kind FROM outbox JOIN room ON room.id = outbox.room WHERE state = 'waiting'"
        )
    )
    for row in queued:
        action = msgspec.json.decode(row["action"], type=AnyAction)
        fit_to_send(stage, action)
        if row["kind"] == "group" and isinstance(action, Say | Edit):
            said = action.parts if isinstance(action, Say) else (action.words,)
            assert {words.text for words in said} <= {"core.needs_right"}


async def check_values(stage: Stage) -> None:
    """What is kept is what the types take, said as config.toml would say it."""
    for _, name, value in await kept(stage):
        entry = ENTRIES[name]
        written = msgspec.json.decode(value)
        taken = entry.kind.model_validate({entry.key: written}, context=FROM_FILE)
        assert entry.written(getattr(taken, entry.key)) == written


async def take_all_back(stage: Stage) -> None:
    """Take back every change, the last one first."""

    def back(desk: Desk) -> None:
        account = people.by_native(desk.tx, "stage", "班主任")
        assert account is not None
        room = rooms.by_native(desk.tx, BOT, "班主任")
        ctx = Context(desk, at=desk.now, room=room, account=account, community=1)
        changes = [row["id"] for row in desk.tx.all("SELECT id FROM audit ORDER BY id DESC")]
        for number in changes:
            undo(ctx, number)

    await stage.engine.pipeline.work(back)


async def template(stage: Stage) -> list[Any]:
    return await stage.engine.database.read(
        lambda tx: [tuple(row) for row in tx.all("SELECT * FROM room_template")]
    )


@settings(max_examples=25)
@given(st.lists(ACT, min_size=5, max_size=30))
async def test_any_words_and_buttons(acts: list[tuple[str, str | None, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with a_stage(Path(folder)) as stage:
            await a_class(stage, "夜读班")
            await do(stage, acts)
            await check_what_is_said(stage)
            await check_values(stage)
            await take_all_back(stage)
            assert await kept(stage) == []
            assert await template(stage) == []


async def test_what_was_is_put_back_exactly_and_brought_forward_again(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, "夜读班")
        said = [
            "checkin.words 打卡,到",
            "scoring.half_life 7.5",
            "recap.digest off",
            "recap.evening_at 20:15",
        ]
        for line in said:
            await stage.says("班主任", f"/set {line}", room=None)
        before = await kept(stage)
        for line in (
            "checkin.words 报到",
            "scoring.half_life default",
            "recap.digest on",
            "recap.evening_at 9pm",
        ):
            await stage.says("班主任", f"/set {line}", room=None)
        assert await kept(stage) != before
        for number in (8, 7, 6, 5):
            await stage.says("班主任", f"/undo {number}", room=None)
            await stage.presses("班主任", "撤回这一步", room=None)
        assert await kept(stage) == before

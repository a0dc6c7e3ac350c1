"""Every command and button of every feature, with whatever people and attackers send: nothing breaks."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Answer, AnyAction, Edit, Say
from bot.core.events import Batch, ButtonPressed, Event
from bot.core.feature import Command, Feature
from bot.core.markup import complaint, plain
from bot.core.port import Can
from handlers import FEATURES
from tests.stage import ALL, BOT, WECHAT, Stage, a_stage

ARGUMENTS = (
    "",
    "0",
    "-1",
    "3",
    "１２",
    "٣",
    "9" * 400,
    "1e999",
    "NaN",
    "一百",
    "今天",
    "昨天",
    "明天",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "1-1 到 12-31",
    "99:99",
    "22:00-02:00",
    "添加 晨读 25:00-99:99",
    "添加 " + "长" * 300,
    "取消",
    "21天 通过99 从 2-30",
    "Asia/../../etc/passwd",
    "zh-Klingon",
    "'; DROP TABLE room;--",
    '"><script>alert(1)</script>',
    "<b><i>&lt;",
    "{{ 7 * 7 }}{% for x in y %}",
    "%s%n%(name)s\\N{BEL}",
    "\x00\x07\x1b[31m",
    "\u202e\u200b\ufeff",
    "😀" * 60,
    "字" * 4000,
    "\n\n \t\n",
    "a b c d e f g h i j k l m n o p",
    "@小林 @阿哲",
    "#接龙\n1. 小林\n2.",
    ":::::::",
)
GOING_ON = (
    "/task 添加 晚读 20:00-02:00",
    "/task 晚读 凭证 图片",
    "/term 21天 通过18",
    "/pause 明天",
    "/rest 周日",
    "/signup 春游 2",
    "#接龙 晨读\n1. 小林 三页",
    "/role 小林 值日生",
    "/set recap.evening_at 21:00",
    "/byhand 手记班",
)
LONGEST_MESSAGE, LONGEST_DATA = 4096, 64


async def a_class(stage: Stage) -> None:
    """A room with a member who writes in private too, a leader, and an admin; much is going on there."""
    await stage.opens(rights=("read", "react", "delete", "pin", "invite", "remove"))
    await stage.joins("班主任", "admin")
    await stage.says("小林", "/start", room=None)
    await stage.says("小林", "打卡 读了三页")
    await stage.says("班主任", "/leader", reply_sender={"native": "阿哲", "name": "阿哲"})
    await stage.says("班主任", "/start", room=None)
    for going_on in GOING_ON:
        await stage.says("班主任", going_on)
    await stage.says("小林", "/link", room=None)


def commands(features: Iterable[Feature]) -> list[Command]:
    return [command for feature in features for command in feature.commands]


def asked(stage: Stage, command: Command, argument: str) -> list[Event]:
    """One request, by everybody, everywhere, by name and by word."""
    texts = [f"/{command.name} {argument}", *(f"{word} {argument}" for word in command.words[:1])]
    replied: dict[str, Any] = {"reply_to": "1", "reply_sender": {"native": "小林", "name": "小林"}}
    events: list[Event] = []
    for text in texts:
        events += [
            stage.message("小林", text),
            stage.message("阿哲", text, **replied),
            stage.message("班主任", text, **replied),
            stage.message("班主任", text),
            stage.message("班主任", text, room=None),
            stage.message("路人", text, room=None),
            stage.message("", text, sender=None, as_admin=True, **replied),
        ]
    return events


def pressed(stage: Stage, data: str) -> list[Event]:
    return [
        ButtonPressed(
            bot=BOT,
            key=f"{data}{who}{room}",
            at=stage.clock.now(),
            at_known=False,
            place=stage.place(who, room),
            sender=stage.sender(who),
            message="1",
            data=data,
            press="p",
        )
        for who, room in (
            ("小林", "晨读班"),
            ("阿哲", "晨读班"),
            ("班主任", "晨读班"),
            ("班主任", None),
            ("路人", None),
            ("路人", "没去过的群"),
        )
    ]


async def what_broke(stage: Stage, events: list[Event]) -> list[str]:
    """The dead letters of these events; what they are answered must be fit to send."""
    await stage.engine.pipeline.take(Batch(BOT, events, caught_up_to=stage.clock.now()))
    buried: list[str] = await stage.engine.database.read(
        lambda tx: [row["event"] + row["trace"] for row in tx.all("SELECT * FROM dead_letter")]
    )
    queued = await stage.engine.database.write(
        lambda tx: tx.all(
            "UPDATE outbox SET state = 'sent', finished_at = 0 WHERE state = 'waiting' RETURNING action"
        )
    )
    for row in queued:
        fit_to_send(stage, msgspec.json.decode(row["action"], type=AnyAction))
    return buried


def fit_to_send(stage: Stage, action: AnyAction) -> None:
    """What a platform asks of a message: its markup, its length, its buttons' data."""
    render = stage.engine.ready.render
    parts = {Say: "parts", Edit: "words", Answer: "words"}.get(type(action))
    said = getattr(action, parts) if parts else None
    for words in said if isinstance(said, tuple) else [said] if said is not None else []:
        html = render.text(words, getattr(action, "language", "zh-Hans"))
        assert complaint(html) is None, html
        assert 0 < len(plain(html)) <= LONGEST_MESSAGE, html
    for row in getattr(action, "buttons", ()):
        for button in row:
            assert len(button.data.encode()) <= LONGEST_DATA, button
            assert plain(render.text(button.label, "zh-Hans"))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
async def test_commands_with_hostile_arguments(feature: Feature, tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for command in feature.commands:
            events = [one for argument in ARGUMENTS for one in asked(stage, command, argument)]
            assert await what_broke(stage, events) == []


@pytest.mark.parametrize("can", [ALL, WECHAT], ids=["telegram", "wechat"])
@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
async def test_invented_buttons(feature: Feature, tmp_path: Path, can: Can) -> None:
    async with a_stage(tmp_path, can=can) as stage:
        await a_class(stage)
        datas = [
            f"{prefix}:{argument}"[:64] for prefix in feature.buttons for argument in (*ARGUMENTS, "1", "1:2")
        ]
        assert await what_broke(stage, [one for data in datas for one in pressed(stage, data)]) == []


NAMES = sorted(command.name for command in commands(FEATURES))
WORDS = sorted(word for command in commands(FEATURES) for word in command.words)
PREFIXES = sorted(prefix for feature in FEATURES for prefix in feature.buttons)
WHO = st.sampled_from(["小林", "阿哲", "班主任", "路人"])
WHERE = st.sampled_from(["晨读班", None, "另一个群"])
TAIL = st.one_of(st.sampled_from(ARGUMENTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
SAID = st.one_of(
    st.builds("/{} {}".format, st.sampled_from(NAMES), TAIL),
    st.builds("{} {}".format, st.sampled_from(WORDS), TAIL),
    TAIL,
)
PRESSED = st.builds(
    "{}:{}".format,
    st.sampled_from(PREFIXES),
    st.one_of(st.sampled_from(["1", "2", "menu", "page", "mine:en", "room:en", "tier:2", "join:2"]), TAIL),
)
ACT = st.one_of(
    st.tuples(st.just("say"), WHO, WHERE, SAID, st.sampled_from([None, "小林", "班主任"])),
    st.tuples(st.just("press"), WHO, WHERE, PRESSED, st.none()),
)


def event(stage: Stage, number: int, act: tuple[str, str, str | None, str, str | None]) -> Event:
    kind, who, room, text, to = act
    if kind == "press":
        return msgspec.structs.replace(
            pressed(stage, text[:64])[0], key=f"b{number}", place=stage.place(who, room)
        )
    replied: dict[str, Any] = (
        {} if to is None else {"reply_to": "1", "reply_sender": {"native": to, "name": to}}
    )
    return stage.message(who, text, room=room, **replied)


@pytest.mark.parametrize("can", [ALL, WECHAT], ids=["telegram", "wechat"])
@settings(max_examples=20)
@given(acts=st.lists(ACT, min_size=5, max_size=40))
async def test_any_dialogue(acts: list[tuple[str, str, str | None, str, str | None]], can: Can) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with a_stage(Path(folder), can=can) as stage:
            await a_class(stage)
            events = [event(stage, number, act) for number, act in enumerate(acts)]
            assert await what_broke(stage, events) == []

"""Nothing meant for staff is ever sent to a room of members: every command, button and job is tried."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import handlers
from bot.core import staff
from bot.core.actions import Answer, Button, Edit, React, Say, Words, words
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.port import Can
from bot.core.render import Render
from handlers import FEATURES
from storage import communities, people
from storage.db import Transaction
from tests.stage import ALL, WECHAT, Sent, Stage, a_stage

CLASS, STAFF = "晨读班", "管理小群"
FOR_STAFF = {text for feature in FEATURES for text in feature.for_staff}
SOURCES = [*Path(handlers.__file__).parent.rglob("*.py"), *Path(staff.__file__).parent.glob("*.py")]
ERRORS = {
    found
    for path in SOURCES
    for found in re.findall(r'UserError\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))
}
"""What cannot be done, and why: anybody may be told."""

ROUNDS = 3
"""How often what was shown last is pressed: pages lead to pages."""

MOST_OF_A_KIND = 3
MOVES = ("staffroom", "setup:join")
"""What would make a class the staff room, or send it away."""

ARGUMENTS = ("", "1", "on", "本周", "小林 leader")
REFUSED = "core.not_here"
PASS_ON = "core.pass_on"


class Confided:
    """What was told through the two ways that are for staff alone, by the name of its text."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: set[str] = set()
        for way in ("confide", "report"):
            monkeypatch.setattr(staff, way, self._watched(getattr(staff, way)))

    def _watched(self, way: Callable[..., object]) -> Callable[..., object]:
        def watched(ctx: Context, text: Words, **more: object) -> object:
            if text.text not in ERRORS:
                self.texts.add(text.text)
            return way(ctx, text, **more)

        return watched


async def a_school(stage: Stage) -> None:
    """Two classes and the staff room of one community, with staff of all kinds and a few members."""
    for room in (CLASS, "夜读班", STAFF):
        await stage.opens(room, rights=("read", "react", "delete", "invite"))

    def together(tx: Transaction) -> None:
        tx.run("UPDATE room SET community = 1")
        communities.set_staff_room(tx, 1, 3)

    await stage.engine.database.write(together)
    stage.engine.pipeline.memory.clear()
    await stage.joins("班主任", "owner", CLASS)
    for who in ("班主任", "组长甲", "小林"):
        await stage.says(who, "/start", room=None)
        await stage.says(who, "打卡 读了三页")
        await stage.says(who, "早", room=STAFF)

    def give(tx: Transaction) -> None:
        leader = people.by_native(tx, "stage", "组长甲")
        assert leader is not None
        people.give_role(tx, 1, leader.person, "leader", 0, None)

    await stage.engine.database.write(give)


def pass_time(stage: Stage) -> None:
    """Let what was said go out: a chat takes only so much in a moment."""
    stage.clock.move_to(stage.clock.now() + 20_000)


async def ask_everything(stage: Stage) -> None:
    """Every command, by everybody, in every place; nobody may be refused for the place alone."""
    for feature in FEATURES:
        for command in feature.commands:
            if command.name in MOVES:
                continue
            for argument in ARGUMENTS if command.takes or command.needs else ("",):
                for who, room in (
                    ("小林", CLASS),
                    ("组长甲", CLASS),
                    ("班主任", CLASS),
                    ("班主任", STAFF),
                    ("组长甲", STAFF),
                    ("班主任", None),
                ):
                    pass_time(stage)
                    await stage.says(who, f"/{command.name} {argument}".strip(), room=room)
                pass_time(stage)
                await stage.says("", f"/{command.name}", sender=None, as_admin=True)


async def press_everything(stage: Stage) -> None:
    """Every button shown anywhere, by a member and an admin, also in a class; then those that follow."""
    known: set[str] = set()
    for _ in range(ROUNDS):
        for data, native in some_of_each_kind(stage, known).items():
            known.add(data)
            for who, room in (("小林", CLASS), ("班主任", CLASS), ("班主任", STAFF), ("班主任", None)):
                pass_time(stage)
                own = data if room is not None else f"{data}@1"
                await stage.presses_data(who, own, message=native, room=room)


def some_of_each_kind(stage: Stage, known: set[str]) -> dict[str, str]:
    """Buttons that were shown and not pressed yet, a few of each kind, with the message that shows them."""
    found: dict[str, str] = {}
    kinds: Counter[str] = Counter()
    for sent in stage.platform.sent:
        message = sent.action.message if isinstance(sent.action, Edit) else sent.native
        for button in buttons_of(sent):
            data = re.sub(r"@\d+$", "", button.data)
            kind = ":".join(data.split(":")[:2])
            if data and data not in known and data not in found and not data.startswith(MOVES):
                kinds[kind] += 1
                if kinds[kind] <= MOST_OF_A_KIND:
                    found[data] = message
    return found


def buttons_of(sent: Sent) -> list[Button]:
    """The buttons of something sent, also where numbers take their place."""
    rows = sent.action.buttons if isinstance(sent.action, Say | Edit) else ()
    return [button for row in rows for button in row]


def told(sent: Sent) -> Iterator[str]:
    """What everybody in a place reads of something sent, by the names of its texts."""
    if isinstance(sent.action, Say):
        yield from (part.text for part in sent.action.parts)
    elif isinstance(sent.action, Edit | React) and sent.action.words is not None:
        yield sent.action.words.text


def pages(stage: Stage, confided: set[str]) -> set[str]:
    """What the messages that were confided were turned into by buttons."""
    messages = {sent.native for sent in stage.platform.sent if confided.intersection(told(sent))}
    return {
        text
        for sent in stage.platform.sent
        if isinstance(sent.action, Edit) and sent.action.message in messages
        for text in told(sent)
    }


def refused(stage: Stage, since: int) -> list[str]:
    """Where the house itself had to keep a text from members, because its feature did not."""
    return [
        sent.place
        for sent in stage.platform.sent[since:]
        if REFUSED in told(sent)
        or (
            isinstance(sent.action, Answer)
            and sent.action.words is not None
            and sent.action.words.text == REFUSED
        )
    ]


@pytest.mark.parametrize("can", [ALL, WECHAT], ids=["telegram", "wechat"])
async def test_no_member_reads_what_is_for_staff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can: Can
) -> None:
    confided = Confided(monkeypatch)
    async with a_stage(tmp_path, can=can) as stage:
        await a_school(stage)
        await ask_everything(stage)
        assert refused(stage, 0) == [], "a command told a class what is for staff: use ctx.confide"
        await press_everything(stage)
        await stage.says("组长甲", "早", room="夜读班")
        await stage.until("2026-05-07 09:00")
        await stage.engine.pipeline.work(alert)
        await stage.happens()
        leaks = [
            (sent.place, text)
            for sent in stage.platform.sent
            for text in told(sent)
            if text in FOR_STAFF | {PASS_ON} | confided.texts and sent.place in {CLASS, "夜读班"}
        ]
        assert sorted(set(leaks)) == []
        undeclared = (confided.texts | pages(stage, confided.texts)) - FOR_STAFF
        assert undeclared == set(), "declare these in Feature.for_staff"
        assert len(confided.texts) >= 5


def alert(desk: Desk) -> None:
    Context(desk, at=desk.now, community=1).report(words("core.staff_room_lost", community=""))


def test_every_text_that_is_confided_is_declared_to_be_for_staff() -> None:
    shown: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"ctx.confide", "ctx.report"}:
                shown |= set(re.findall(r"^words\('([a-z_]+\.[a-z_]+)'", ast.unparse(node.args[0])))
    assert shown - FOR_STAFF == set()


def test_what_is_declared_to_be_for_staff_is_a_text() -> None:
    blocks = {f"{feature}.{name}" for feature, names in Render().blocks("en").items() for name in names}
    assert FOR_STAFF - blocks == set()
    assert "core.not_here" not in FOR_STAFF

"""Who may what, as a table made from the features: role × command × place, and every button."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.feature import Command, Press
from handlers import FEATURES
from rules.roles import ROLES
from storage import communities, people, roles
from storage.db import Transaction
from tests.stage import Stage, a_stage

COMMANDS = [(feature.name, command) for feature in FEATURES for command in feature.commands if command.needs]
STAFF_BUTTONS = {
    prefix: button.needs
    for feature in FEATURES
    for prefix, button in feature.buttons.items()
    if isinstance(button, Press)
}
MEMBERS_BUTTONS = {
    prefix for feature in FEATURES for prefix in feature.buttons if prefix not in STAFF_BUTTONS
}
MEANT_FOR_MEMBERS = {
    *("certificate", "checkin", "digest", "join", "language", "leave", "letters", "meant", "setup", "streak"),
    *("link", "top", "undo", "unlink", "which", "why"),
}
"""Buttons that everybody may press; one that changes more than one's own asks for the right itself."""

WHO = ("member", "duty", "leader", "study", "admin", "own", "relieved", "gone", "platform admin", "anonymous")
OWN = frozenset({"tasks", "settings"})
"""What the community's own role may do that `own` has."""

PLACES = {"group": "晨读班", "private": None, "staff room": "管理群"}
IMPOSSIBLE = {
    ("anonymous", "private"),
    ("anonymous", "staff room"),
    ("gone", "group"),
    ("gone", "staff room"),
}
"""Who writes in a room is in it."""

HOSTILE = (
    "",
    "1",
    "0",
    "-1",
    "x",
    "page",
    "menu",
    "1:archive",
    "tier:2",
    "join:1",
    "undo:1",
    "设置",
    "９" * 20,
)


async def a_class(stage: Stage) -> None:
    """A room and a staff room with one of each role; `relieved` had all roles, `gone` has them and left."""
    await stage.opens()
    for who in WHO[:8]:
        await stage.says(who, "早")
    await stage.joins("platform admin", "admin")
    for who in WHO[:9]:
        await stage.says(who, "/start", room=None)
    await stage.opens("管理群")

    def give(tx: Transaction) -> None:
        for role in [*ROLES, "own"]:
            for who in {role, "relieved", "gone"} & set(WHO):
                people.give_role(tx, 1, person(tx, who), role, 0, None)
        roles.set_kind(tx, 1, "own", " ".join(sorted(OWN)))
        tx.run("UPDATE room SET community = 1 WHERE title = '管理群'")
        communities.set_staff_room(tx, 1, tx.value("SELECT id FROM room WHERE title = '管理群'"))

    def relieve(tx: Transaction) -> None:
        for role in [*ROLES, "own"]:
            people.take_role(tx, 1, person(tx, "relieved"), role)

    await stage.engine.database.write(give)
    await stage.engine.database.write(relieve)
    stage.engine.pipeline.memory.clear()
    await stage.joins("gone", "left")


def person(tx: Transaction, who: str) -> int:
    account = people.by_native(tx, "stage", who)
    assert account is not None
    return account.person


def may(who: str, needs: str) -> bool:
    role = "admin" if who in {"platform admin", "anonymous"} else who
    return needs in (OWN if who == "own" else ROLES.get(role, ()))


def is_refusal(text: str) -> bool:
    """Whether it says that somebody else must do it, or that who asks belongs to no room."""
    return any(part in text for part in ("这件事要请", "还没在哪个班里见过你", "已经不在这个群里"))


async def asks(stage: Stage, who: str, command: Command, place: str) -> list[str]:
    if who == "anonymous":
        return await stage.says("", f"/{command.name}", sender=None, as_admin=True)
    return await stage.says(who, f"/{command.name}", room=PLACES[place])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", WHO)
async def test_every_command_is_open_to_those_with_its_right_alone(
    tmp_path: Path, who: str, place: str
) -> None:
    if (who, place) in IMPOSSIBLE:
        return
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        wrong = []
        for feature, command in COMMANDS:
            said = await asks(stage, who, command, place)
            refused = any(is_refusal(text) for text in said)
            fits = ("private" if place == "private" else "group") in command.places
            if refused != (fits and not may(who, command.needs or "")):
                wrong.append((feature, command.name, said))
            await stage.until(stage.clock.now() + 60_000)
        assert not wrong


@pytest.mark.parametrize("who", ["member", "relieved", "gone", "duty"])
async def test_every_button_of_staff_is_refused_to_those_without_its_right(tmp_path: Path, who: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for prefix, needs in STAFF_BUTTONS.items():
            for data in HOSTILE:
                for room in ("晨读班", None):
                    said = await stage.presses_data(who, f"{prefix}:{data}", room=room)
                    if not may(who, needs):
                        assert len(said) == 1, (prefix, data)
                        assert is_refusal(said[0]), (prefix, data, said)
        assert await changes(stage) == []


@pytest.mark.parametrize("who", ["member", "relieved", "gone", "duty"])
async def test_no_button_of_members_changes_what_is_audited(tmp_path: Path, who: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for prefix in MEMBERS_BUTTONS:
            for data in HOSTILE:
                for room in ("晨读班", None):
                    await stage.presses_data(who, f"{prefix}:{data}", room=room)
        assert await changes(stage) == []


@pytest.mark.parametrize("prefix", sorted({*STAFF_BUTTONS, *MEMBERS_BUTTONS}))
async def test_hostile_data_of_a_button_is_no_bug_even_for_an_owner(tmp_path: Path, prefix: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for data in HOSTILE:
            for room in ("晨读班", None):
                await stage.presses_data("platform admin", f"{prefix}:{data}", room=room)
        dead = await stage.engine.database.read(lambda tx: tx.all("SELECT trace FROM dead_letter"))
        assert [row["trace"] for row in dead] == []


def test_every_button_says_the_right_it_takes_or_is_known_to_be_for_members() -> None:
    assert MEMBERS_BUTTONS <= MEANT_FOR_MEMBERS, "declare the right: Press(run, needs=…), or list it above"


async def changes(stage: Stage) -> list[str]:
    rows = await stage.engine.database.read(lambda tx: tx.all("SELECT act FROM audit ORDER BY id"))
    return [row["act"] for row in rows]

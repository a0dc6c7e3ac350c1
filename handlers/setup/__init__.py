"""The first words in a room, and its set-up: one message, whose pages are turned by buttons."""

from __future__ import annotations

from bot.core.feature import Command, Feature, Press, Undo
from handlers.setup.greeting import greet, rights_changed, said, set_up
from handlers.setup.steps import press, tier_again
from rules.facts import Delivered, RightsChanged, RoomOpened

FEATURE = Feature(
    name="setup",
    commands=(
        Command(
            "setup", set_up, ("安顿", "安頓", "开始设置", "開始設定"), needs="settings", places=("group",)
        ),
    ),
    buttons={"setup": Press(press, "settings")},
    listeners={RoomOpened: greet, RightsChanged: rights_changed, Delivered: said},
    undo={"tier": Undo("settings", tier_again)},
    final={
        "room_left": "The room itself, in its new community, can be moved back.",
        "room_joined": "Joining the other community again is a tap in the room's set-up.",
    },
    for_staff=("setup.rights_lost",),
)

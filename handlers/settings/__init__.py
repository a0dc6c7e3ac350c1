"""Settings in chat: pages of buttons and one line of words, for a whole community and for each room."""

from __future__ import annotations

from bot.core.feature import Command, Feature, Press, Undo
from handlers.settings.acting import press
from handlers.settings.copying import start_with_template, undo_template
from handlers.settings.saying import set_, settings
from rules.facts import RoomJoined, RoomOpened

PAGES = (
    *("home", "place", "section", "one", "why", "done", "as_it_was"),
    *("copy_to", "copy_preview", "template", "shut"),
)

FEATURE = Feature(
    name="settings",
    commands=(
        Command("settings", settings, ("设置", "設定"), takes=True, needs="settings"),
        Command("set", set_, ("改设置", "改設定"), takes=True, needs="settings"),
    ),
    buttons={"set": Press(press, "settings")},
    listeners={RoomOpened: start_with_template, RoomJoined: start_with_template},
    undo={"room_template": Undo("settings", undo_template)},
    for_staff=tuple(f"settings.{page}" for page in PAGES),
)

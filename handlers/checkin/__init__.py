"""Checking in: by word, #tag, command, button or list; its proof, its repeats, its edits and its end."""

from __future__ import annotations

from bot.core.events import MessageDeleted
from bot.core.feature import Command, Feature, Reader, Undo
from handlers.checkin import following, hearing, makeup, relay
from handlers.checkin.board import CheckinSettings
from rules.facts import LanguageChanged, RoomOpened

FEATURE = Feature(
    name="checkin",
    daily=True,
    settings=CheckinSettings,
    modes=("on", "off"),
    commands=(
        Command("checkin", hearing.command, takes=True, heard=("打卡", "签到", "簽到")),
        Command("makeup", makeup.command, ("补卡", "補卡", "补打卡", "補打卡"), takes=True, takes_days=True),
        Command("relay", relay.show, ("接龙", "接龍"), places=("group",)),
        Command(
            "signup",
            relay.sign_up,
            takes=True,
            needs="mend",
            places=("group",),
            heard=("接龙报名", "接龍報名"),
        ),
    ),
    buttons={"checkin": hearing.press, "which": hearing.press_which, "join": relay.press_join},
    readers=(Reader(relay.wants, relay.read), Reader(hearing.wants, hearing.read)),
    events={MessageDeleted: following.deleted},
    listeners={RoomOpened: hearing.opened, LanguageChanged: hearing.renamed},
    undo={"relay": Undo("mend", relay.list_again)},
)

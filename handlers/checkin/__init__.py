"""Checking in: by word, #tag, command or button; its proof, its repeats, its edits and its end."""

from __future__ import annotations

from bot.core.feature import Command, Feature, Reader
from bot.core.port import MessageDeleted
from handlers.checkin import following, hearing
from handlers.checkin.board import CheckinSettings
from rules.facts import RoomOpened

FEATURE = Feature(
    name="checkin",
    settings=CheckinSettings,
    commands=(Command("checkin", hearing.command, takes=True),),
    buttons={"checkin": hearing.press, "which": hearing.press_which},
    readers=(Reader(hearing.wants, hearing.read),),
    events={MessageDeleted: following.deleted},
    listeners={RoomOpened: hearing.opened},
)

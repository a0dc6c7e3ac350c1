"""The life of the bot's own account: how it stands, logging it in again, and whom it lets near."""

from __future__ import annotations

from bot.core.events import AccountChanged, FriendAsked, RoomOffered
from bot.core.feature import Command, Feature, Job, Press
from handlers.account.login import FORGET, account_changed, command, forget, never, press
from handlers.account.welcome import befriended, friend_asked, room_offered
from rules.facts import Delivered

FEATURE = Feature(
    name="account",
    commands=(Command("login", command, ("登录", "登錄", "登入"), needs="settings"),),
    buttons={"login": Press(press, "settings")},
    events={AccountChanged: account_changed, FriendAsked: friend_asked, RoomOffered: room_offered},
    listeners={Delivered: befriended},
    jobs=(Job(FORGET, forget, never, per="house"),),
    for_staff=("account.code", "account.states"),
)

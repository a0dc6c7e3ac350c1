"""`/doctor`: is all well, and if not, what is to be done; told unasked where it cannot wait."""

from __future__ import annotations

from bot.core.engine import CHECK_UP
from bot.core.feature import Command, Feature, Job, Press
from handlers.doctor.alerts import look, once_settled, opened, rights_changed
from handlers.doctor.page import command, press
from rules.facts import RightsChanged, RoomOpened

FEATURE = Feature(
    name="doctor",
    commands=(
        Command("doctor", command, ("体检", "體檢", "状态", "狀態"), needs="settings"),
        Command("status", command, needs="settings", in_menu=False),
    ),
    buttons={"doctor": Press(press, "settings")},
    listeners={RightsChanged: rights_changed, RoomOpened: opened},
    jobs=(Job(CHECK_UP, look, once_settled, per="house"),),
    for_staff=("doctor.page", "doctor.alert"),
)

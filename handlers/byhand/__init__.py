"""Where no bot is: a group takes part by the lists that its leaders pass on (docs/byhand.md)."""

from __future__ import annotations

from bot.core.feature import Command, Feature, Press, Reader, Undo
from handlers.byhand import arriving, correcting, groups, purpose
from rules.facts import Delivered, Undelivered

FEATURE = Feature(
    name="byhand",
    commands=(
        Command("byhand", groups.command, ("手记群", "手記群"), takes=True, needs="settings"),
        Command("record", arriving.command, ("录入", "錄入"), takes=True, takes_days=True, needs="mend"),
    ),
    buttons={"byhand": Press(groups.press, "settings"), "roll": Press(purpose.press, "mend")},
    readers=(Reader(arriving.wants, arriving.read),),
    listeners={Delivered: arriving.delivered, Undelivered: arriving.refused},
    undo={
        "byhand": Undo("settings", groups.put_back),
        "roll": Undo("mend", correcting.roll_back),
        "roll_line": Undo("mend", correcting.line_back),
    },
    for_staff=(
        "byhand.noted",
        "byhand.members",
        "byhand.which_room",
        "byhand.which_task",
        "byhand.sure",
        "byhand.send_it",
        "byhand.unread_file",
        "byhand.list",
        "byhand.card",
        "byhand.made",
        "byhand.renamed",
        "byhand.ended",
    ),
)

"""One person with several accounts, on several platforms: joined by a code, parted by one button."""

from __future__ import annotations

from bot.core.feature import Command, Feature
from handlers.linking import joining, parting

FEATURE = Feature(
    name="linking",
    commands=(
        Command("link", joining.link, ("绑定", "綁定"), takes=True, needs_community=False),
        Command("unlink", parting.unlink, ("解绑", "解綁"), needs_community=False),
    ),
    buttons={"link": joining.press, "unlink": parting.press},
    buttons_anywhere=("link", "unlink"),
)

"""Being at home in a room: the first words, what the bot may do there, languages, and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.feature import LEVELS, Command, Feature
from bot.core.port import words
from storage import inbox

if TYPE_CHECKING:
    from bot.core.context import Context


def help_here(ctx: Context, _arguments: str) -> None:
    """Tell what this person may do in this place."""
    place = "group" if ctx.room.is_group else "private"
    level = LEVELS.index(ctx.level)
    commands = [
        {
            "name": command.name,
            "words": list(command.words[:2]),
            "about": f"{feature.name}.about_{command.name}",
        }
        for feature in ctx.desk.house.features
        for command in feature.commands
        if place in command.places and LEVELS.index(command.level) <= level
    ]
    letters = inbox.dead_letters(ctx.tx) if ctx.may("admin") else 0
    ctx.whisper(words("home.help", commands=commands, dead_letters=letters))


FEATURE = Feature(
    name="home", commands=(Command("help", help_here, ("帮助", "菜单", "幫助"), needs_community=False),)
)

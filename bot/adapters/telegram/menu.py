"""The commands in Telegram's own menu, for each scope and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot, BotCommandScope

    from bot.core.platforms import CommandEntry

LANGUAGES = {None: "zh-Hans", "en": "en"}
"""Telegram's language codes (None: everybody else) with the language they are shown. It has one code for
all of Chinese, so that is what everybody else sees.
"""

LONGEST_ABOUT = 256
MOST_COMMANDS = 100


async def publish(bot: Bot, commands: Sequence[CommandEntry]) -> None:
    """Show the commands in the menus that do not show them yet. Raises telegram.error.TelegramError."""
    for scope, entries in _scopes(commands):
        for code, locale in LANGUAGES.items():
            menu = tuple(BotCommand(entry.name, entry.about[locale][:LONGEST_ABOUT]) for entry in entries)
            if await bot.get_my_commands(scope, code) != menu:
                await bot.set_my_commands(menu, scope, code)


def _scopes(commands: Sequence[CommandEntry]) -> list[tuple[BotCommandScope, list[CommandEntry]]]:
    in_group = [entry for entry in commands if "group" in entry.places]
    in_private = [entry for entry in commands if "private" in entry.places and not entry.needs_right]
    for_members = [entry for entry in in_group if not entry.needs_right]
    return [
        (BotCommandScopeAllPrivateChats(), in_private[:MOST_COMMANDS]),
        (BotCommandScopeAllGroupChats(), for_members[:MOST_COMMANDS]),
        (BotCommandScopeAllChatAdministrators(), in_group[:MOST_COMMANDS]),
    ]

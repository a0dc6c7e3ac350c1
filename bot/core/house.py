"""What does not change while the program runs: its features and settings, its bots, whom they let near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

    from bot.core.feature import Feature
    from bot.core.platforms import Off
    from bot.core.port import Can
    from rules.sharing import Shares
    from storage.disk import Disk
    from storage.people import Account


class Bot(msgspec.Struct, frozen=True):
    """A bot account that is in use: its platform's name and what that platform can do."""

    bot: str
    platform: str
    can: Can


class Welcome(msgspec.Struct, frozen=True):
    """Whom a bot account lets near, where it is asked.

    `friends`: whose wish to be a contact is accepted (members of its rooms, everybody, nobody); `rooms`: by
    whom it lets itself be invited into a group (everybody, staff, nobody).
    """

    friends: str = "members"
    rooms: str = "everybody"


class House(msgspec.Struct, frozen=True):
    """What does not change while the program runs."""

    features: tuple[Feature, ...]
    settings: Mapping[type[BaseModel], BaseModel]
    sections: Mapping[type[BaseModel], str]
    modes: type[BaseModel]
    """The settings that say which features are on."""
    bots: dict[str, Bot]
    admins: frozenset[str]
    name: str
    """What a new community is called; empty: as its first room."""
    language: str
    zone: str
    day_starts_at: int
    random: random.Random
    usernames: dict[str, str] = {}
    """By bot: the name by which commands are addressed to it (/help@name)."""
    for_staff: frozenset[str] = frozenset()
    """The texts of all features that no member may read."""
    disk: Callable[[], Disk] | None = None
    """Measures the disk that the database lies on. Raises OSError."""
    off: tuple[Off, ...] = ()
    """The platforms that the settings ask for and that stay off."""
    welcome: Mapping[str, Welcome] = {}
    """By bot: whom it lets near, where that is asked on its platform; elsewhere nobody asks."""
    versions: Mapping[str, str] = {}
    """What runs, by name: the program itself first."""
    shares: dict[str, Shares] = {}
    """By bot: who had how much of its day, where it may only send so much (bot/core/sharing.py)."""

    def is_run_by(self, account: Account) -> bool:
        """Whether config.toml names an account an owner of every community."""
        return f"{account.platform}:{account.native}" in self.admins

"""How fast WeChat may be spoken to: like a person, for it bans accounts that behave like machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.platforms import Limits
from rules.budget import Quiet
from rules.human_pace import Human

if TYPE_CHECKING:
    from bot.config.sections import WeChatSettings

PAUSE: Final = (2_000, 7_000)
"""Milliseconds, at least and at most, after each message."""


def limits_of(settings: WeChatSettings, zone: str = "Asia/Shanghai") -> Limits:
    """The pace that the settings ask for; the hours of sleep are on the clocks of `zone`."""
    human = Human(
        a_minute=settings.messages_a_minute,
        a_day=settings.messages_a_day,
        contacts_a_day=settings.friends_a_day,
        pause=PAUSE,
        zone=zone,
        sleeps=Quiet(settings.sleeps_from, settings.sleeps_until),
    )
    return Limits(
        overall_per_second=1,
        chat_per_second=0.5,
        chat_burst=2,
        group_per_minute=settings.messages_a_minute,
        human=human,
    )

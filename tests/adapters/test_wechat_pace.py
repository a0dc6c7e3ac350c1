"""The settings of WeChat become the pace of a person."""

from bot.adapters.wechat.pace import PAUSE, limits_of
from bot.config.sections import WeChatSettings
from rules.budget import Quiet
from rules.human_pace import Human


def test_the_pace_is_as_it_was_set() -> None:
    settings = WeChatSettings(
        messages_a_minute=4, messages_a_day=99, friends_a_day=0, sleeps_from=30, sleeps_until=420
    )
    limits = limits_of(settings, "Europe/Berlin")
    assert limits.human == Human(4, 99, 0, PAUSE, "Europe/Berlin", Quiet(30, 420))
    assert limits.group_per_minute == 4

"""WeChat through a Wechaty gateway: events in, actions out. The only room of the house that knows Wechaty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.wechat.calls import Calls
from bot.adapters.wechat.client import Client, Link
from bot.adapters.wechat.listening import Listening
from bot.adapters.wechat.pace import limits_of
from bot.adapters.wechat.stream import Patience
from bot.core.platforms import Condition
from bot.core.port import Can

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import WeChatSettings
    from bot.core.clock import Clock
    from bot.core.platforms import CommandEntry, Intake, Outgoing

__all__ = ["Patience", "WeChat"]


class WeChat:
    """The one account behind one gateway."""

    name = "wechat"
    bot = "wechat"
    username = ""
    can = Can.ADD | Can.LOOK

    def __init__(
        self,
        settings: WeChatSettings,
        clock: Clock,
        zone: str = "Asia/Shanghai",
        patience: Patience | None = None,
    ) -> None:
        """`zone`: on whose clocks the account sleeps."""
        assert settings.endpoint is not None, "WeChat needs an endpoint"
        assert settings.token is not None, "WeChat needs a token"
        link = Link(settings.endpoint, settings.token.get_secret_value(), settings.tls, settings.ca)
        self.limits = limits_of(settings, zone)
        self._client = Client(link)
        self._listening = Listening(self._client, clock, patience or Patience())
        self._calls = Calls(self._client, clock, self._name_of, self._listening.roster.look)

    async def _name_of(self, room: str, native: str) -> str:
        return (await self._listening.names.in_room(room, native)).name

    async def open(self) -> None:
        """Nothing has to be found out first: whether the gateway is there shows while it is listened to."""

    async def listen(self, intake: Intake) -> None:
        """Bring events in until cancelled, however often the gateway goes and comes."""
        await self._listening.run(intake)

    async def carry_out(self, outgoing: Outgoing) -> str | None:
        """Do one action; the message's id. Raises RetryLater, Undeliverable, PartSent."""
        return await self._calls.carry_out(outgoing)

    async def publish(self, commands: Sequence[CommandEntry]) -> None:
        """WeChat has no menu."""

    async def condition(self) -> Condition:
        """How the gateway's side is at this moment; who does not listen finds out by a call."""
        stream, watch = self._listening.stream, self._listening.watch
        trouble = stream.trouble
        if not trouble and not watch.is_up:
            trouble = await stream.glance()
        elif not trouble and not watch.is_online:
            trouble = "offline"
        return Condition(reads_all=True, trouble=trouble)

    async def close(self) -> None:
        """Let go of the connection."""
        self._client.hang_up()

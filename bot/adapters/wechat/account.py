"""The account behind the gateway: who it is, and whether it is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.wechat.decode import ACCOUNT, BOT
from bot.adapters.wechat.raw import Kind, Scan
from bot.core.events import AccountChanged

if TYPE_CHECKING:
    from bot.adapters.wechat.raw import Told
    from bot.adapters.wechat.watch import Watch
    from bot.core.clock import Clock


class Account:
    """What the gateway said of the account last. What is to be scanned is passed on, and never logged."""

    def __init__(self, watch: Watch, clock: Clock) -> None:
        self._watch = watch
        self._clock = clock
        self.native = ""
        """Its WeChat id, which another login may change; empty until it is told."""
        self._told = ("", "", "")
        self._is_said = False

    def connected(self) -> None:
        """Events come in again: how the account is will be said next."""
        self._is_said = False

    def heard(self, kind: int, told: Told) -> AccountChanged | None:
        """What a login, a logout or a code to scan changes; None when it is known already."""
        if kind == Kind.LOGIN:
            self.native = told.contact_id
            return self._now("online")
        if kind == Kind.LOGOUT:
            return self._now("offline", why=told.data or "")
        if told.qrcode and told.status in {Scan.UNKNOWN, Scan.WAITING}:
            return self._now("waiting", code=told.qrcode)
        return None

    def silent(self) -> AccountChanged | None:
        """The gateway has had time to say how the account is; when it did not, nobody is logged in."""
        return None if self._is_said else self._now("offline")

    def _now(self, state: str, *, code: str = "", why: str = "") -> AccountChanged | None:
        self._is_said = True
        self._watch.online(is_online=state == "online")
        what = (state, code, self.native if state == "online" else "")
        if what == self._told or (state == "offline" and self._told[0] == "waiting" and not why):
            return None
        self._told = what
        at = self._clock.now()
        return AccountChanged(
            bot=BOT, key=f"account:{state}:{at}", at=at, place=ACCOUNT, state=state, code=code, why=why
        )

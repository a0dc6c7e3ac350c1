"""What whoever started Banzhang sees of its accounts: whether one is to be logged in, and the code for it."""

from __future__ import annotations

import asyncio
import logging
import shutil
from typing import TYPE_CHECKING

from bot.core import qr
from storage import bot_accounts
from storage.bot_accounts import ONLINE, WAITING
from storage.failures import StorageFails

if TYPE_CHECKING:
    from typing import TextIO

    from bot.core.engine import Engine
    from storage.bot_accounts import BotAccount

log = logging.getLogger("banzhang.terminal")

WIDEST = 80
"""Columns: what a window surely has, whatever it says."""

NAMES = {"wechat": "WeChat"}
"""What accounts are called, where they are not called as they are kept."""


class Terminal:
    """Writes how accounts stand, each change once; a code only where a person looks, never into a log."""

    def __init__(self, out: TextIO, page: str) -> None:
        """`page`: the address of the page that shows the same."""
        self._out = out
        self._page = page
        self._said: dict[str, tuple[str, str]] = {}

    async def watch(self, engine: Engine) -> None:
        """Show each account of a house whenever one comes or goes, until cancelled."""
        changed = asyncio.Event()
        engine.accounts_changed = changed.set
        while True:
            await changed.wait()
            changed.clear()
            try:
                await self._show_all(engine)
            except StorageFails as error:
                log.warning("it cannot be said how the accounts stand: %s", error)

    async def _show_all(self, engine: Engine) -> None:
        for account in await engine.database.read(bot_accounts.all_of_them):
            if account.bot in engine.house.bots:
                self.show(account, await engine.code(account.bot))

    def show(self, account: BotAccount, code: str | None) -> None:
        """Say how an account stands now, and show the `code` to scan, if there is one."""
        shown = code if code is not None and self._out.isatty() else ""
        if self._said.get(account.bot) == (account.state, shown):
            return
        self._said[account.bot] = account.state, shown
        self._out.write(f"{self._blocks(shown)}{self._line(account)}\n")
        self._out.flush()

    def _blocks(self, code: str) -> str:
        columns = min(WIDEST, shutil.get_terminal_size().columns)
        return (code and qr.blocks(code, columns)) or ""

    def _line(self, account: BotAccount) -> str:
        name = NAMES.get(account.bot, account.bot)
        if account.state == ONLINE:
            return f"{name} is logged in."
        if account.state == WAITING:
            return f"Scan the code to log {name} in; it is also at {self._page}"
        why = f" ({account.why})" if account.why else ""
        return f"{name} is logged out{why}; see {self._page}"

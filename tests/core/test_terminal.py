"""What whoever started Banzhang sees of its accounts."""

import asyncio
import io
from pathlib import Path

from bot.core import qr
from bot.core.terminal import Terminal
from storage.bot_accounts import BotAccount
from tests.handlers.two_platforms import two_platforms

PAGE = "http://127.0.0.1:8080/account"
LINK = "http://login.example/l/7f3a9c51d2e8b6"


class Screen(io.StringIO):
    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def shown(self) -> str:
        """What was written since this was last asked."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


def account(state: str, why: str = "") -> BotAccount:
    return BotAccount("wechat", state, why, 0, 0, 0)


def test_a_person_sees_each_code_once_and_where_else_it_is() -> None:
    screen = Screen()
    terminal = Terminal(screen, PAGE)
    terminal.show(account("waiting"), LINK)
    said = screen.shown()
    assert said.startswith(qr.blocks(LINK, 80) or "?")
    assert said.endswith(f"Scan the code to log WeChat in; it is also at {PAGE}\n")
    terminal.show(account("waiting"), LINK)
    assert screen.shown() == ""
    terminal.show(account("waiting"), f"{LINK}/newer")
    assert screen.shown().startswith(qr.blocks(f"{LINK}/newer", 80) or "?")
    terminal.show(account("online"), None)
    assert screen.shown() == "WeChat is logged in.\n"
    terminal.show(account("offline", "frozen"), None)
    assert screen.shown() == f"WeChat is logged out (frozen); see {PAGE}\n"


def test_a_log_gets_no_code_and_one_line_for_all_of_them() -> None:
    screen = Screen(is_terminal=False)
    terminal = Terminal(screen, PAGE)
    for number in range(5):
        terminal.show(account("waiting"), f"{LINK}/{number}")
    assert screen.shown() == f"Scan the code to log WeChat in; it is also at {PAGE}\n"


def test_a_code_that_does_not_fit_leaves_the_line() -> None:
    screen = Screen()
    Terminal(screen, PAGE).show(account("waiting"), "x" * 900)
    assert screen.shown() == f"Scan the code to log WeChat in; it is also at {PAGE}\n"


async def test_every_change_of_the_house_is_shown(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (stage, second):
        screen = Screen()
        watching = asyncio.create_task(Terminal(screen, PAGE).watch(stage.engine))
        await asyncio.sleep(0)
        await second.account("waiting", code=LINK)
        await shows(screen, "Scan the code")
        await second.account("online")
        await shows(screen, "WeChat is logged in.")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert screen.getvalue().index("Scan the code") < screen.getvalue().index("WeChat is logged in.")


async def shows(screen: Screen, text: str) -> None:
    async with asyncio.timeout(60):
        while text not in screen.getvalue():  # noqa: ASYNC110 - a screen does not tell when it is written on
            await asyncio.sleep(0.01)

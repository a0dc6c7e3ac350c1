"""The composition root: what it sets up before anything runs, and the program as a whole."""

import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot import app
from bot.__main__ import HOUSE
from storage.db import Database
from storage.failures import DiskFull
from tests.adapters.telegram_house import free_port

TOKEN = "study_4711"
WECHAT = f'[wechat]\nendpoint = "127.0.0.1:1"\ntoken = "{TOKEN}"\n'


@pytest.fixture(autouse=True)
def _level() -> Iterator[None]:
    before = app.log.level
    yield
    app.log.setLevel(before)


@contextmanager
def program(folder: Path, more: str = "") -> Iterator[subprocess.Popen[str]]:
    """Banzhang with a gateway of WeChat that is away; `more` is further settings."""
    path = folder / "config.toml"
    path.write_text(f"{WECHAT}[web]\nport = {free_port()}\n{more}", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--config", str(path)]
    with subprocess.Popen(
        command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        yield running


def test_the_log_is_as_talkative_as_the_settings_say_but_libraries_are_not() -> None:
    app._write_log("debug")
    assert logging.getLogger("banzhang.outbox").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    app._write_log("error")
    assert not logging.getLogger("banzhang.outbox").isEnabledFor(logging.WARNING)


def test_a_gateway_that_is_away_holds_nothing_up(tmp_path: Path) -> None:
    with program(tmp_path) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert "Banzhang is at " in running.stdout.readline()
        said = running.stderr.readline()
        assert "the gateway of WeChat does not answer" in said
        running.send_signal(signal.SIGTERM)
        said += running.stderr.read()
        assert running.wait(20) == 0
    assert TOKEN not in said
    assert "Traceback" not in said


async def test_a_start_waits_until_a_full_disk_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full = [True, True]
    opens = Database.open

    async def open_or_not(path: Path, *, durable: bool = True) -> Database:
        if full and full.pop():
            raise DiskFull("database or disk is full")
        return await opens(path, durable=durable)

    monkeypatch.setattr(app, "DISK_WAIT", 0)
    monkeypatch.setattr(Database, "open", open_or_not)
    async with app.opened(tmp_path / "a.sqlite3") as database:
        assert await database.read(lambda tx: tx.value("SELECT count(*) FROM community")) == 0
    assert caplog.messages == ["the disk is full: nothing begins until there is room"] * 2


def test_without_the_local_room_the_page_of_the_accounts_is_there(tmp_path: Path) -> None:
    with program(tmp_path, "[room]\nenabled = false\n") as running:
        assert running.stdout is not None
        address = running.stdout.readline().removeprefix("Banzhang is at ").strip()
        page = httpx.get(address, follow_redirects=True)
        assert page.url.path == "/account"
        assert "微信" in page.text
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0

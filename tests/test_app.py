"""The composition root: what it sets up before anything runs."""

import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import httpx
import pytest

from bot import app
from bot.__main__ import HOUSE
from bot.config import Config, load
from bot.core.clock import WallClock
from tests.adapters.telegram_house import free_port

TOKEN = "study_4711"
TELEGRAM = '[telegram]\ntoken = "123456:A-TOKEN-that-nobody-knows-0000000000"\n'
WECHAT = f'[wechat]\nendpoint = "127.0.0.1:1"\ntoken = "{TOKEN}"\n'


@pytest.fixture(autouse=True)
def _level() -> Iterator[None]:
    before = app.log.level
    yield
    app.log.setLevel(before)


def settings(folder: Path, source: str) -> Config:
    path = folder / "config.toml"
    path.write_text(source, encoding="utf-8")
    return load(path, app.feature_settings(), {})


async def names(config: Config) -> list[str]:
    """Which platforms there would be."""
    found = app.platforms(config, WallClock())
    for platform in found:
        await platform.close()
    return [platform.name for platform in found]


def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ./run wechat had never run."""
    installed = metadata.version

    def version(package: str) -> str:
        if package == app.WECHAT_CLIENT:
            raise metadata.PackageNotFoundError(package)
        return installed(package)

    monkeypatch.setattr("bot.app.metadata.version", version)


def test_the_log_is_as_talkative_as_the_settings_say_but_libraries_are_not() -> None:
    app._write_log("debug")
    assert logging.getLogger("banzhang.outbox").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    app._write_log("error")
    assert not logging.getLogger("banzhang.outbox").isEnabledFor(logging.WARNING)


async def test_the_platforms_are_those_that_the_settings_ask_for(tmp_path: Path) -> None:
    assert await names(settings(tmp_path, "")) == []
    assert await names(settings(tmp_path, TELEGRAM)) == ["telegram"]
    assert await names(settings(tmp_path, WECHAT)) == ["wechat"]
    assert await names(settings(tmp_path, TELEGRAM + WECHAT)) == ["telegram", "wechat"]


async def test_without_what_wechat_needs_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_extra(monkeypatch)
    config = settings(tmp_path, TELEGRAM + WECHAT)
    assert await names(config) == ["telegram"]
    assert app.why_off(config) == [
        "WeChat is off: what it needs is not set up; this does it: ./run wechat",
    ]
    assert app.why_off(settings(tmp_path, TELEGRAM)) == []
    assert app.WECHAT_CLIENT not in app.versions()


def test_the_versions_name_the_client_of_wechat() -> None:
    assert app.versions()[app.WECHAT_CLIENT] == "1.5.dev4"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('[wechat]\nendpoint = "127.0.0.1:1"', "[wechat] has an endpoint, but no token"),
        (f'[wechat]\ntoken = "{TOKEN}"', "[wechat] has a token, but no endpoint"),
        (WECHAT + 'tls = true\nca = "none.pem"', "none.pem cannot be read as a certificate: No such file"),
        (WECHAT + 'tls = true\nca = "config.toml"', "config.toml cannot be read as a certificate: "),
    ],
)
async def test_wechat_stays_off_while_its_settings_cannot_do(
    tmp_path: Path, source: str, reason: str
) -> None:
    config = settings(tmp_path, source)
    (said,) = app.why_off(config)
    assert said.startswith("WeChat is off: ")
    assert reason in said
    assert TOKEN not in said
    assert await names(config) == []


async def test_the_certificate_lies_beside_the_settings(tmp_path: Path) -> None:
    shutil.copy(HOUSE / "tests" / "config" / "gateway.pem", tmp_path)
    config = settings(tmp_path, WECHAT + 'tls = true\nca = "gateway.pem"')
    assert app.why_off(config) == []
    assert await names(config) == ["wechat"]


def test_a_gateway_that_is_away_holds_nothing_up(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{WECHAT}[web]\nport = {free_port()}\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--config", str(path)]
    with subprocess.Popen(
        command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
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


def test_without_the_local_room_the_page_of_the_accounts_is_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{WECHAT}[web]\nport = {free_port()}\n[room]\nenabled = false\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot", "--config", str(path)]
    with subprocess.Popen(
        command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        address = running.stdout.readline().removeprefix("Banzhang is at ").strip()
        page = httpx.get(address, follow_redirects=True)
        assert page.url.path == "/account"
        assert "微信" in page.text
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0

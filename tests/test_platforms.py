"""Which platforms are put to use, and what is said of one that cannot be."""

import shutil
import sys
from pathlib import Path

import pytest

from bot import app, platforms
from bot.__main__ import HOUSE
from bot.config import Config, load
from bot.core.clock import WallClock

TOKEN = "study_4711"
TELEGRAM = '[telegram]\ntoken = "123456:A-TOKEN-that-nobody-knows-0000000000"\n'
WECHAT = f'[wechat]\nendpoint = "127.0.0.1:1"\ntoken = "{TOKEN}"\n'


def settings(folder: Path, source: str) -> Config:
    path = folder / "config.toml"
    path.write_text(source, encoding="utf-8")
    return load(path, app.feature_settings(), {})


async def names(config: Config) -> list[str]:
    """Which platforms there would be."""
    found = platforms.asked_for(config, WallClock())
    for platform in found:
        await platform.close()
    return [platform.name for platform in found]


def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if ./run wechat had never run."""
    monkeypatch.setattr(platforms, "wechat_client", lambda: None)


async def test_the_platforms_are_those_that_the_settings_ask_for(tmp_path: Path) -> None:
    assert await names(settings(tmp_path, "")) == []
    assert await names(settings(tmp_path, TELEGRAM)) == ["telegram"]
    assert await names(settings(tmp_path, WECHAT)) == ["wechat"]
    assert await names(settings(tmp_path, TELEGRAM + WECHAT)) == ["telegram", "wechat"]


async def test_where_what_wechat_needs_is_in_pieces_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bot.adapters.wechat", None)
    config = settings(tmp_path, TELEGRAM + WECHAT)
    assert await names(config) == ["telegram"]
    (said,) = platforms.why_off(config)
    assert said.why == "broken"
    assert said.line.startswith("WeChat is off: what it needs is set up, but does not load: ")
    assert "\n" not in said.line


async def test_without_what_wechat_needs_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_extra(monkeypatch)
    config = settings(tmp_path, TELEGRAM + WECHAT)
    assert await names(config) == ["telegram"]
    (said,) = platforms.why_off(config)
    assert said.line == "WeChat is off: what it needs is not set up; this does it: ./run wechat"
    assert platforms.why_off(settings(tmp_path, TELEGRAM)) == []
    assert platforms.WECHAT_CLIENT not in app.versions()


def test_the_versions_name_the_client_of_wechat() -> None:
    assert app.versions()[platforms.WECHAT_CLIENT] == "1.5.dev4"


def test_what_is_not_installed_has_no_version() -> None:
    assert platforms.version_of("nothing-that-there-is") is None


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
    (said,) = platforms.why_off(config)
    assert said.line.startswith("WeChat is off: ")
    assert reason in said.line
    assert TOKEN not in str(said)
    assert await names(config) == []


async def test_the_certificate_lies_beside_the_settings(tmp_path: Path) -> None:
    shutil.copy(HOUSE / "tests" / "config" / "gateway.pem", tmp_path)
    config = settings(tmp_path, WECHAT + 'tls = true\nca = "gateway.pem"')
    assert platforms.why_off(config) == []
    assert await names(config) == ["wechat"]

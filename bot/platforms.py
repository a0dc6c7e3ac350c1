"""Which platforms the settings ask for, each made from its own section, and why one must stay off."""

from __future__ import annotations

import ssl
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING

from bot.core.platforms import Off
from web.webhook import WebhookServer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.config import Config, TelegramSettings
    from bot.core.clock import Clock
    from bot.core.platforms import Platform

WECHAT = "wechat"
"""The bot account on WeChat: there is one gateway, and one account behind it."""

WECHAT_CLIENT = "wechaty-grpc"
"""The package by which it is known whether what WeChat needs is installed."""


def asked_for(config: Config, clock: Clock) -> Sequence[Platform]:
    """The platforms that the settings ask for, but for those that must stay off (see why_off)."""
    found: list[Platform] = [_telegram(config, clock)] if config.telegram.token is not None else []
    if config.wechat.is_on and not why_off(config):
        found.append(_wechat(config, clock))
    return found


def why_off(config: Config) -> list[Off]:
    """The platforms that the settings ask for and that must stay off; the others go on without them."""
    wechat = config.wechat
    if wechat.is_on and wechat_client() is None:
        return [_off("missing", "what it needs is not set up; this does it: ./run wechat")]
    if wechat.is_on and (broken := _why_broken()):
        return broken
    if wechat.is_on and wechat.tls and wechat.ca is not None:
        return _why_unfit(config.home / wechat.ca)
    if (wechat.endpoint is None) == (wechat.token is None):
        return []
    here, lacking = ("a token", "endpoint") if wechat.endpoint is None else ("an endpoint", "token")
    return [_off("lacks", f"[wechat] has {here}, but no {lacking}", lacking)]


def _off(why: str, reason: str, about: str = "") -> Off:
    return Off(WECHAT, why, f"WeChat is off: {reason}", about)


def wechat_client() -> str | None:
    """The version of the package that WeChat needs; None when it is not installed."""
    return version_of(WECHAT_CLIENT)


@cache
def version_of(package: str) -> str | None:
    """The version of a package when this was first asked: it is what runs. None when it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _why_broken() -> list[Off]:
    """What is installed may be in pieces all the same, or not made for this Python."""
    try:
        import_module("bot.adapters.wechat")
    except ImportError as error:
        said = str(error).partition("\n")[0]
        return [_off("broken", f"what it needs is set up, but does not load: {said}")]
    return []


def _why_unfit(certificate: Path) -> list[Off]:
    try:
        ssl.create_default_context(cafile=certificate)
    except OSError as error:
        reason = f"{certificate} cannot be read as a certificate: {error.strerror or error}"
        return [_off("certificate", reason, certificate.name)]
    return []


def _wechat(config: Config, clock: Clock) -> Platform:
    from bot.adapters.wechat import WeChat  # noqa: PLC0415 - its library is an extra

    ca = config.wechat.ca
    settings = config.wechat.model_copy(update={"ca": ca and config.home / ca})
    return WeChat(settings, clock, config.community.zone)


def _telegram(config: Config, clock: Clock) -> Platform:
    from bot.adapters.telegram import Telegram  # noqa: PLC0415 - its library takes long to import

    return Telegram(config.telegram, clock, _webhook(config.telegram))


def _webhook(settings: TelegramSettings) -> WebhookServer | None:
    if settings.mode == "polling":
        return None
    assert settings.webhook_url is not None
    assert settings.webhook_secret is not None
    secret = settings.webhook_secret.get_secret_value()
    return WebhookServer(settings.webhook_host, settings.webhook_port, settings.webhook_url, secret)

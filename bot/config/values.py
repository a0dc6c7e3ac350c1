"""Value types that settings share: a time of day, a time zone, a language, an admin, a bot's token."""

import difflib
import ipaddress
import re
import zoneinfo
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationInfo,
)

from rules.calendar import known_zone

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{3,}")
_TOKEN_IN_TEXT = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_GATEWAY_TOKEN = re.compile(r"[!-~]{1,256}")
_ENDPOINT = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})")
_ADMIN = re.compile(r"([a-z]+):([A-Za-z0-9_@.-]+)")
_PLATFORMS = ("telegram", "wechat", "room")


FROM_FILE = "file"
"""The validation context of values that people wrote."""


class Settings(BaseModel):
    """Base of every section: frozen, no unknown keys, every field with a description and a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    in_chat: ClassVar[bool] = True
    """Whether a community's admins may change them from the chat."""

    per_room: ClassVar[frozenset[str]] = frozenset()
    """The keys of which a room may have a value of its own; all others are a whole community's."""


@dataclass(frozen=True)
class Kind:
    """What a value is in plain words, for the example file and the documentation."""

    words: str


def parse_time(written: object) -> int:
    """Minutes since midnight of "HH:MM" (or of a TOML time). ValueError when it is no time of a day."""
    if isinstance(written, time):
        return written.hour * 60 + written.minute
    match = _TIME.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        raise ValueError('must be a time of day such as "04:00", from "00:00" to "23:59"')
    return int(match[1]) * 60 + int(match[2])


def _take_time(value: object, info: ValidationInfo) -> object:
    """Code gives minutes, which are checked later; in a file a bare 4 could mean hours as well."""
    return value if type(value) is int and info.context != FROM_FILE else parse_time(value)


def show_time(minutes: int) -> str:
    """The time of day as "HH:MM", of minutes since midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def check_zone(name: str) -> str:
    """The name itself if it is an IANA time zone; otherwise a ValueError that suggests a near one."""
    if not known_zone(name):
        raise ValueError(f'must be a time zone such as "Asia/Shanghai"{_near_zone(name)}')
    return name


def _near_zone(name: str) -> str:
    zones = {zone.casefold(): zone for zone in zoneinfo.available_timezones()}
    zones |= {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zones.values())}
    near = difflib.get_close_matches(name.strip().replace(" ", "_").casefold(), zones, 1, 0.7)
    return f'; did you mean "{zones[near[0]]}"?' if near else ""


def check_token(token: SecretStr) -> SecretStr:
    """The token itself if it has the shape of a bot's token; the error never repeats what was written."""
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError('is not a bot token: @BotFather gives one that looks like "123456789:ABC-…"')
    return token


def check_secret(secret: SecretStr) -> SecretStr:
    """The secret itself if Telegram takes it; the error never repeats what was written."""
    if not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 16 to 256 letters of A-Z, a-z, digits, _ and -")
    return secret


def check_address(address: str) -> str:
    """The address itself, without a slash at its end, if it is one of the web."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError('must be a web address such as "https://study.example.org"')
    return address.rstrip("/")


def check_gateway_token(token: SecretStr) -> SecretStr:
    """The token itself if a gateway can be told it; the error never repeats what was written."""
    if not _GATEWAY_TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("is not a gateway's token: it is 1 to 256 letters, digits and signs without a space")
    return token


def check_endpoint(endpoint: str) -> str:
    """The endpoint itself if it is a host (or an address) and a port."""
    match = _ENDPOINT.fullmatch(endpoint)
    if match is None or not 1 <= int(match["port"]) <= 65535:
        raise ValueError('must be a host and a port, such as "127.0.0.1:8788"')
    return endpoint


def split_endpoint(endpoint: str) -> tuple[str, int]:
    """The host, without the brackets of an IPv6 address, and the port of an endpoint that was checked."""
    host, _, port = endpoint.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether what is sent to a host never leaves this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_admin(name: str) -> str:
    """The name itself if it is a platform and an id."""
    match = _ADMIN.fullmatch(name)
    near = difflib.get_close_matches(match[1], _PLATFORMS, 1) if match else []
    if match is None or (near and match[1] not in _PLATFORMS):
        hint = f'; did you mean "{near[0]}:{match[2]}"?' if match else ""
        raise ValueError(f'must be a platform and an id, such as "telegram:12345"{hint}')
    return name


def hide_tokens(text: str) -> str:
    """The text with everything that looks like a bot's token taken out, fit for errors and logs."""
    return _TOKEN_IN_TEXT.sub("…", text)


TimeOfDay = Annotated[
    int,
    Field(ge=0, le=1439),
    BeforeValidator(_take_time),
    PlainSerializer(show_time),
    Kind('a time of day, "00:00" to "23:59"'),
]
"""Minutes since midnight; written "HH:MM"."""

Zone = Annotated[str, AfterValidator(check_zone), Kind("a time zone of the IANA list")]
"""The name of an IANA time zone, known to this machine."""

Language = Literal["zh-Hans", "zh-Hant", "en"]
"""The languages that Banzhang speaks."""

Port = Annotated[int, Field(ge=0, le=65535)]
"""A port to listen on; 0 takes any free one."""

Folder = Annotated[Path, Kind("a folder, seen from this file's own")]
"""A folder; what is not absolute begins where config.toml lies."""

File = Annotated[Path, Kind("a file, seen from this file's own")]
"""A file; what is not absolute begins where config.toml lies."""

WebAddress = Annotated[str, AfterValidator(check_address), Kind("a web address")]
"""An http or https address, without a slash at its end."""

Token = Annotated[SecretStr, AfterValidator(check_token), Kind("text, kept secret")]
"""A Telegram bot's token."""

WebhookSecret = Annotated[SecretStr, AfterValidator(check_secret), Kind("text, kept secret")]
"""The secret by which a webhook knows Telegram."""

GatewayToken = Annotated[SecretStr, AfterValidator(check_gateway_token), Kind("text, kept secret")]
"""What a Wechaty gateway must be told before it listens."""

Endpoint = Annotated[str, AfterValidator(check_endpoint), Kind("a host and a port")]
"""Where a server listens: a name or an address, a colon, a port."""

Admin = Annotated[str, AfterValidator(check_admin), Kind("platform:id")]
"""An account that is an admin everywhere: its platform, a colon, its id there."""

"""Settings: config.toml to frozen values, every mistake at once, each with its line and in plain words."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.config.lines import Key, key_lines
from bot.config.problems import Sections, section_problems, unknown_section
from bot.config.sections import (
    SECTIONS,
    BotSettings,
    CommunitySettings,
    RoomSettings,
    TalkSettings,
    TelegramSettings,
    TemplatesSettings,
    WebSettings,
    WeChatSettings,
)
from bot.config.values import FROM_FILE, Admin, Language, Settings, TimeOfDay, Zone

__all__ = [
    "Admin",
    "BotSettings",
    "CommunitySettings",
    "Config",
    "ConfigError",
    "Language",
    "RoomSettings",
    "Settings",
    "TalkSettings",
    "TelegramSettings",
    "TemplatesSettings",
    "TimeOfDay",
    "WeChatSettings",
    "WebSettings",
    "Zone",
    "all_sections",
    "load",
]

ENVIRONMENT = {
    "BANZHANG_TELEGRAM_TOKEN": ("telegram", "token"),
    "BANZHANG_TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
    "BANZHANG_WECHAT_TOKEN": ("wechat", "token"),
}
"""Environment variables that come before the file, so that secrets need not be written into it."""

_PAIR = re.compile(r"\s*[A-Za-z0-9_-]+\s*=")
_BARE = frozenset({"Invalid value", "Expected newline or end of document after a statement"})
_QUOTES = '; text and times stand in straight quotes, such as "22:30"'


@dataclass(frozen=True)
class Config:
    """All settings. `home` is the folder where config.toml lies (or would lie)."""

    home: Path
    bot: BotSettings
    community: CommunitySettings
    talk: TalkSettings
    web: WebSettings
    room: RoomSettings
    templates: TemplatesSettings
    telegram: TelegramSettings
    wechat: WeChatSettings
    features: Mapping[str, BaseModel]
    """The settings of each feature, by its name, of the type that it handed in."""

    @property
    def data_dir(self) -> Path:
        """The folder of the database."""
        return self.home / self.bot.data

    @property
    def templates_dir(self) -> Path | None:
        """The folder of the admin's own texts, if there is one."""
        folder = self.templates.folder
        return None if folder is None else self.home / folder


class ConfigError(Exception):
    """The file cannot be used as it is; every mistake is a line of `problems`. Secrets are in none."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def all_sections(features: Sections) -> dict[str, type[BaseModel]]:
    """Every section of config.toml: Banzhang's own, then one for each feature."""
    return {**SECTIONS, **features}


def load(path: Path, features: Sections, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings in a file, over the defaults; a file that is not there leaves the defaults.

    `features` maps the name of each feature's section to its type. ConfigError names every mistake as
    `file:line: key: what is wrong`.
    """
    document, source, broken = _parse(path, _read(path))
    overridden = _override(document, environment)
    sections = all_sections(features)
    values: dict[str, Any] = {}
    problems: list[tuple[Key, str]] = [
        ((name,), unknown_section(name, sections)) for name in document.keys() - sections.keys()
    ]
    for name, kind in sections.items():
        try:
            values[name] = kind.model_validate(document.get(name, {}), extra="forbid", context=FROM_FILE)
        except ValidationError as error:
            problems += section_problems(name, error, sections)
    if problems or broken:
        raise ConfigError(_located(problems, broken, path, key_lines(source), overridden))
    own = {name: values.pop(name) for name in SECTIONS}
    return Config(home=path.parent, features=MappingProxyType(values), **own)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path}: is not text in UTF-8; save it as UTF-8"]) from error
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error


def _parse(path: Path, source: str) -> tuple[dict[str, Any], str, dict[int, str]]:
    """The document, the source but for lines `key = value` that are no TOML, and what is wrong with these.

    ConfigError when anything else is not TOML: what stands below it could mean something else.
    """
    lines = source.split("\n")
    broken: dict[int, str] = {}
    while True:
        try:
            return tomllib.loads("\n".join(lines)), "\n".join(lines), broken
        except tomllib.TOMLDecodeError as error:
            what, _, where = str(error).partition(" (at ")
            line = re.match(r"line (\d+)", where)
            number = int(line[1]) if line else len(lines)
            pair = _PAIR.match(lines[number - 1])
            broken[number] = f"is not TOML: {what}" + (_QUOTES if pair and what in _BARE else "")
            if pair is None:
                raise ConfigError(_located([], broken, path, {}, {})) from None
            lines[number - 1] = ""


def _override(document: dict[str, Any], environment: Mapping[str, str]) -> dict[Key, str]:
    """Put what the environment says into the document; which variable each such key came from."""
    overridden: dict[Key, str] = {}
    for variable, (section, name) in ENVIRONMENT.items():
        if not environment.get(variable):
            continue
        table = document.setdefault(section, {})
        if isinstance(table, dict):
            table[name] = environment[variable]
            overridden[section, name] = variable
    return overridden


def _located(
    problems: list[tuple[Key, str]],
    broken: Mapping[int, str],
    path: Path,
    lines: Mapping[Key, int],
    overridden: Mapping[Key, str],
) -> list[str]:
    """The problems and the broken lines as lines of text, in the order of the file."""
    found = [(line, f"{path}:{line}: {words}") for line, words in broken.items()]
    for key, words in problems:
        if key in overridden:
            found.append((0, f"{overridden[key]} (environment): {words}"))
            continue
        line = next((lines[key[:size]] for size in range(len(key), 0, -1) if key[:size] in lines), 1)
        found.append((line, f"{path}:{line}: {_name(key)}: {words}"))
    return [words for _, words in sorted(found)]


def _name(key: Key) -> str:
    """The key as people write it: `telegram.token`, `checkin.tasks[2].name` (counted from 1)."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in key).removeprefix(".")

"""Reading config.toml: what holds, and how mistakes are told."""

import logging
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from bot.config import Config, ConfigError, Settings, TimeOfDay, load

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123"


class Task(Settings):
    """A thing to do each day."""

    name: str = Field(description="Its name.", min_length=1)
    opens: TimeOfDay = Field(4 * 60, description="From when on.")


class CheckinSettings(Settings):
    """Check-in."""

    freezes: int = Field(2, ge=0, le=9, description="Freezes a month.")
    share: float = Field(0.5, gt=0, lt=1, description="A share.")
    late: bool = Field(default=True, description="Whether late ones count.")
    proof: Literal["none", "text", "photo"] = Field("none", description="What proof is asked.")
    tasks: tuple[Task, ...] = Field((), max_length=3, description="The tasks.")
    weights: dict[str, float] = Field({}, description="Weights by sign.")


FEATURES: dict[str, type[BaseModel]] = {"checkin": CheckinSettings}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, source: str, **environment: str) -> Config:
    file.write_text(source, encoding="utf-8")
    return load(file, FEATURES, environment)


def problems(file: Path, source: str, **environment: str) -> list[str]:
    """What is said about a file, without the file's name."""
    with pytest.raises(ConfigError) as caught:
        read(file, source, **environment)
    assert str(caught.value).splitlines() == list(caught.value.problems)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    config = load(file, FEATURES, {})
    assert config.bot.language == "zh-Hans"
    assert config.community.zone == "Asia/Shanghai"
    assert config.community.day_starts_at == 240
    assert config.web.host == "127.0.0.1"
    assert config.web.port == 8080
    assert config.room.enabled
    assert config.telegram.token is None
    assert config.telegram.api_root == "https://api.telegram.org"
    assert config.features["checkin"] == CheckinSettings()
    assert config.data_dir == file.parent / "data"
    assert config.templates_dir is None


def test_an_empty_file_says_nothing(file: Path) -> None:
    assert read(file, "") == load(file.with_name("none.toml"), FEATURES, {})


def test_what_the_file_says_holds(file: Path) -> None:
    config = read(
        file,
        f"""
        [bot]
        language = "en"
        data = "/var/lib/banzhang"
        admins = ["telegram:1", "telegram:2"]
        [templates]
        folder = "words"
        [telegram]
        token = "{TOKEN}"
        [checkin]
        freezes = 0
        weights = {{ reply = 2 }}
        [[checkin.tasks]]
        name = "晨读"
        opens = "05:30"
        """,
    )
    assert config.bot.admins == ("telegram:1", "telegram:2")
    assert config.data_dir == Path("/var/lib/banzhang")
    assert config.templates_dir == file.parent / "words"
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == TOKEN
    expected = CheckinSettings(freezes=0, weights={"reply": 2}, tasks=(Task(name="晨读", opens=330),))
    assert config.features["checkin"] == expected
    assert isinstance(config.features["checkin"], CheckinSettings)


def test_a_mark_at_the_beginning_and_windows_line_ends_do_no_harm(file: Path) -> None:
    file.write_bytes('\ufeff[bot]\r\nlanguage = "en"\r\n'.encode())
    assert load(file, FEATURES, {}).bot.language == "en"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[bot]\nlangauge = 'en'", '2: bot.langauge: there is no such setting; did you mean "language"?'),
        ("[chekin]", "1: chekin: there is no such section; did you mean [checkin]?"),
        ("[qwerty]", "1: qwerty: there is no such section"),
        ("port = 1", "1: port: stands in no section; it belongs into [web]"),
        ("[bot]\n\nport = 1", "3: bot.port: there is no such setting here; it belongs into [web]"),
        ("[bot]\nqwerty = 1", "2: bot.qwerty: there is no such setting"),
        ("[web]\nport = 'x'", '2: web.port: must be a whole number, not "x"'),
        ("[web]\nport = 8.5", "2: web.port: must be a whole number, not 8.5"),
        ("[web]\nport = 65536", "2: web.port: must be at most 65535, not 65536"),
        ("web.port = -1", "1: web.port: must be at least 0, not -1"),
        ("web = 1", "1: web: must be a section in square brackets, not 1"),
        ("[web]\nhost = ''", '2: web.host: must have at least 1 characters, not ""'),
        ("[web]\nallowed_hosts = 'a'", '2: web.allowed_hosts: must be a list in square brackets, not "a"'),
        ("[web]\nallowed_hosts = ['a',\n1]", "3: web.allowed_hosts[2]: must be text in quotes, not 1"),
        ("[bot]\ndata = 1", "2: bot.data: must be a path in quotes, not 1"),
        ("[room]\nenabled = 'maybe'", '2: room.enabled: must be true or false, not "maybe"'),
        ("[checkin]\nshare = 0", "2: checkin.share: must be more than 0.0, not 0"),
        ("[checkin]\nshare = 1", "2: checkin.share: must be less than 1.0, not 1"),
        ("[checkin]\nshare = []", "2: checkin.share: must be a number, not []"),
        ("[checkin]\nweights = 1", "2: checkin.weights: must be a section in square brackets, not 1"),
        ("[checkin]\nweights = { a = '' }", '2: checkin.weights.a: must be a number, not ""'),
        (
            "[checkin]\nproof = 'photo1'",
            '2: checkin.proof: must be one of "none", "text", "photo", not "photo1"; did you mean "photo"?',
        ),
        ("[[checkin.tasks]]\nopens = '05:00'", "1: checkin.tasks[1].name: is needed here"),
        (
            "[[checkin.tasks]]\nname = 'a'\n[[checkin.tasks]]\nname = 'b'\nopen = '05:00'",
            '5: checkin.tasks[2].open: there is no such setting; did you mean "opens"?',
        ),
        (
            "[community]\nzone = 'Asia/Shangai'",
            '2: community.zone: must be a time zone such as "Asia/Shanghai"; did you mean "Asia/Shanghai"?',
        ),
        (
            "[community]\nday_starts_at = '25:00'",
            '2: community.day_starts_at: must be a time of day such as "04:00", from "00:00" to "23:59"',
        ),
        (
            f"[community]\nname = '{'x' * 65}'",
            f'2: community.name: must have at most 64 characters, not "{"x" * 56}…',
        ),
        (
            "[telegram]\nmode = 'webhook'\nwebhook_secret = '0123456789abcdef'",
            '1: telegram.webhook_url: is needed with mode = "webhook"',
        ),
        ("[bot]\n\nadmins = [1,\n", "4: is not TOML: Invalid value"),
        (
            "[bot]\nadmins = ['telegramm:12']",
            (
                '2: bot.admins[1]: must be a platform and an id, such as "telegram:12345"'
                '; did you mean "telegram:12"?'
            ),
        ),
        ("[bot\n", "1: is not TOML: Expected ']' at the end of a table declaration"),
        ("[bot]\n[bot]\n", "2: is not TOML: Cannot declare ('bot',) twice"),
        (
            "[bot]\nlanguage = 'en'\nlanguage = 'zh-Hans'",
            "3: is not TOML: Cannot overwrite a value",
        ),
        (
            "[talk]\nquiet_from = 22:30",
            (
                "2: is not TOML: Expected newline or end of document after a statement"
                '; text and times stand in straight quotes, such as "22:30"'
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(file: Path, source: str, said: str) -> None:
    assert problems(file, source) == [said]


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(file: Path) -> None:
    source = """
        [telegram]
        mode = "webhook"
        token = "abc"
        [chekin]
        [bot]
        admins = ["telegram:1", "me"]
        log_level = "loud"
        [checkin]
        freezes = 100
        """
    told = problems(file, source)
    assert [said.split(": ")[:2] for said in told] == [
        ["2", "telegram.webhook_secret"],
        ["2", "telegram.webhook_url"],
        ["4", "telegram.token"],
        ["5", "chekin"],
        ["7", "bot.admins[2]"],
        ["8", "bot.log_level"],
        ["10", "checkin.freezes"],
    ]


def test_lines_that_are_no_toml_hide_no_other_mistake(file: Path) -> None:
    source = """
        [bot]
        language = “en”
        log_level = "loud"
        [talk]
        quiet_from = 22:30
        quiet_til = "07:30"
        """
    assert [said.split(": ")[:2] for said in problems(file, source)] == [
        ["3", "is not TOML"],
        ["4", "bot.log_level"],
        ["6", "is not TOML"],
        ["7", "talk.quiet_til"],
    ]


def test_secrets_come_from_the_environment_first(file: Path) -> None:
    other = TOKEN.replace("AAF", "BBF")
    config = read(file, f'[telegram]\ntoken = "{TOKEN}"', BANZHANG_TELEGRAM_TOKEN=other)
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == other


def test_an_empty_variable_is_none(file: Path) -> None:
    assert load(file, FEATURES, {"BANZHANG_TELEGRAM_TOKEN": ""}).telegram.token is None


def test_a_bad_variable_is_blamed_by_name(file: Path) -> None:
    (said,) = problems(file, "", BANZHANG_TELEGRAM_TOKEN="hello")
    assert said.startswith("BANZHANG_TELEGRAM_TOKEN (environment): is not a bot token")
    assert "hello" not in said


@pytest.mark.parametrize(
    "source",
    [
        f'[telegram]\ntoken = "{TOKEN}!"',
        f'[telegram]\ntoken = ["{TOKEN}"]',
        f'[telegram]\nmode = "{TOKEN}"',
        f'[telegram]\ntokn = "{TOKEN}"',
        f'[web]\nport = "{TOKEN}"',
        '[telegram]\nwebhook_secret = "AAF-abc defghijklmnopqrstuvwxyz"',
        '[telegram]\nwebhook_secret = ["AAF-abcdefghijklmnopqrstuvwxyz"]',
    ],
)
def test_mistakes_tell_no_secrets(file: Path, source: str) -> None:
    assert "AAF-abc" not in "\n".join(problems(file, source))


def test_settings_shown_or_logged_tell_no_secrets(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = read(file, f'[telegram]\ntoken = "{TOKEN}"\nwebhook_secret = "AAF-abcdefghijklmnop"')
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("banzhang").info("%s %r", config, config)
    assert "AAF-abc" not in caplog.text
    assert "AAF-abc" not in config.telegram.model_dump_json()


def test_settings_cannot_be_changed(file: Path) -> None:
    config = load(file, FEATURES, {})
    with pytest.raises(ValueError, match="frozen"):
        config.bot.language = "en"  # type: ignore[misc]


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes("[bot]\n# 班长\n".encode("gb18030"))
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load(file, FEATURES, {})


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path, FEATURES, {})


def test_unknown_keys_are_told_for_types_that_would_not_mind(file: Path) -> None:
    class Lenient(BaseModel):
        """A section whose type says nothing of unknown keys."""

        name: str = ""

    file.write_text('[lenient]\nnmae = "x"')
    with pytest.raises(ConfigError, match='did you mean "name"'):
        load(file, {"lenient": Lenient}, {})

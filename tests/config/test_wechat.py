"""The section [wechat]: off until it is complete, and no secret in plain sight by oversight."""

from pathlib import Path

import pytest

from bot.config import Config, ConfigError, WeChatSettings, load
from bot.config.values import is_loopback, split_endpoint

TOKEN = "insecure_4f1c5d2e"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, source: str, **environment: str) -> Config:
    file.write_text(f"[wechat]\n{source}", encoding="utf-8")
    return load(file, {}, environment)


def problem(file: Path, source: str, **environment: str) -> str:
    """The one thing that is said about a file."""
    with pytest.raises(ConfigError) as caught:
        read(file, source, **environment)
    (said,) = caught.value.problems
    return said.removeprefix(f"{file}:")


def test_it_is_off_until_there_are_an_endpoint_and_a_token(file: Path) -> None:
    assert not load(file, {}, {}).wechat.is_on
    assert not read(file, 'endpoint = "127.0.0.1:8788"').wechat.is_on
    assert not read(file, f'token = "{TOKEN}"').wechat.is_on
    assert read(file, f'endpoint = "127.0.0.1:8788"\ntoken = "{TOKEN}"').wechat.is_on
    assert read(file, 'endpoint = "127.0.0.1:8788"', BANZHANG_WECHAT_TOKEN=TOKEN).wechat.is_on


def test_the_defaults_are_those_of_a_careful_person() -> None:
    settings = WeChatSettings()
    assert (settings.messages_a_minute, settings.messages_a_day, settings.friends_a_day) == (10, 400, 15)
    assert (settings.sleeps_from, settings.sleeps_until) == (60, 330)
    assert (settings.friends, settings.rooms) == ("members", "everybody")
    assert (settings.tls, settings.plaintext, settings.ca) == (False, False, None)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("endpoint = '8788'", '2: wechat.endpoint: must be a host and a port, such as "127.0.0.1:8788"'),
        ("endpoint = 'a:70000'", '2: wechat.endpoint: must be a host and a port, such as "127.0.0.1:8788"'),
        (
            "endpoint = 'http://a:1'",
            '2: wechat.endpoint: must be a host and a port, such as "127.0.0.1:8788"',
        ),
        ("ca = 1", "2: wechat.ca: must be a path in quotes, not 1"),
        ("messages_a_day = 0", "2: wechat.messages_a_day: must be at least 1, not 0"),
        ("rooms = 'all'", '2: wechat.rooms: must be one of "everybody", "staff", "nobody", not "all"'),
    ],
)
def test_a_mistake_is_told_with_its_line(file: Path, source: str, said: str) -> None:
    assert problem(file, source) == said


def test_a_mistake_in_the_token_does_not_repeat_it(file: Path) -> None:
    said = problem(file, "", BANZHANG_WECHAT_TOKEN="se cret")
    assert said.startswith("BANZHANG_WECHAT_TOKEN (environment): is not a gateway's token")
    assert "cret" not in said
    assert "cret" not in problem(file, 'token = ["secret"]')


@pytest.mark.parametrize("endpoint", ["gateway:8788", "10.0.0.2:8788", "[fe80::1]:8788", "128.0.0.1:8788"])
def test_without_tls_only_this_machine_is_spoken_to_unless_told_otherwise(file: Path, endpoint: str) -> None:
    said = problem(file, f'endpoint = "{endpoint}"')
    assert said == (
        f"1: wechat.plaintext: all that is said, and the token, could be read on the way to {endpoint}: "
        "set tls = true, or plaintext = true if that way is safe"
    )
    assert problem(file, f'endpoint = "{endpoint}"\nplaintext = false').startswith("3: wechat.plaintext:")
    assert read(file, f'endpoint = "{endpoint}"\ntls = true').wechat.endpoint == endpoint
    assert read(file, f'endpoint = "{endpoint}"\nplaintext = true').wechat.endpoint == endpoint


@pytest.mark.parametrize(
    "endpoint", ["localhost:1", "LOCALHOST:1", "127.0.0.1:8788", "127.9.9.9:1", "[::1]:8788"]
)
def test_this_machine_needs_no_tls(file: Path, endpoint: str) -> None:
    assert read(file, f'endpoint = "{endpoint}"').wechat.endpoint == endpoint


def test_an_endpoint_is_a_host_and_a_port() -> None:
    assert split_endpoint("127.0.0.1:8788") == ("127.0.0.1", 8788)
    assert split_endpoint("[::1]:8788") == ("::1", 8788)
    assert is_loopback("::1")
    assert not is_loopback("localhost.example.org")

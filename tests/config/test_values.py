"""A time of day, a zone, a token and the others: what is taken, and what is said otherwise."""

from datetime import time

import pytest
from pydantic import SecretStr, TypeAdapter

from bot.config.values import (
    FROM_FILE,
    Admin,
    TimeOfDay,
    WebAddress,
    WebhookSecret,
    check_token,
    check_zone,
    hide_tokens,
    parse_time,
    show_time,
)

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123"


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("00:00", 0), ("04:00", 240), ("4:05", 245), (" 23:59 ", 1439), (time(7, 30), 450)],
)
def test_a_time_of_day_is_minutes(written: object, minutes: int) -> None:
    assert parse_time(written) == minutes


@pytest.mark.parametrize("written", ["24:00", "25:00", "4", "04:60", "four", "", 240, 4.0, None, True])
def test_no_time_of_day(written: object) -> None:
    with pytest.raises(ValueError, match="must be a time of day"):
        parse_time(written)


@pytest.mark.parametrize("minutes", [0, 59, 60, 240, 1439])
def test_a_time_is_shown_as_it_is_read(minutes: int) -> None:
    assert parse_time(show_time(minutes)) == minutes
    assert TypeAdapter(TimeOfDay).dump_python(minutes) == show_time(minutes)


def test_code_gives_minutes_but_a_file_may_not() -> None:
    adapter = TypeAdapter[int](TimeOfDay)
    assert adapter.validate_python(240) == 240
    assert adapter.validate_python("04:00", context=FROM_FILE) == 240
    with pytest.raises(ValueError, match="must be a time of day"):
        adapter.validate_python(4, context=FROM_FILE)
    with pytest.raises(ValueError, match="less than or equal to 1439"):
        adapter.validate_python(1440)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Asia/Shangai", "Asia/Shanghai"),
        ("shanghai", "Asia/Shanghai"),
        ("new york", "America/New_York"),
        ("Europe/Berlim", "Europe/Berlin"),
    ],
)
def test_a_zone_is_guessed(written: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f'did you mean "{meant}"'):
        check_zone(written)


@pytest.mark.parametrize("written", ["", "Mars", "../etc/passwd", "/etc/localtime", "Asia", "北京", "a\0b"])
def test_no_zone(written: str) -> None:
    with pytest.raises(ValueError, match="must be a time zone"):
        check_zone(written)


def test_a_zone_is_kept() -> None:
    assert check_zone("Asia/Shanghai") == "Asia/Shanghai"


def test_a_token_is_known_by_its_shape() -> None:
    assert check_token(SecretStr(TOKEN)).get_secret_value() == TOKEN


@pytest.mark.parametrize("written", ["", "hello", "123456:ab", TOKEN + " ", TOKEN.replace(":", "")])
def test_what_is_no_token_is_not_repeated(written: str) -> None:
    with pytest.raises(ValueError, match="is not a bot token") as caught:
        check_token(SecretStr(written))
    assert not written or written not in str(caught.value)


def test_tokens_are_hidden_in_texts() -> None:
    assert hide_tokens(f"GET /bot{TOKEN}/getMe") == "GET /bot…/getMe"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Admin, "telegram:12345", "12345"),
        (WebAddress, "https://study.example.org/telegram", "study.example.org"),
        (WebAddress, "http://127.0.0.1:8081", "https://a b"),
        (WebhookSecret, "sixteen-letters_1", "too short"),
    ],
)
def test_a_shape(kind: type, good: str, bad: str) -> None:
    adapter = TypeAdapter[object](kind)
    assert good in str(adapter.validate_python(good)) or "*" in str(adapter.validate_python(good))
    with pytest.raises(ValueError, match="must be"):
        adapter.validate_python(bad)


def test_an_address_ends_without_a_slash() -> None:
    assert TypeAdapter(WebAddress).validate_python("http://localhost:8081/") == "http://localhost:8081"

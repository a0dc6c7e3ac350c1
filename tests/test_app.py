"""The composition root: what it sets up before anything runs."""

import logging
from collections.abc import Iterator

import pytest

from bot import app


@pytest.fixture(autouse=True)
def _level() -> Iterator[None]:
    before = app.log.level
    yield
    app.log.setLevel(before)


def test_the_log_is_as_talkative_as_the_settings_say_but_libraries_are_not() -> None:
    app._write_log("debug")
    assert logging.getLogger("banzhang.outbox").isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    app._write_log("error")
    assert not logging.getLogger("banzhang.outbox").isEnabledFor(logging.WARNING)

"""What all tests share: which tools some of them need, and how hypothesis searches."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"chromium": CHROMIUM, "node": ("node",)}
GATEWAY_INSTALLED = Path(__file__).parent / "peers" / "wechat" / "node_modules" / "package-lock.json"
"""What ./run test writes last when it sets up the gateway of WeChat's tests."""

NOT_TRACED = {
    "test_behaviour.py",
    "test_checkin_ahead.py",
    "test_hostile.py",
    "test_hostile_share.py",
    "test_killed_sending.py",
    "test_leaks.py",
    "test_leaks_in_any_order.py",
    "test_linking_hostile.py",
    "test_rhythm_hostile.py",
    "test_rights.py",
    "test_survival.py",
    "test_survival_on_both.py",
    "test_telegram_anything.py",
    "test_two_platforms.py",
    "test_year.py",
    "hypothesis",
    "played",
}
"""Long plays over lines that shorter tests run, too: to trace them for coverage takes as long as they do.

Files, a mark and a fixture.
"""

TRACES_PROGRAMS = "COVERAGE_PROCESS_CONFIG"
"""The variable by which coverage is measured in programs that tests start."""

settings.register_profile("banzhang", deadline=None, derandomize=True, max_examples=100, database=None)
settings.load_profile("banzhang")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage during long plays, nor of the programs that they start."""
    tracer = Coverage.current()
    if tracer is None or NOT_TRACED.isdisjoint({item.path.name, *item.keywords, *_fixtures(item)}):
        return (yield)
    for_programs = os.environ.pop(TRACES_PROGRAMS, None)
    tracer.stop()
    try:
        return (yield)
    finally:
        tracer.start()
        if for_programs is not None:
            os.environ[TRACES_PROGRAMS] = for_programs


def _fixtures(item: pytest.Item) -> list[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else []


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out tests whose tool is not on this machine; under CI that is an error."""
    for mark in TOOLS:
        if item.get_closest_marker(mark) is None or _is_here(mark):
            continue
        if os.environ.get("CI") == "true":
            pytest.fail(f"{mark} is missing, and under CI every test must run")
        pytest.skip(f"{mark} is not on this machine")


def _is_here(tool: str) -> bool:
    """Whether this machine has a tool; node is of use only with the gateway that it runs."""
    return any(map(shutil.which, TOOLS[tool])) and (tool != "node" or GATEWAY_INSTALLED.exists())


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is, for tests marked `chromium`."""
    return next(filter(None, map(shutil.which, CHROMIUM)))

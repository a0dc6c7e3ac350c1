"""What all tests share: which tools some of them need, and how hypothesis searches."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"chromium": CHROMIUM, "node": ("node",)}
GATEWAY_INSTALLED = Path(__file__).parent / "peers" / "wechat" / "node_modules" / "package-lock.json"
"""What ./run test writes last when it sets up the gateway of WeChat's tests."""

NOT_TRACED = {
    "test_checkin_ahead.py",
    "test_hostile.py",
    "test_hostile_share.py",
    "test_leaks.py",
    "test_leaks_in_any_order.py",
    "test_rights.py",
    "test_telegram_anything.py",
    "test_year.py",
}
"""Long plays over lines that shorter tests run, too: to trace them for coverage doubles their time."""

settings.register_profile("banzhang", deadline=None, derandomize=True, max_examples=100, database=None)
settings.load_profile("banzhang")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage during long plays."""
    for item in items:
        if item.path.name in NOT_TRACED:
            item.add_marker(pytest.mark.no_cover)


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

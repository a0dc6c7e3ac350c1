"""What all tests share: which tools some of them need, and how hypothesis searches."""

import os
import shutil

import pytest
from hypothesis import settings

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TOOLS = {"chromium": CHROMIUM, "node": ("node",)}

settings.register_profile("banzhang", deadline=None, derandomize=True, max_examples=100, database=None)
settings.load_profile("banzhang")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out tests whose tool is not on this machine; under CI that is an error."""
    for mark, commands in TOOLS.items():
        if item.get_closest_marker(mark) is None or any(map(shutil.which, commands)):
            continue
        if os.environ.get("CI") == "true":
            pytest.fail(f"{mark} is missing, and under CI every test must run")
        pytest.skip(f"{mark} is not on this machine")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is, for tests marked `chromium`."""
    return next(filter(None, map(shutil.which, CHROMIUM)))

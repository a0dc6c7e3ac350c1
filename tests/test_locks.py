"""The lock files: exact, hashed, in step with pyproject.toml, and free of registry hosts."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from bot.__main__ import HOUSE

PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)[^\\\n]*((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-wechat.lock": PROJECT["dependencies"] + EXTRAS["wechat"],
    "requirements-test.lock": PROJECT["dependencies"] + EXTRAS["wechat"] + EXTRAS["dev"],
}
PACKAGES = json.loads((HOUSE / "tests" / "peers" / "wechat" / "package-lock.json").read_text())["packages"]


def pins(lock: str) -> dict[str, str]:
    """The version of each package in a lock file."""
    return {name: version for name, version, _ in PIN.findall((HOUSE / lock).read_text())}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_hashes_and_nothing_else(lock: str) -> None:
    assert PIN.sub("", (HOUSE / lock).read_text()).strip() == ""


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_is_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    wanted = [Requirement(line) for line in LOCKS[lock]]
    assert [str(one) for one in wanted if not one.specifier.contains(locked.get(one.name, "0"))] == []


def test_what_is_tested_is_what_runs() -> None:
    without, with_wechat, tested = (pins(lock).items() for lock in LOCKS)
    assert without < with_wechat < tested


def test_the_gateway_of_the_tests_is_exact_and_hashed_and_from_wherever_npm_looks() -> None:
    packages = [package for path, package in PACKAGES.items() if path and "link" not in package]
    assert [package for package in packages if "integrity" not in package or "resolved" in package] == []

"""The script ./run: it finds a Python, sets up once, and starts from anywhere."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import HOUSE

LOCKS = ("requirements.lock", "requirements-wechat.lock", "requirements-test.lock")
GATEWAY = Path("tests/peers/wechat")
TOOLS = ("cat", "chmod", "cmp", "cp", "dirname", "ln", "mkdir", "mv", "readlink", "sh")

# Stands for Python: notes what it was asked, answers questions about itself as the variables say, and makes
# a .venv whose Python is itself.
PYTHON = """#!/bin/sh
echo "$*" >>"$NOTES"
case "$*" in
    *'version_info[:2]'*) echo "${VERSION:-3.12}" ;;
    *'version_info < '*) [ "${VERSION:-3.12}" = 3.12 ] ;;
    *'import ensurepip'*) [ "${WITHOUT:-}" != venv ] ;;
    *'-m venv'*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    *'-m pip'*) echo 'pip said this'; [ "${FAILS:-}" != pip ] ;;
    *) echo "ran: $*"; [ -z "${FAILS:-}" ] || case "$*" in *"$FAILS"*) exit 1 ;; esac ;;
esac
"""

# Stands for npm: notes what it was asked and where, and installs nothing.
NPM = """#!/bin/sh
echo "npm $* in $PWD" >>"$NOTES"
echo 'npm said this'
[ "${FAILS:-}" != npm ] && mkdir -p node_modules
"""

Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but the script and its locks, in a folder whose name has a space."""
    folder = tmp_path / "my class"
    folder.mkdir()
    for name in ("run", *LOCKS):
        shutil.copy(HOUSE / name, folder / name)
    (folder / GATEWAY).mkdir(parents=True)
    shutil.copy(HOUSE / GATEWAY / "package-lock.json", folder / GATEWAY)
    return folder


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A folder of commands as a bare machine has it: no Python, no browser."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return folder


@pytest.fixture
def start(checkout: Path, commands: Path, tmp_path: Path) -> Start:
    """Start ./run with some arguments; keywords are variables of its environment."""

    def start(
        *arguments: str, script: Path = checkout / "run", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(commands), "NOTES": str(tmp_path / "notes"), **variables}
        return subprocess.run(
            [str(script), *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
        )

    return start


@pytest.fixture
def python(commands: Path) -> Path:
    """The stand-in for Python."""
    return written(commands / "python3", PYTHON)


def written(path: Path, script: str) -> Path:
    """The path, with a script there that can be run."""
    path.write_text(script)
    path.chmod(0o755)
    return path


def notes(tmp_path: Path, about: str) -> int:
    """How often Python was asked something."""
    return (tmp_path / "notes").read_text().count(about)


def test_without_python_it_says_so_in_a_line(start: Start) -> None:
    result = start()
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer; none was found" in result.stderr


@pytest.mark.usefixtures("python")
def test_with_an_old_python_it_says_which(start: Start) -> None:
    result = start(VERSION="3.9")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "needs Python 3.11 or newer; only 3.9 was found" in result.stderr


@pytest.mark.usefixtures("python")
def test_without_the_venv_module_it_says_what_to_install(start: Start) -> None:
    result = start(WITHOUT="venv")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "Python 3.12 is here, but its venv module is missing" in result.stderr
    assert "sudo apt install python3-venv" in result.stderr


def test_a_newer_python_beside_an_old_one_is_found(start: Start, python: Path) -> None:
    written(python.with_name("python3.12"), PYTHON)
    python.write_text(PYTHON.replace(":-3.12", ":-3.9"))
    assert start().returncode == 0


@pytest.mark.usefixtures("python")
def test_the_first_start_sets_up_and_the_second_only_starts(start: Start, tmp_path: Path) -> None:
    first = start("demo")
    assert first.stderr == "Setting up, about a minute…\n"
    assert first.stdout == "ran: -P -m bot demo\n"
    assert notes(tmp_path, "--require-hashes --requirement") == 1
    second = start("--help", FAILS="pip")
    assert (second.stderr, second.stdout) == ("", "ran: -P -m bot --help\n")
    assert notes(tmp_path, "-m venv") == notes(tmp_path, "-m pip") == 1


@pytest.mark.usefixtures("python")
def test_a_changed_lock_is_set_up_anew(start: Start, checkout: Path, tmp_path: Path) -> None:
    start()
    (checkout / "requirements.lock").write_text("other==1")
    start()
    start()
    assert notes(tmp_path, "-m venv") == notes(tmp_path, "-m pip") == 2


@pytest.mark.usefixtures("python")
def test_a_set_up_that_failed_says_why_and_is_begun_again(start: Start, tmp_path: Path) -> None:
    failed = start(FAILS="pip")
    assert failed.returncode == 1
    assert "pip said this\nThe set-up did not finish" in failed.stderr
    assert failed.stdout == ""
    assert start().returncode == 0
    assert notes(tmp_path, "-m venv") == 2


@pytest.mark.usefixtures("python")
def test_a_python_that_went_away_is_set_up_anew(start: Start, checkout: Path, tmp_path: Path) -> None:
    start()
    (checkout / ".venv/bin/python").unlink()
    assert start().returncode == 0
    assert notes(tmp_path, "-m venv") == 2


@pytest.mark.usefixtures("python")
def test_the_checks_run_in_order_with_a_line_each(start: Start, checkout: Path, tmp_path: Path) -> None:
    start()
    result = start("test")
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "note    chromium is missing: the tests that need it are left out",
        "note    node is missing: the tests that need it are left out",
        "ok      format (ruff format)",
        "ok      lint (ruff check)",
        "ran: -m pytest -n auto --maxprocesses 4 --dist worksteal --cov --cov-report=term",
        "ok      tests (pytest)",
        "ok      types (mypy)",
        "ok      imports (import-linter)",
    ]
    assert notes(tmp_path, "-m venv") == 1
    assert notes(tmp_path, f"--requirement {checkout}/requirements-test.lock") == 1
    assert "\nran: -m pytest -k streak rules\n" in start("test", "-k", "streak rules").stdout
    assert start().stderr == ""


@pytest.mark.usefixtures("python")
@pytest.mark.parametrize(("fails", "name"), [("mypy", "types (mypy)"), ("pytest", "tests (pytest)")])
def test_a_failed_check_fails_the_whole_but_the_others_run(start: Start, fails: str, name: str) -> None:
    start("test")
    result = start("test", FAILS=fails)
    assert result.returncode == 1
    assert [line for line in result.stdout.splitlines() if line.startswith("FAILED")] == [f"FAILED  {name}"]
    assert result.stdout.count("ok      ") == 4
    assert f"ran: -m {fails}" in result.stdout


def test_the_checks_keep_bytecode_whatever_the_shell_wants(start: Start, python: Path) -> None:
    python.write_text(PYTHON.replace("ran: $*", "ran: $* ${PYTHONDONTWRITEBYTECODE:-with bytecode}"))
    said = start("test", PYTHONDONTWRITEBYTECODE="1").stdout
    assert "worksteal --cov --cov-report=term with bytecode\n" in said


@pytest.mark.usefixtures("python")
def test_under_ci_a_missing_tool_is_an_error(start: Start, commands: Path) -> None:
    said = start("test", CI="true")
    assert said.returncode == 1
    for tool in ("chromium", "node"):
        assert f"FAILED  {tool} is missing: under CI every test must run" in said.stdout
        (commands / tool).symlink_to(commands / "cat")
    assert "FAILED  npm is missing: under CI every test must run" in start("test", CI="true").stdout
    written(commands / "npm", NPM)
    assert start("test", CI="true").returncode == 0


@pytest.mark.usefixtures("python")
def test_the_gateway_is_installed_once_and_again_when_its_lock_changed(
    start: Start, checkout: Path, commands: Path, tmp_path: Path
) -> None:
    (commands / "node").symlink_to(commands / "cat")
    written(commands / "npm", NPM)
    failed = start("test", FAILS="npm")
    assert failed.returncode == 0
    assert "npm said this" in failed.stderr
    assert "note    the gateway of WeChat's tests is missing: the tests that" in failed.stdout
    assert "WeChat" not in start("test").stdout
    start("test")
    assert notes(tmp_path, f"npm ci --ignore-scripts --no-audit --no-fund in {checkout / GATEWAY}\n") == 2
    (checkout / GATEWAY / "package-lock.json").write_text("{}")
    start("test")
    assert notes(tmp_path, "npm ci") == 3


def installs(tmp_path: Path) -> list[str]:
    """The lock files that pip was given, in order."""
    told = (tmp_path / "notes").read_text().splitlines()
    return [line.rpartition("/")[2] for line in told if "-m pip" in line]


@pytest.mark.usefixtures("python")
def test_what_wechat_needs_is_added_once_and_kept(start: Start, checkout: Path, tmp_path: Path) -> None:
    start()
    added = start("wechat")
    assert (added.returncode, added.stdout) == (0, "")
    assert "What WeChat needs is set up" in added.stderr
    assert start().stderr == ""
    assert "is set up" in start("wechat").stderr
    assert installs(tmp_path) == ["requirements.lock", "requirements-wechat.lock"]
    for lock in LOCKS:
        (checkout / lock).write_text("other==1")
    assert start(FAILS="pip").returncode == 1
    shutil.rmtree(checkout / ".venv")
    assert start().returncode == 0
    start("test")
    assert start("wechat").returncode == start().returncode == 0
    assert installs(tmp_path)[2:] == [*["requirements-wechat.lock"] * 2, "requirements-test.lock"]


@pytest.mark.usefixtures("python")
def test_with_the_checks_set_up_wechat_has_what_it_needs(start: Start, tmp_path: Path) -> None:
    start("test")
    start("wechat")
    start()
    assert installs(tmp_path) == ["requirements-test.lock"]


@pytest.mark.usefixtures("python")
def test_only_the_bare_word_sets_wechat_up(start: Start, checkout: Path) -> None:
    assert start("wechat", "--help").stdout == "ran: -P -m bot wechat --help\n"
    assert not (checkout / ".wechat").exists()


@pytest.fixture
def furnished(checkout: Path) -> Path:
    """The real program in a checkout whose .venv is already what the lock says."""
    binaries = checkout / ".venv/bin"
    binaries.mkdir(parents=True)
    written(binaries / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    shutil.copy(checkout / "requirements.lock", checkout / ".venv")
    for name in ("bot", "handlers", "rules", "storage", "web"):
        (checkout / name).symlink_to(HOUSE / name)
    return checkout


@pytest.mark.usefixtures("furnished")
def test_help_lists_every_command_from_anywhere_and_through_links(
    start: Start, checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "first").symlink_to(Path("my class") / "run")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "second").symlink_to(Path("..") / "first")
    for script in (checkout / "run", tmp_path / "first", tmp_path / "links" / "second"):
        shown = start("--help", script=script)
        assert shown.returncode == 0, shown.stderr
        assert all(
            f"\n  {name} " in shown.stdout for name in ("demo", "init", "run", "settings", "test", "wechat")
        )


@pytest.mark.usefixtures("furnished")
def test_paths_are_those_of_the_place_where_one_stands(start: Start, tmp_path: Path) -> None:
    (tmp_path / "web.py").write_text("raise SystemExit('this is not Banzhang')")
    asked = start("--config", "mine.toml", "init", "--help")
    assert asked.returncode == 0, asked.stderr
    (tmp_path / "mine.toml").touch()
    refused = start("--config", "mine.toml", "init")
    assert "mine.toml is there already" in refused.stderr


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_are_plain_sh(script: str) -> None:
    strictest = shutil.which("dash") or "sh"
    assert subprocess.run([strictest, "-n", HOUSE / script], check=False).returncode == 0
    assert os.access(HOUSE / script, os.X_OK)

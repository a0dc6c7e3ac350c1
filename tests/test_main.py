"""The command line: what each command says and does, and with which exit code it ends."""

import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

import bot
from bot.__main__ import DO_NOT_RESTART, HOUSE, main
from bot.config import Config, load
from bot.core.errors import RetryLater, Stop
from storage.failures import DatabaseUnfit, DiskFull

TOKEN = "123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123"
GATEWAY = "insecure_8c9b7a52"


class House:
    """Stands for bot.app: notes what it was asked to run."""

    def __init__(self) -> None:
        self.ran: list[tuple[Config, Path]] = []
        self.shown: list[Config] = []
        self.error: Exception | None = None

    def run(self, config: Config, data: Path) -> int:
        if self.error is not None:
            raise self.error
        self.ran.append((config, data))
        return 3

    def demo(self, config: Config) -> int:
        self.shown.append(config)
        return 0


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    house = House()
    app = SimpleNamespace(run=house.run, demo=house.demo, feature_settings=dict)
    monkeypatch.setitem(sys.modules, "bot.app", app)
    monkeypatch.setattr(bot, "app", app, raising=False)
    return house


def call(*arguments: object, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=answers)


def test_without_a_command_it_runs(house: House, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[bot]\ndata = "rows"')
    assert call("--config", config).exit_code == 3
    assert call("--config", config, "--data", tmp_path / "else", "run").exit_code == 3
    assert [data for _, data in house.ran] == [tmp_path / "rows", tmp_path / "else"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Stop("bad token"), DO_NOT_RESTART),
        (DatabaseUnfit("damaged"), DO_NOT_RESTART),
        (DiskFull("database or disk is full"), 1),
        (RetryLater("not now"), 1),
    ],
)
def test_what_ends_it_is_one_line(house: House, tmp_path: Path, error: Exception, code: int) -> None:
    house.error = error
    config = tmp_path / "config.toml"
    config.touch()
    result = call("--config", config)
    assert (result.exit_code, result.stderr) == (code, f"{error}\n")


def test_the_demo_is_shown(house: House, tmp_path: Path) -> None:
    result = call("--config", tmp_path / "none.toml", "demo")
    assert (result.exit_code, result.stderr) == (0, f"There is no {tmp_path}/none.toml: the defaults hold.\n")
    assert [config.home for config in house.shown] == [tmp_path]


@pytest.mark.parametrize("command", ["run", "demo", "settings"])
def test_mistakes_in_the_settings_are_said_and_end_it(house: House, tmp_path: Path, command: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[web]\nprot = 1\nhost = 2")
    result = call("--config", config, command)
    assert result.exit_code == DO_NOT_RESTART
    assert result.stderr.splitlines() == [
        f'{config}:2: web.prot: there is no such setting; did you mean "port"?',
        f"{config}:3: web.host: must be text in quotes, not 2",
    ]
    assert not house.ran
    assert not house.shown


@pytest.mark.usefixtures("house")
def test_settings_in_order_are_said_to_be(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert call("--config", config, "settings").stderr == f"There is no {config}: the defaults hold.\n"
    config.write_text("")
    assert call("--config", config, "settings").stdout == f"{config} is in order.\n"


def test_init_asks_little_and_writes_it_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    result = call("--config", path, "init", answers=f'en\n 21 "days" of Ann\nEurope/Berlin\n{TOKEN}\n\n')
    assert result.exit_code == 0
    assert TOKEN not in result.output
    assert f"Start with: ./run --config {path}\nThen invite the bot into your group" in result.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    config = load(path, {}, {})
    assert config.bot.language == "en"
    assert config.community.name == '21 "days" of Ann'
    assert config.community.zone == "Europe/Berlin"
    assert config.telegram.token is not None
    assert config.telegram.token.get_secret_value() == TOKEN


def test_init_takes_no_answer_for_one(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    result = call("--config", path, "init", answers="\n" * 5)
    assert result.exit_code == 0
    assert "the local room, where all can be tried without a bot" in result.output
    assert tomllib.loads(path.read_text()) == {
        "bot": {"language": "zh-Hans"},
        "community": {"zone": "Asia/Shanghai"},
    }


def test_init_asks_again_about_what_cannot_be(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    answers = f"en\nAnn\nAsia/Shangai\nAsia/Shanghai\nhello\n{TOKEN}\n8788\n[::1]:8788\nhel lo\n{GATEWAY}\n"
    result = call("--config", path, "init", answers=answers)
    assert 'did you mean "Asia/Shanghai"' in result.output
    assert "is not a bot token" in result.output
    assert 'must be a host and a port, such as "127.0.0.1:8788"' in result.output
    assert "is not a gateway's token" in result.output
    assert "hel" not in result.output
    config = load(path, {}, {})
    assert config.telegram.token is not None
    assert config.wechat.is_on


def test_init_says_the_risk_of_wechat_before_it_asks(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    result = call("--config", path, "init", answers=f"en\n\n\n\n127.0.0.1:8788\n{GATEWAY}\n")
    assert 0 < result.output.index("may ban the account for good") < result.output.index("微信网关")
    assert "./run wechat" in result.output
    assert GATEWAY not in result.output
    assert tomllib.loads(path.read_text())["wechat"] == {"endpoint": "127.0.0.1:8788", "token": GATEWAY}


def test_init_has_a_gateway_elsewhere_spoken_to_by_tls(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    call("--config", path, "init", answers=f"en\n\n\n\ngateway.example.org:8788\n{GATEWAY}\n")
    wechat = load(path, {}, {}).wechat
    assert wechat.is_on
    assert wechat.tls


def test_init_writes_over_nothing_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine")
    result = call("--config", path, "init", answers="\n" * 5)
    assert result.exit_code == 1
    assert "--force writes over it" in result.output
    assert path.read_text() == "# mine"
    assert call("--config", path, "init", "--force", answers="\n" * 5).exit_code == 0
    assert "zh-Hans" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_test_hands_over_to_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda _, arguments: called.append(arguments))
    call("test", "-k", "streak", "--lf")
    call("wechat")
    script = str(HOUSE / "run")
    assert called == [[script, "test", "-k", "streak", "--lf"], [script, "wechat"]]


def test_help_lists_the_commands_and_is_quick_to_load() -> None:
    code = "import sys, bot.__main__; print(sorted(set(sys.modules) & {'pydantic', 'telegram', 'web'}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, check=True, capture_output=True, text=True
    )
    assert loaded.stdout == "[]\n"
    listed = call("--help").output
    assert all(f"\n  {name} " in listed for name in ("demo", "init", "run", "settings", "test", "wechat"))
    assert "--config" in listed
    assert "--data" in listed

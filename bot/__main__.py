"""The command line: `./run`, `./run init`, `./run demo` and the others."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from bot.config import Config

HOUSE = Path(__file__).resolve().parent.parent
"""The folder that holds `run`; config.toml and data/ lie in it unless told otherwise."""

SETTINGS = HOUSE / "config.toml"
NO_SETTINGS = "There is no {path}: the defaults hold."

DO_NOT_RESTART = 78
"""The exit code for what a restart cannot mend: a mistake in the settings, a bad token, a second poller."""

INIT_END = """
{path} is written, readable only by you. Start with: {start}
{then}; every other setting is in config.example.toml.
"""

WITH_BOT = "Then invite the bot into your group"
WITHOUT_BOT = "It prints the address of the local room, where all can be tried without a bot"

WECHAT_RISK = """
微信的规则不许这样的程序，用它的账号可能被永久封禁：只用丢了也不要紧的号，别用自己的。没有网关就留空。
WeChat's rules forbid programs like this one, and it may ban the account for good: use one that you can lose,
never your own. Without a gateway leave this empty.
"""

WECHAT_NEXT = """
WeChat needs a little more, once, if you have not run it yet: ./run wechat
docs/wechat.md（中文 docs/wechat.zh.md）tells about the gateway and how to log in.
"""


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    default=SETTINGS,
    help="The settings; config.toml beside ./run unless said.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the database; what the settings say unless said, else data beside config.toml.",
)
@click.pass_context
def main(context: click.Context, config: Path, data: Path | None) -> None:
    """Banzhang (班长) looks after study communities. Without a command it runs.

    The options --config and --data come before the command.
    """
    context.obj = (config, data)
    if context.invoked_subcommand is None:
        context.invoke(run)


@main.command()
@click.pass_obj
def run(places: tuple[Path, Path | None]) -> NoReturn:
    """Run Banzhang (also without any command)."""
    from bot import app

    config = _load(places[0])
    with _plainly_stopped():
        sys.exit(app.run(config, places[1] or config.data_dir))


@main.command()
@click.pass_obj
def takeover(places: tuple[Path, Path | None]) -> None:
    """Take the Telegram bot over from another webhook.

    No message is lost.
    """
    from bot import app

    with _plainly_stopped():
        app.take_over(_load(places[0]))
    click.echo("Taken over: the next ./run gets the bot's news.")


@contextmanager
def _plainly_stopped() -> Iterator[None]:
    """Say what only the operator can mend in one line; the exit code tells not to start again."""
    from bot.core.errors import RetryLater, Stop
    from storage.failures import DatabaseUnfit, StorageFails

    try:
        yield
    except (Stop, RetryLater, StorageFails) as error:
        click.echo(error, err=True)
        sys.exit(DO_NOT_RESTART if isinstance(error, Stop | DatabaseUnfit) else 1)


@main.command()
@click.pass_obj
def doctor(places: tuple[Path, Path | None]) -> NoReturn:
    """Look at everything, also while Banzhang runs.

    The exit code is 1 when something is wrong.
    """
    from bot import doctor

    wrong = False
    for line in doctor.look(*places):
        click.echo(f"{line.mark} {line.text}")
        wrong |= line.mark == doctor.BAD
    sys.exit(int(wrong))


@main.command()
@click.pass_obj
def demo(places: tuple[Path, Path | None]) -> NoReturn:
    """Show an invented community after sixty days.

    It opens in the browser; your own data is not touched.
    """
    from bot import app

    sys.exit(app.demo(_load(places[0])))


@main.command()
@click.option("--force", is_flag=True, help="Write over a config.toml that is there.")
@click.pass_obj
def init(places: tuple[Path, Path | None], force: bool) -> None:  # noqa: FBT001 - click hands options by name
    """Ask a few questions and write config.toml."""
    path = places[0]
    if path.exists() and not force:
        raise click.ClickException(f"{path} is there already; --force writes over it")
    answers = [*_ask(), *_ask_wechat()]
    _write_private(path, _toml(answers))
    platforms = {section for section, name, value in answers if value and name in {"token", "endpoint"}}
    if "wechat" in platforms:
        click.echo(WECHAT_NEXT, nl=False)
    start = "./run" if path == SETTINGS else f"./run --config {shlex.quote(str(path))}"
    click.echo(INIT_END.format(path=path, start=start, then=WITH_BOT if platforms else WITHOUT_BOT))


@main.command()
@click.option("--example", "form", flag_value="example", help="Print config.example.toml.")
@click.option("--page", "form", flag_value="page", help="Print docs/settings.md.")
@click.pass_obj
def settings(places: tuple[Path, Path | None], form: str | None) -> None:
    """Read config.toml and name every mistake in it."""
    from bot import app
    from bot.config import all_sections, document

    if form is None:
        _load(places[0])
        if places[0].exists():
            click.echo(f"{places[0]} is in order.")
        elif places[0] == SETTINGS:
            click.echo(NO_SETTINGS.format(path=SETTINGS.name))
        return
    write = document.example if form == "example" else document.page
    click.echo(write(all_sections(app.feature_settings())), nl=False)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(pytest_arguments: tuple[str, ...]) -> NoReturn:
    """Run every check; what follows is handed to pytest."""
    _hand_to_script("test", *pytest_arguments)


@main.command()
def wechat() -> NoReturn:
    """Set up what WeChat needs besides, for now and all later starts."""
    _hand_to_script("wechat")


def _hand_to_script(*arguments: str) -> NoReturn:
    script = str(HOUSE / "run")
    os.execv(script, [script, *arguments])  # noqa: S606 - the project's own script


def _load(path: Path) -> "Config":
    """The settings; with mistakes in them, says all of them and ends."""
    from bot import app
    from bot.config import ConfigError, load

    if path != SETTINGS and not path.exists():
        click.echo(NO_SETTINGS.format(path=path), err=True)
    try:
        return load(path, app.feature_settings())
    except ConfigError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(DO_NOT_RESTART)


Answer = tuple[str, str, str | bool]
"""A section of config.toml, a key in it, and its value."""


def _ask() -> list[Answer]:
    """What a few questions bring."""
    from bot.config.values import check_zone

    language = click.prompt(
        "语言 Language", type=click.Choice(["zh-Hans", "zh-Hant", "en"]), default="zh-Hans"
    )
    name = click.prompt("社群名称 Name of the community", default="", show_default=False)
    zone = click.prompt("时区 Time zone", default="Asia/Shanghai", value_proc=_checked(check_zone))
    token = click.prompt(
        "Telegram bot token（@BotFather；可留空 may stay empty；不显示 not shown）",
        default="",
        show_default=False,
        hide_input=True,
        value_proc=_checked(_check_token),
    )
    return [
        ("bot", "language", language),
        ("community", "name", name.strip()),
        ("community", "zone", zone),
        ("telegram", "token", token),
    ]


def _ask_wechat() -> list[Answer]:
    """Where WeChat's gateway is, after its risk was said. One on another machine is spoken to by TLS."""
    from bot.config.values import is_loopback, split_endpoint

    click.echo(WECHAT_RISK)
    endpoint = click.prompt(
        "微信网关 WeChat gateway（127.0.0.1:8788；可留空 may stay empty）",
        default="",
        show_default=False,
        value_proc=_checked(_check_endpoint),
    )
    if not endpoint:
        return []
    token = click.prompt(
        "网关的令牌 Its token（不显示 not shown）", hide_input=True, value_proc=_checked(_check_gateway_token)
    )
    answers: list[Answer] = [("wechat", "endpoint", endpoint), ("wechat", "token", token)]
    return [*answers, ("wechat", "tls", not is_loopback(split_endpoint(endpoint)[0]))]


def _check_endpoint(text: str) -> str:
    from bot.config.values import check_endpoint

    return check_endpoint(text.strip()) if text.strip() else ""


def _check_gateway_token(text: str) -> str:
    from pydantic import SecretStr

    from bot.config.values import check_gateway_token

    return check_gateway_token(SecretStr(text.strip())).get_secret_value()


def _check_token(text: str) -> str:
    from pydantic import SecretStr

    from bot.config.values import check_token

    token = text.strip()
    return check_token(SecretStr(token)).get_secret_value() if token else ""


def _checked(check: Callable[[str], str]) -> Callable[[str], str]:
    """The check as click wants it: a mistake is said and asked about again."""

    def convert(answer: str) -> str:
        try:
            return check(answer)
        except ValueError as error:
            raise click.UsageError(str(error)) from None

    return convert


def _toml(answers: list[Answer]) -> str:
    """The given answers, section by section; those left empty, and what is not so, are left out."""
    lines = ["# Every other setting, with its default: config.example.toml"]
    section = ""
    for table, name, value in answers:
        if not value:
            continue
        if table != section:
            section = table
            lines += ["", f"[{table}]"]
        lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    fresh.replace(path)


if __name__ == "__main__":
    main(prog_name="./run")

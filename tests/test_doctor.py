"""`./run doctor`: one line for each thing, with a Banzhang running beside it or without one."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import app, doctor, platforms
from bot.config import load
from bot.core.clock import WallClock
from bot.doctor import BAD, GOOD, NOTE, Line, _ask, _without_paths
from storage import communities, inbox, rooms
from storage.db import Transaction
from storage.disk import Disk
from tests.adapters.telegram_house import config_for, free_port
from tests.peers.telegram import FakeServer
from tests.peers.wechat import Gateway

HOUSE = Path(__file__).parent.parent
TOKEN = "123456:A-TOKEN-that-nobody-knows-0000000000"
SECRET = "a-secret-of-sixteen-or-more"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with the local room alone, on a port that is free."""
    path = tmp_path / "config.toml"
    path.write_text(f"[web]\nport = {free_port()}\n", encoding="utf-8")
    return path


def looked(path: Path) -> list[Line]:
    return list(doctor.look(path, None))


def marked(lines: list[Line], mark: str) -> str:
    return "\n".join(line.text for line in lines if line.mark == mark)


async def furnish(folder: Path) -> None:
    """A database with a class, as a Banzhang that ended left it."""
    async with app.opened(folder / "data" / app.DATABASE, durable=False) as database:

        def fill(tx: Transaction) -> None:
            communities.add(tx, "晨读班", "zh-Hans", "Asia/Shanghai", 240, 0)
            room = rooms.add(tx, "room:1", "1", "group", "晨读班", 0)
            tx.run(
                "UPDATE room SET community = 1, rights = 'read react delete' WHERE id = :id", {"id": room.id}
            )

        await database.write(fill)


async def change(folder: Path, sql: str) -> None:
    async with app.opened(folder / "data" / app.DATABASE, durable=False) as database:
        await database.write(lambda tx: tx.run(sql))


def test_before_the_first_start_all_is_well_and_nothing_is_made(config: Path, tmp_path: Path) -> None:
    lines = looked(config)
    assert marked(lines, BAD) == ""
    good, notes = marked(lines, GOOD), marked(lines, NOTE)
    assert good.startswith("Banzhang 0.1.0, Python 3.")
    assert f"{config} is in order" in good
    assert f"{tmp_path / 'data'} can be written (it will be made)" in good
    assert "is free for the pages" in good
    assert "not running" in notes
    assert "there is no database yet" in notes
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_mistakes_in_the_settings_are_named_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[web]\nprot = 1\n[telegram]\ntoken = "{TOKEN[7:]}"\n')
    lines = looked(path)
    assert f'{path}:2: web.prot: there is no such setting; did you mean "port"?' in marked(lines, BAD)
    assert f"{path}:4: telegram.token" in marked(lines, BAD)
    assert "once the settings are in order" in marked(lines, NOTE)
    assert TOKEN[7:] not in str(lines)


def test_mistakes_in_ones_own_texts_are_named(config: Path, tmp_path: Path) -> None:
    config.write_text(config.read_text() + '[templates]\nfolder = "mine"\n')
    assert "there is no such folder" in marked(looked(config), BAD)


async def test_a_database_at_rest_is_read_and_left_as_it_was(config: Path, tmp_path: Path) -> None:
    await furnish(tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()}
    lines = await asyncio.to_thread(looked, config)
    assert marked(lines, BAD) == ""
    assert "communities: 1" in marked(lines, GOOD)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()} == before


@pytest.mark.parametrize(
    ("sql", "mark", "says"),
    [
        ("UPDATE room SET rights = 'react'", BAD, "晨读班: I can't hear plain messages in “晨读班”"),
        ("UPDATE room SET rights = 'read'", NOTE, "晨读班: A few rights I don't have"),
        ("INSERT INTO right_lost (room, name) VALUES (1, 'speak')", BAD, "晨读班: I may not write in"),
        ("UPDATE migration SET number = 999 WHERE number = 1", BAD, "upgrade Banzhang"),
        (
            "INSERT INTO observation (bot, since, until) VALUES ('room:local', 0, 0)",
            NOTE,
            "room:local last listened ",
        ),
        ("INSERT INTO job (name, community, due_at) VALUES ('recap', 1, 0)", GOOD, "communities: 1"),
    ],
)
async def test_what_the_rows_tell(config: Path, tmp_path: Path, sql: str, mark: str, says: str) -> None:
    await furnish(tmp_path)
    await change(tmp_path, sql)
    lines = await asyncio.to_thread(looked, config)
    assert says in marked(lines, mark)
    assert (marked(lines, BAD) == "") == (mark != BAD)


async def test_dead_letters_and_a_lost_staff_room_are_told_and_no_word_of_a_member(
    config: Path, tmp_path: Path
) -> None:
    await furnish(tmp_path)
    async with app.opened(tmp_path / "data" / app.DATABASE, durable=False) as database:

        def happen(tx: Transaction) -> None:
            now = WallClock().now()
            inbox.bury(tx, at=now, bot="room:1", key="7", event='{"text":"秘密"}', trace="秘密")
            staff = rooms.add(tx, "room:1", "2", "group", "管理群", 0)
            tx.run("UPDATE room SET standing = 'left' WHERE id = :id", {"id": staff.id})
            communities.set_staff_room(tx, 1, staff.id)

        await database.write(happen)
    wrong = marked(await asyncio.to_thread(looked, config), BAD)
    assert "1 thing I could not handle (the newest just now, a message I got)" in wrong
    assert "晨读班: I can't get into the staff room" in wrong
    assert "秘密" not in wrong


def test_a_file_that_is_no_database_is_said(config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / app.DATABASE).write_text("no database " * 500)
    assert "the database is damaged" in marked(looked(config), BAD)
    (tmp_path / "data" / app.DATABASE).write_text("")
    assert "start Banzhang once" in marked(looked(config), BAD)


def test_a_folder_that_is_none_is_said(config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert f"{tmp_path / 'data'} cannot be written" in marked(looked(config), BAD)


def test_a_disk_with_little_room_is_said(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "measure", lambda _: Disk(100_000_000, 10**11, 4_200_000, 0))
    assert "0.1 GB free of 100.0 GB; the database takes 4.2 MB" in marked(looked(config), BAD)


def test_ports_that_are_taken_are_said(config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        config.write_text(
            f"[web]\nport = {port}\n[telegram]\ntoken = {json.dumps(TOKEN)}\n"
            f'api_root = "http://127.0.0.1:{free_port()}"\nmode = "webhook"\nwebhook_url = "https://a.example/x"\n'
            f'webhook_secret = "{SECRET}"\nwebhook_port = {port}\n'
        )
        lines = looked(config)
    assert f"port {port} is taken: the pages will be at" in marked(lines, NOTE)
    assert f"the webhook's port {port} on 127.0.0.1: Address already in use" in marked(lines, BAD)
    assert "telegram: " in marked(lines, BAD), "nobody answers at that address"
    assert SECRET not in str(lines)
    assert TOKEN[7:] not in str(lines)


def test_a_platform_that_must_stay_off_is_said(config: Path) -> None:
    config.write_text(config.read_text() + '[wechat]\nendpoint = "127.0.0.1:8788"\n')
    assert "WeChat is off: [wechat] has an endpoint, but no token" in marked(looked(config), BAD)


async def asked(fake: FakeServer, folder: Path, token: str = "") -> list[Line]:
    config = config_for(fake, folder, token=token)
    return await _ask(platforms.asked_for(config, WallClock()))


async def test_telegram_is_asked_who_the_bot_is(tmp_path: Path) -> None:
    async with FakeServer(privacy=True) as fake:
        lines = await asked(fake, tmp_path)
        assert "telegram: reached, and the token is that of @" in marked(lines, GOOD)
        assert "this machine's clock is right" in marked(lines, GOOD)
        assert "privacy mode is on" in marked(lines, NOTE)
        assert marked(lines, BAD) == ""
        await fake.control.clock(advance=300)
        assert re.search(
            "The server's clock is (299|300) seconds slow", marked(await asked(fake, tmp_path), BAD)
        )


async def test_a_token_that_nobody_knows_is_said_and_not_shown(tmp_path: Path) -> None:
    async with FakeServer() as fake:
        [line] = await asked(fake, tmp_path, token=TOKEN)
        assert line.mark == BAD
        assert "does not know this bot's token" in line.text
        assert TOKEN[7:] not in line.text


async def test_a_webhook_set_elsewhere_is_said_without_its_path(tmp_path: Path) -> None:
    async with FakeServer() as fake:
        (telegram,) = platforms.asked_for(config_for(fake, tmp_path), WallClock())
        await telegram._client.set_webhook("https://elsewhere.example.org/hook/secret?a=b")  # type: ignore[attr-defined]
        await telegram.close()
        [line] = await asked(fake, tmp_path)
        assert line.mark == BAD
        assert "https://elsewhere.example.org/…" in line.text
        assert "./run takeover" in line.text
        assert "secret" not in line.text


def wechat_at(endpoint: str, folder: Path, token: str) -> list[Line]:
    """What is said of WeChat, with its gateway at an endpoint."""
    path = folder / "wechat.toml"
    path.write_text(f"[wechat]\nendpoint = {json.dumps(endpoint)}\ntoken = {json.dumps(token)}\n")
    return asyncio.run(_ask(platforms.asked_for(load(path, app.feature_settings(), {}), WallClock())))


@pytest.mark.node
def test_the_gateway_of_wechat_is_asked_beside_who_listens(tmp_path: Path) -> None:
    with Gateway() as gateway:
        right = wechat_at(gateway.endpoint, tmp_path, gateway.token)
        assert right == [Line(GOOD, "wechat: reached, and the token is right")]
        assert gateway.op("world")["streams"] == 0
        [wrong] = wechat_at(gateway.endpoint, tmp_path, "insecure_wrong")
    assert wrong.mark == BAD
    assert wrong.text.startswith("wechat: The WeChat gateway does not take my token")
    [away] = wechat_at(gateway.endpoint, tmp_path, gateway.token)
    assert away.mark == BAD
    assert away.text.startswith("wechat: The WeChat gateway cannot be reached")


def test_addresses_lose_what_may_be_secret() -> None:
    said = _without_paths("at http://me:pass@a.example:8/bot123:SECRET/getMe now, https://b.example")
    assert said == "at http://a.example:8/… now, https://b.example"


def run(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "--config", str(config), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=HOUSE, timeout=60)


def test_as_a_program_it_looks_while_banzhang_runs_and_after(config: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "--config", str(config)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith("Banzhang is at ")
        for _ in range(2):
            while_running = run(config, "doctor")
            assert (while_running.returncode, while_running.stderr) == (0, "")
            assert f"✓ Banzhang is running with {tmp_path / 'data'}\n" in while_running.stdout
            assert all(line[:2] in {"✓ ", "· "} for line in while_running.stdout.splitlines())
        assert "another Banzhang works with" in run(config).stderr, "it never lost its hold"
        running.terminate()
        assert running.wait(20) == 0
    afterwards = run(config, "doctor")
    assert afterwards.returncode == 0
    assert f"· Banzhang is not running with {tmp_path / 'data'}\n" in afterwards.stdout


@pytest.mark.parametrize("argument", ["--fix", "x", "'; DROP TABLE room;--", "../../etc/passwd"])
def test_as_a_program_it_takes_no_argument(config: Path, argument: str) -> None:
    result = run(config, "doctor", argument)
    assert result.returncode == 2
    assert "Usage" in result.stderr


def test_as_a_program_it_ends_with_1_when_something_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[web]\nport = 'x'")
    result = run(config, "doctor")
    assert result.returncode == 1
    assert f"✗ {config}:2: web.port: " in result.stdout

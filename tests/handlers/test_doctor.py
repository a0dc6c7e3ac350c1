"""`/doctor`: all is well, or what is not, the gravest first, each with what to do."""

from pathlib import Path

import pytest

from bot import platforms
from bot.core.actions import Edit
from bot.core.errors import RetryLater
from bot.core.platforms import Condition
from storage import communities, inbox, jobs, rooms
from storage.db import Transaction
from storage.disk import Disk
from storage.outbox import Outcome, finish
from tests.stage import BOT, Stage, a_stage

GATEWAY = 'endpoint = "127.0.0.1:1"\ntoken = "insecure_a-token-of-its-own"\n'
ALL = ("read", "react", "delete", "invite")
GONE = "这个选项放太久了，重新发一次命令就好。"


async def a_class(stage: Stage, rights: tuple[str, ...] = ALL) -> None:
    await stage.opens(rights=rights)
    await stage.joins("班主任", "admin")
    await stage.says("班主任", "/start", room=None)
    await stage.says("小林", "早")


async def asked(stage: Stage) -> list[str]:
    """The lines of /doctor."""
    await stage.says("班主任", "/doctor", room=None)
    return stage.last.text.splitlines()


async def test_all_is_well_in_a_few_lines(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        for word in ("体检", "狀態", "/status", "/doctor"):
            await stage.says("班主任", word, room=None)
            head, empty, people, disk, versions = stage.last.text.splitlines()
            assert (head, empty) == ("晨读班：都好", "")
            assert people == "1 个群，刚刚听到人说话，待发 0 条"
            assert disk == "磁盘还空 12.3 GB，数据 4.3 MB（其中日志 0.1 MB）"
            assert versions.startswith("Banzhang 0.1.0，Python 3.")
            assert "SQLite" in versions
            assert "python-telegram-bot" in versions
            assert "数据版本 " in versions


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ('endpoint = "127.0.0.1:1"', "config.toml 的 [wechat] 里少了 token：补上再重启我。"),
        (GATEWAY + 'tls = true\nca = "none.pem"', "网关的证书 none.pem 读不了：看看 config.toml"),
    ],
)
async def test_a_platform_that_stays_off_is_named_with_why(tmp_path: Path, source: str, part: str) -> None:
    async with a_stage(tmp_path, config=f"[wechat]\n{source}") as stage:
        await a_class(stage)
        head, line, *_ = await asked(stage)
        assert head == "晨读班：1 件事要看"
        assert line.startswith("❗ 微信没开着。")
        assert part in line
        assert str(tmp_path) not in line


async def test_what_a_platform_needs_and_lacks_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "wechat_client", lambda: None)
    async with a_stage(tmp_path, config=f"[wechat]\n{GATEWAY}") as stage:
        await a_class(stage)
        assert (await asked(stage))[1] == (
            "❗ 微信没开着。它要的东西还没装：在服务器上跑一次 ./run wechat，再重启我。"
        )


async def test_it_is_for_who_looks_after_the_community_and_not_before_members(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        assert await stage.says("小林", "/doctor") == ["这件事要请管理员来做。"]
        assert await stage.says("小林", "状态") == []
        await stage.says("班主任", "/doctor")
        assert stage.last.place == "班主任"
        assert await stage.presses_data("小林", "doctor") == ["这件事要请管理员来做。"]
        assert await stage.presses_data("班主任", "doctor", message="7") == [
            "这件事不在大家面前说。私聊我，或者到管理群里来。"
        ]


async def test_looking_again_shows_it_in_the_same_message(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await asked(stage)
        shown = stage.last.native
        await stage.opens(rights=())
        await stage.presses("班主任", "再查一次", room=None)
        assert isinstance(stage.last.action, Edit)
        assert stage.last.action.message == shown
        assert stage.last.text.splitlines()[0] == "晨读班：1 件事要看"
        assert "再查一次" in stage.last.buttons


@pytest.mark.parametrize("data", ["doctor:", "doctor:x", "doctor:" + "9" * 50, "doctor:{{ 7 }}"])
async def test_whatever_stands_behind_the_button_it_looks_again(tmp_path: Path, data: str) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.presses_data("班主任", data, room=None)
        assert "都好" in stage.last.text
        for argument in ("9" * 400, "'; DROP TABLE room;--", "<b>{{ x }}"):
            await stage.says("班主任", f"/doctor {argument}", room=None)
            assert "都好" in stage.last.text


async def test_rooms_that_cannot_be_heard_are_named_with_what_to_do(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, rights=("react",))
        head, deaf, *_ = await asked(stage)
        assert head == "晨读班：1 件事要看"
        assert deaf.startswith("❗ 「晨读班」里我听不见平常说的话")
        assert deaf.endswith("添加管理员，选我。")


async def test_a_right_that_is_nice_to_have_leaves_all_well(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, rights=("read", "react"))
        head, rights, *_ = await asked(stage)
        assert head == "晨读班：都好"
        assert rights == (
            "· 少几样权限，给不给都行：删消息（只给一个人看的话，看完我收走）在「晨读班」；"
            "邀请人（要请人进别的班，我来给链接）在「晨读班」。"
            "在这里给：群资料 › 管理员，点我，打开开关。"
        )


@pytest.mark.parametrize(
    ("rights", "reads_all", "heard", "says"),
    [
        (("react", "delete"), False, False, "隐私模式开着"),
        (ALL, False, False, "隐私模式开着"),
        ((*ALL, "watch"), False, True, ""),
        (ALL, True, True, ""),
        (("react", "delete"), True, False, "隐私模式已经关了"),
    ],
)
async def test_privacy_mode_hides_plain_words_where_the_bot_is_no_admin(
    tmp_path: Path, rights: tuple[str, ...], reads_all: bool, heard: bool, says: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage, rights=rights)
        stage.platform.side = Condition(reads_all=reads_all)
        await stage.engine.ask(stage.platform)
        said = "\n".join(await asked(stage))
        assert ("听不见" not in said) == heard
        assert says in said


@pytest.mark.parametrize(
    ("side", "says"),
    [
        (Condition(skew=31_000), "服务器的钟快了 31 秒"),
        (Condition(skew=-400_000), "服务器的钟慢了 400 秒"),
        (Condition(skew=30_000), ""),
        (Condition(trouble="token"), "不认机器人的 token"),
        (Condition(trouble="taken"), "./run takeover"),
        (Condition(trouble="delivery"), "webhook"),
        (Condition(trouble="reach"), "暂时连不上"),
    ],
)
async def test_what_a_platform_says_of_its_side_holds_for_half_an_hour(
    tmp_path: Path, side: Condition, says: str
) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        stage.platform.side = side
        await stage.engine.ask(stage.platform)
        head, *_ = said = await asked(stage)
        assert says in "\n".join(said)
        assert head == ("晨读班：1 件事要看" if says else "晨读班：都好")
        await stage.until("2026-05-04 09:31")
        assert (await asked(stage))[0] == "晨读班：都好"


async def test_somebody_else_who_takes_the_news_is_remembered_for_an_hour(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        stage.platform.side = Condition(contested_at=stage.clock.now())
        await stage.engine.ask(stage.platform)
        stage.platform.side = Condition()
        await stage.looks("2026-05-04 09:30")
        assert "30 分钟前有另一个程序" in (await asked(stage))[1]
        await stage.until("2026-05-04 10:01")
        assert (await asked(stage))[0] == "晨读班：都好"


async def test_the_gravest_comes_first(tmp_path: Path) -> None:
    little = Disk(free=150_000_000, total=10**12, database=1, log=0)
    async with a_stage(tmp_path, disk=lambda: little) as stage:
        await a_class(stage, rights=("read",))
        now = stage.clock.now()
        stage.platform.side = Condition(skew=99_000)
        await stage.engine.ask(stage.platform)
        write = stage.engine.database.write
        await write(lambda tx: inbox.bury(tx, at=now, bot=BOT, key="job:recap:1:0", event="", trace=""))
        failed = [Outcome(1, "failed", outcome="blocked"), Outcome(2, "failed", outcome="?")]
        await write(lambda tx: finish(tx, failed, now))
        await write(lambda tx: jobs.schedule(tx, "nobody", 0, now - 1_000_000))
        said = [line for line in await asked(stage) if line and line[0] in "❗·"]
        assert [line[:6] for line in said] == [
            "❗ 磁盘只剩",
            "❗ 服务器的",
            "❗ 有 1 ",
            "❗ 有 1 ",
            "· 这一天有",
            "· 少几样权",
        ]
        assert said[-2].endswith("2 条没送到：别的原因 1 条，对方把我拉黑了 1 条。")


async def test_a_dead_letter_tells_its_kind_and_never_what_is_in_it(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        now = stage.clock.now()
        await stage.engine.database.write(
            lambda tx: inbox.bury(tx, at=now, bot=BOT, key="u7", event='{"text":"秘密"}', trace="秘密")
        )
        said = "\n".join(await asked(stage))
        assert "有 1 件事我没处理成（最近一件 刚刚，是收到的消息）" in said
        assert "秘密" not in said


async def test_a_chat_that_is_stuck_is_named(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        stage.platform.faults.append(RetryLater("pause", 3600))
        await stage.says("小林", "/help")
        await stage.until("2026-05-04 09:12")
        assert "「晨读班」有 1 条消息发不出去，等了 12 分钟" in (await asked(stage))[1]


async def test_a_staff_room_that_is_lost_is_said(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await a_class(stage)
        await stage.opens("管理小群")

        def mark(tx: Transaction) -> None:
            room = rooms.by_native(tx, BOT, "管理小群")
            assert room is not None
            communities.set_staff_room(tx, 1, room.id)

        await stage.engine.database.write(mark)
        stage.engine.pipeline.memory.clear()
        assert "管理群我进不去了" in "\n".join(await asked(stage))


async def test_without_a_disk_to_measure_it_says_the_rest(tmp_path: Path) -> None:
    def broken() -> Disk:
        raise FileNotFoundError

    async with a_stage(tmp_path, disk=broken) as stage:
        await a_class(stage)
        said = await asked(stage)
        assert said[0] == "晨读班：都好"
        assert not [line for line in said if "磁盘" in line]

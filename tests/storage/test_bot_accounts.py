"""The bots' own accounts: since when they stand so, whom they concern, and a code kept for minutes."""

from pathlib import Path

from storage import bot_accounts
from storage.bot_accounts import CODE_LIVES, BotAccount
from storage.db import Transaction
from tests.storage.rows import some_rows


def stands(tx: Transaction, bot: str = "wechat") -> BotAccount:
    account = bot_accounts.of_bot(tx, bot)
    assert account is not None
    return account


async def test_an_account_is_away_since_it_was_online_last(tmp_path: Path) -> None:
    def live(tx: Transaction) -> None:
        bot_accounts.keep(tx, "wechat", "waiting", 1_000, code="a")
        assert (stands(tx).since, stands(tx).left_at) == (1_000, 1_000)
        bot_accounts.keep(tx, "wechat", "online", 2_000)
        bot_accounts.keep(tx, "wechat", "online", 3_000)
        assert (stands(tx).since, stands(tx).left_at) == (2_000, 1_000)
        bot_accounts.keep(tx, "wechat", "offline", 9_000, why="frozen")
        bot_accounts.keep(tx, "wechat", "waiting", 10_000, code="b")
        assert (stands(tx).since, stands(tx).left_at, stands(tx).why) == (10_000, 9_000, "frozen")
        bot_accounts.keep(tx, "wechat", "online", 11_000)
        assert (stands(tx).is_online, stands(tx).why) == (True, "")

    async with some_rows(tmp_path) as rows:
        await rows.do(live)


async def test_a_code_is_there_for_ten_minutes_and_while_it_is_waited_for(tmp_path: Path) -> None:
    def live(tx: Transaction) -> None:
        assert bot_accounts.code(tx, "wechat", 0) is None
        bot_accounts.keep(tx, "wechat", "waiting", 1_000, code="a")
        assert bot_accounts.code(tx, "wechat", CODE_LIVES) == "a"
        assert bot_accounts.code(tx, "wechat", CODE_LIVES + 1_000) is None
        bot_accounts.forget_codes(tx, CODE_LIVES)
        assert bot_accounts.code(tx, "wechat", 2_000) == "a"
        bot_accounts.forget_codes(tx, CODE_LIVES + 1_000)
        assert bot_accounts.code(tx, "wechat", 2_000) is None
        bot_accounts.keep(tx, "wechat", "waiting", 3_000, code="b")
        bot_accounts.keep(tx, "wechat", "offline", 4_000, code="c")
        assert bot_accounts.code(tx, "wechat", 4_000) is None
        assert tx.value("SELECT code || code_at FROM bot_account", {}) == "0"

    async with some_rows(tmp_path) as rows:
        await rows.do(live)


async def test_an_account_concerns_the_communities_whose_rooms_it_is_or_was_in(tmp_path: Path) -> None:
    def live(tx: Transaction) -> None:
        bot_accounts.keep(tx, "stage:1", "online", 0)
        bot_accounts.keep(tx, "wechat", "waiting", 0)

        def concern(community: int) -> list[str]:
            return [one.bot for one in bot_accounts.of_community(tx, community)]

        assert concern(1) == ["stage:1", "wechat"], "there is no other community"
        assert bot_accounts.of_nobody(tx) == []
        tx.run("INSERT INTO community (name, language, created_at) SELECT name, language, 0 FROM community")
        tx.run("UPDATE room SET standing = 'left'")
        tx.run(
            "INSERT INTO room (community, bot, native, kind, title, tier, standing, rights, created_at)"
            " SELECT 2, 'room:local', 'r1', kind, title, tier, 'active', rights, 0 FROM room"
        )
        assert concern(1) == ["stage:1", "wechat"], "a local room is for trying things out"
        assert concern(2) == []
        tx.run("DELETE FROM room WHERE native = 'r1'")
        tx.run(
            "INSERT INTO room (community, bot, native, kind, title, tier, standing, rights, created_at)"
            " SELECT 2, bot, 'other', kind, title, tier, 'active', rights, 0 FROM room"
        )
        assert concern(1) == concern(2) == ["stage:1"]
        assert [one.bot for one in bot_accounts.of_nobody(tx)] == ["wechat"]
        assert [one.bot for one in bot_accounts.all_of_them(tx)] == ["stage:1", "wechat"]

    async with some_rows(tmp_path) as rows:
        await rows.do(live)

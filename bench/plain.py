"""What Banzhang is measured against: a plain python-telegram-bot and aiosqlite bot, as most are written.

It does less: it counts each member's messages of a day, keeps each message, notes check-ins; one commit per
message, `synchronous=FULL`. It answers nothing.
"""

from pathlib import Path
from typing import Any, Self

import aiosqlite
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, MessageHandler, filters
from telegram.request import BaseRequest

from bench.load import BOT

SCHEMA = """
CREATE TABLE count (chat INTEGER, member INTEGER, day TEXT, messages INTEGER,
    PRIMARY KEY (chat, member, day));
CREATE TABLE message (chat INTEGER, id INTEGER, member INTEGER, at INTEGER, PRIMARY KEY (chat, id));
CREATE TABLE checkin (chat INTEGER, member INTEGER, day TEXT, text TEXT, PRIMARY KEY (chat, member, day));
"""


class NoNetwork(BaseRequest):
    """Answers every call with who the bot is."""

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:  # noqa: ANN401 - the base's
        return 200, b'{"ok":true,"result":%s}' % str(BOT).replace("'", '"').replace("True", "true").encode()


class PlainBot:
    """One database connection, one handler."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            ApplicationBuilder()
            .token("99:plain")
            .request(NoNetwork())
            .get_updates_request(NoNetwork())
            .updater(None)
            .build()
        )
        self.application.add_handler(MessageHandler(filters.TEXT, self.heard))

    async def __aenter__(self) -> Self:
        self.database = await aiosqlite.connect(self.path)
        await self.database.executescript(SCHEMA)
        await self.database.execute("PRAGMA journal_mode = WAL")
        await self.database.execute("PRAGMA synchronous = FULL")
        await self.application.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.application.shutdown()
        await self.database.close()

    async def take(self, body: bytes) -> None:
        """Handle an answer to getUpdates, one update after the other."""
        for one in NoNetwork.parse_json_payload(body)["result"]:
            update = Update.de_json(one, self.application.bot)
            await self.application.process_update(update)

    async def heard(self, update: Update, _context: object) -> None:
        message = update.effective_message
        assert message is not None
        assert message.from_user is not None
        row = (message.chat_id, message.from_user.id, message.date.date().isoformat())
        await self.database.execute(
            "INSERT INTO count VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET messages = messages + 1", row
        )
        await self.database.execute(
            "INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?)",
            (message.chat_id, message.id, message.from_user.id, int(message.date.timestamp())),
        )
        if (message.text or "").startswith("打卡"):
            await self.database.execute(
                "INSERT OR IGNORE INTO checkin VALUES (?, ?, ?, ?)", (*row, message.text)
            )
        await self.database.commit()

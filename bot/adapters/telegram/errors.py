"""What follows from Telegram's errors."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.core.errors import RetryLater, Undeliverable
from bot.core.platforms import Moved

FORBIDDEN = (
    ("blocked by the user", "blocked"),
    ("user is deactivated", "blocked"),
    ("can't initiate conversation", "blocked"),
    ("can't send messages to bots", "blocked"),
    ("kicked", "kicked"),
    ("not a member", "kicked"),
    ("group chat was deleted", "kicked"),
)
BAD_REQUEST = (
    ("chat not found", "not_found"),
    ("group chat was deactivated", "kicked"),
    ("reaction_invalid", "reaction_invalid"),
    ("query is too old", "too_old"),
    ("not enough rights", "forbidden"),
    ("have no rights", "forbidden"),
    ("chat_write_forbidden", "forbidden"),
    ("topic_closed", "forbidden"),
    ("can't be deleted", "forbidden"),
    ("file is too big", "too_large"),
)
"""Parts of Telegram's error texts, in small letters, with the reason that is kept with the action."""

REVOKED_WAIT = 60.0


def what_follows(error: TelegramError) -> RetryLater | Undeliverable | Moved:
    """What the outbox does about an error: try again, give up, or go where the chat has moved."""
    if isinstance(error, RetryAfter):
        return RetryLater("Telegram asks for a pause", pause_of(error))
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Undeliverable(_reason(error, FORBIDDEN, "forbidden"), error.message)
    if isinstance(error, BadRequest):
        return Undeliverable(_reason(error, BAD_REQUEST, "bad_request"), error.message)
    if isinstance(error, InvalidToken):
        return RetryLater("Telegram refuses the token", REVOKED_WAIT)
    return RetryLater(f"{type(error).__name__}: {error.message}")


def pause_of(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def says(error: TelegramError, *parts: str) -> bool:
    """Whether an error's text holds one of these parts (in small letters)."""
    text = error.message.lower()
    return any(part in text for part in parts)


def _reason(error: TelegramError, table: tuple[tuple[str, str], ...], otherwise: str) -> str:
    return next((reason for part, reason in table if says(error, part)), otherwise)

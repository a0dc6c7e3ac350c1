"""What follows from the errors of a gateway, which come as words of whoever wrote the part that refuses."""

from __future__ import annotations

import re
from typing import Final

from grpclib import GRPCError, Status
from grpclib.exceptions import ProtocolError, StreamTerminatedError

from bot.core.errors import Away, RetryLater, Undeliverable

Table = tuple[tuple[re.Pattern[str], str], ...]

OFFLINE: Final = re.compile(r"not log(ged)? ?in|no login|logged out|log in first|offline|未登录|已退出|下线")
"""The account itself is away: whatever is to be sent waits for it."""

PASSING: Final = re.compile(
    r"time(d )?-?out|try again|busy|network|socket|econn|frequent|rate limit|too many|频繁|稍后|超时"
)
NO_FRIEND: Final = re.compile(
    r"not (a|your|my)? ?friend|not in contact|deleted you|deleted by|blacklist"
    r"|不是好友|非好友|拒收|删除了你|朋友验证"
)
OUT_OF_ROOM: Final = re.compile(
    r"not in (the |this )?room|not a member|removed from the (room|group)|不在群|移出群|解散"
)
NO_ROOM: Final = re.compile(r"room not found|no such room|room does ?n[o']t exist|群聊?不存在")
ALREADY: Final = re.compile(r"already|已是好友|已经是|已添加|已在群|已经在")
EXPIRED: Final = re.compile(r"expired|过期|失效")
"""What the errors that gateways pass on say, in small letters."""

AWAY_WAIT: Final = 20.0
PASSING_WAIT: Final = 120.0
SECOND_TRY: Final = 10.0
UNKNOWN_WAIT: Final = 45.0
"""Seconds; the last is for a slow call to end after all, and its echo to come."""

NO_REASON: Final = "bad_request"
"""Why a message is undeliverable whose refusal says nothing that is known here."""


def what_follows(error: BaseException, line: str, *, is_room: bool) -> RetryLater | Undeliverable:
    """What the outbox does about a message that did not go out; `line` is the error in one line."""
    later = passing(error, line)
    if later is not None:
        return later
    assert isinstance(error, GRPCError)
    if is_room:
        table: Table = ((OUT_OF_ROOM, "kicked"), (NO_ROOM, "not_found"))
    else:
        table = ((NO_FRIEND, "blocked"),)
    reason = next((reason for wording, reason in table if says(error, wording)), NO_REASON)
    return Undeliverable(reason, line)


def passing(error: BaseException, line: str) -> RetryLater | None:
    """What to wait for, if this error passes: the gateway or the account is away, or slow; else None."""
    if is_unknown(error):
        return RetryLater(line, UNKNOWN_WAIT)
    if not isinstance(error, GRPCError) or error.status in {Status.UNAVAILABLE, Status.UNAUTHENTICATED}:
        return Away(line, AWAY_WAIT)
    if says(error, OFFLINE):
        return Away(line, AWAY_WAIT)
    return RetryLater(line, PASSING_WAIT) if says(error, PASSING) else None


def is_unknown(error: BaseException) -> bool:
    """Whether the call may have been carried out all the same."""
    if isinstance(error, GRPCError):
        return error.status in {Status.DEADLINE_EXCEEDED, Status.CANCELLED}
    return isinstance(error, TimeoutError | StreamTerminatedError | ProtocolError)


def says(error: BaseException, wording: re.Pattern[str]) -> bool:
    """Whether the first line of a refusal has such words."""
    text = (error.message or "") if isinstance(error, GRPCError) else ""
    first = next(iter(text.strip().splitlines()), "")
    return wording.search(first.lower()) is not None

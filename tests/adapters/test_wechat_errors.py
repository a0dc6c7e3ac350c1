"""What follows from what gateways say, in whose words ever."""

import pytest
from grpclib import GRPCError, Status
from grpclib.exceptions import ProtocolError, StreamTerminatedError

from bot.adapters.wechat.errors import UNKNOWN_WAIT, is_unknown, passing, what_follows
from bot.core.errors import Away, RetryLater, Undeliverable


def refusal(message: str | None, status: Status = Status.UNKNOWN) -> GRPCError:
    return GRPCError(status, message)


@pytest.mark.parametrize(
    ("message", "is_room", "reason"),
    [
        ("Error: You are not a friend of wxid_1", False, "blocked"),
        ("对方已将你加入 Blacklist", False, "blocked"),
        ("消息已发出，但被对方拒收了", False, "blocked"),
        ("Error: you are not in the room", True, "kicked"),
        ("该群已解散", True, "kicked"),
        ("Error: room not found", True, "not_found"),
        ("Error: not friend", True, "bad_request"),
        ("Error: room not found", False, "bad_request"),
        ("Error: boom\n    at a.js: not in the room", True, "bad_request"),
        (None, True, "bad_request"),
    ],
)
def test_a_refusal_of_a_message(message: str | None, is_room: bool, reason: str) -> None:
    follows = what_follows(refusal(message), "line", is_room=is_room)
    assert isinstance(follows, Undeliverable)
    assert follows.reason == reason


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "refused"),
        refusal("no connection", Status.UNAVAILABLE),
        refusal("Invalid TOKEN", Status.UNAUTHENTICATED),
        refusal("Error: not logged in"),
        refusal("Error: puppet is logged out"),
        refusal("账号未登录"),
    ],
)
def test_while_gateway_or_account_are_away_nothing_is_tried(error: Exception) -> None:
    assert isinstance(passing(error, "line"), Away)
    assert not is_unknown(error)


@pytest.mark.parametrize(
    "message", ["Error: timeout", "Error: timed out", "ECONNRESET", "操作太频繁", "Too many calls"]
)
def test_what_passes_is_waited_for(message: str) -> None:
    follows = what_follows(refusal(message), "line", is_room=True)
    assert type(follows) is RetryLater
    assert follows.seconds > UNKNOWN_WAIT


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        StreamTerminatedError("Connection lost"),
        ProtocolError("end"),
        refusal("late", Status.DEADLINE_EXCEEDED),
    ],
)
def test_of_what_broke_off_nothing_is_known(error: Exception) -> None:
    follows = passing(error, "line")
    assert type(follows) is RetryLater
    assert follows.seconds == UNKNOWN_WAIT
    assert is_unknown(error)

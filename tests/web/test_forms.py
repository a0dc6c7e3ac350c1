"""What the page sends: read, or refused with a code that it has words for."""

from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from web import forms
from web.acts import LONGEST_TEXT, Withdraw
from web.forms import Refused, Said

WHO = {"chat": "r1", "member": "2"}


def a_request(body: bytes, kind: str = "application/x-www-form-urlencoded") -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "headers": [(b"content-type", kind.encode())]}, receive)


async def said(**fields: str) -> Said:
    return await forms.said(a_request(urlencode(WHO | fields).encode()))


async def test_a_text_in_answer_to_another() -> None:
    assert await said(text=" 早 ", reply_to="7", album="ab-1") == Said("r1", 2, "早", 7, "ab-1", None, None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " "}, "empty"),
        ({"text": "早" * (LONGEST_TEXT + 1)}, "too_long"),
        ({"text": "早", "member": "2.0"}, "unfit"),
        ({"text": "早", "reply_to": "-1"}, "unfit"),
        ({"text": "早", "album": "../x"}, "unfit"),
    ],
)
async def test_what_cannot_be_said(fields: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        await said(**fields)
    assert refused.value.code == code


async def test_an_act_is_just_what_its_struct_says() -> None:
    assert await forms.act(a_request(b'{"member": 2, "message": 7}'), Withdraw) == Withdraw(2, 7)
    with pytest.raises(Refused):
        await forms.act(a_request(b'{"member": 2, "message": 7, "more": 1}'), Withdraw)

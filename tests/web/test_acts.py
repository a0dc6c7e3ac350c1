"""The forms that acts come in: what is refused before anything is done."""

from __future__ import annotations

import msgspec
import pytest

from web.acts import ACTS, LONGEST_TEXT


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("press", {"member": 1, "message": 1, "data": "x" * 65}),
        ("press", {"member": 0, "message": 1, "data": "x"}),
        ("press", {"member": 1, "message": 2**53, "data": "x"}),
        ("edit", {"member": 1, "message": 1, "text": ""}),
        ("edit", {"member": 1, "message": 1, "text": "x" * (LONGEST_TEXT + 1)}),
        ("join", {"member": 1, "room": -1}),
        ("join", {"member": 1, "room": "1"}),
        ("add_member", {"name": "", "room": 1}),
        ("add_member", {"name": "x" * 33, "room": 1}),
        ("add_room", {"title": "好", "tier": 0, "member": 1}),
        ("withdraw", {"member": 1, "message": 1, "as": "admin"}),
        ("shown", {}),
    ],
)
def test_a_form_out_of_bounds_is_none(act: str, form: dict[str, object]) -> None:
    kind, _ = ACTS[act]
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(form), type=kind)


def test_every_act_reads_what_the_page_sends() -> None:
    sent = {
        "press": {"member": 1, "message": 1, "data": "checkin"},
        "react": {"member": 1, "message": 1, "emoji": "👍"},
        "edit": {"member": 1, "message": 1, "text": "打卡"},
        "withdraw": {"member": 1, "message": 1},
        "join": {"member": 1, "room": 2},
        "leave": {"member": 1, "room": 2},
        "add_member": {"name": "小雨", "room": 1},
        "add_room": {"title": "夜读班", "tier": 3, "member": 1},
        "shown": {"press": 4},
    }
    assert sent.keys() == ACTS.keys()
    for act, form in sent.items():
        decoded = msgspec.json.decode(msgspec.json.encode(form), type=ACTS[act][0])
        assert msgspec.to_builtins(decoded) == form

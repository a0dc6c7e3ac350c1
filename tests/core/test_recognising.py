"""When a list shows people under other ids: most are gone, and as many are there as can be most of them."""

import pytest

from bot.core.recognising import Compared
from storage.roster import Member
from tests.core.test_roster import seat

CLASS = ("小林", "阿哲", "小美", "老王")


def compared(*listed: str) -> Compared:
    """The class by a list of these native ids."""
    known = {name: Member(number, number, name, name) for number, name in enumerate(CLASS, 1)}
    return Compared(known, {name: seat(name) for name in listed})


def test_who_is_gone_and_who_is_new() -> None:
    now = compared("小林", "@阿哲")
    assert [member.name for member in now.gone.values()] == ["阿哲", "小美", "老王"]
    assert list(now.new) == ["@阿哲"]


@pytest.mark.parametrize(
    ("listed", "shows"),
    [
        (("@小林", "@阿哲", "@小美", "@老王"), True),
        (("小林", "@阿哲", "@小美", "@老王"), True),
        (("小林", "阿哲", "@小美", "@老王"), False),
        (("小林", "阿哲", "小美", "老王", "@新来的"), False),
        (("@小林",), False),
        ((), False),
    ],
)
def test_other_ids_are_those_of_most(listed: tuple[str, ...], shows: bool) -> None:
    assert compared(*listed).shows_other_ids is shows

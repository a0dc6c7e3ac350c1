"""Rights and the roles that carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.roles import (
    RIGHTS,
    ROLES,
    UnknownRight,
    is_role_name,
    may_hand_out,
    rights_called,
    rights_of,
    role_called,
)

some_roles = st.sets(st.sampled_from([*ROLES, "助教", "nobody"]))
own_roles = st.dictionaries(
    st.sampled_from(["助教", "leader"]), st.frozensets(st.sampled_from(RIGHTS)), max_size=2
)


def test_each_role_has_its_rights() -> None:
    assert rights_of(["duty"], {}) == {"mend"}
    assert rights_of(["leader"], {}) == {"mend", "overview"}
    assert rights_of(["study"], {}) == {"mend", "overview", "tasks"}
    assert rights_of(["admin"], {}) == rights_of(["owner"], {}) == set(RIGHTS)
    assert rights_of(["nobody"], {}) == rights_of([], {}) == set()


def test_a_communitys_own_role_comes_before_the_built_in_one() -> None:
    assert rights_of(["leader"], {"leader": frozenset({"mend", "tasks"})}) == {"mend", "tasks"}
    assert rights_of(["助教"], {"助教": frozenset({"mend"})}) == {"mend"}


def test_only_owners_make_admins() -> None:
    assert may_hand_out(["owner"], "admin", {})
    assert may_hand_out(["owner"], "owner", {})
    assert not may_hand_out(["admin"], "admin", {})
    assert may_hand_out(["admin"], "leader", {})
    assert not may_hand_out(["study"], "duty", {})


@given(some_roles, some_roles, own_roles)
def test_more_roles_never_mean_fewer_rights(
    roles: set[str], more: set[str], own: dict[str, frozenset[str]]
) -> None:
    assert rights_of(roles, own) <= rights_of(roles | more, own)  # type: ignore[arg-type]


@given(some_roles, st.sampled_from([*ROLES, "助教"]), own_roles)
def test_nobody_gives_more_than_they_have(giver: set[str], role: str, own: dict[str, frozenset[str]]) -> None:
    if may_hand_out(giver, role, own) and "owner" not in giver:  # type: ignore[arg-type]
        assert rights_of([role], own) <= rights_of(giver, own)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("学习委员", "study"),
        ("學委", "study"),
        (" Leader ", "leader"),
        ("助教", "助教"),
        ("helper", "Helper"),
    ],
)
def test_a_role_is_called_by_its_names_in_every_script(said: str, role: str) -> None:
    assert role_called(said, ["助教", "Helper"]) == role


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=3))
def test_whatever_is_said_names_a_known_role_or_none(said: str, own: list[str]) -> None:
    assert role_called(said, own) in {None, *ROLES, *own}
    if is_role_name(said):
        assert len(said.encode()) <= 24
        assert not {" ", ":", "@", "~"} & set(said)


@pytest.mark.parametrize("sign", ["\u115f", "\u1160", "\u3164", "\uffa0", "\u200b", "\u202e"])
def test_no_role_is_called_by_signs_that_cannot_be_seen(sign: str) -> None:
    assert not is_role_name(sign)
    assert not is_role_name(f"{sign}owner")
    assert is_role_name("助教")


def test_rights_are_called_by_their_names_in_every_script() -> None:
    assert rights_called("记录 任务") == rights_called("紀錄、任務") == rights_called("mend, tasks")
    assert rights_called("名单，设置 和 职务") == {"overview", "settings", "roles"}
    with pytest.raises(UnknownRight, match="吃饭"):
        rights_called("记录 吃饭")
    with pytest.raises(UnknownRight):
        rights_called("")

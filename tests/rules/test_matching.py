"""Who is who after all ids changed: never guessed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from rules.matching import alike, borne_once, group, people, rooms

NAMES = st.text(alphabet="林哲美王豆ab", min_size=1, max_size=3)
OLD = st.dictionaries(st.integers(0, 30), NAMES, max_size=8)
NEW = st.dictionaries(st.integers(100, 130), NAMES, max_size=8)


def test_a_name_borne_once_before_and_once_after_is_sure() -> None:
    found = people({1: "小林", 2: "阿哲"}, {"x": "阿哲", "y": " 小 林"})
    assert found.sure == {1: "y", 2: "x"}
    assert found.unsure == ()


def test_a_name_that_several_bear_is_asked_about() -> None:
    found = people({1: "小林", 2: "小林", 3: "阿哲"}, {"x": "小林", "y": "小林", "z": "阿哲"})
    assert found.sure == {3: "z"}
    assert set(found.unsure) == {(1, "x"), (1, "y"), (2, "x"), (2, "y")}


def test_a_name_that_somebody_still_bears_is_never_sure() -> None:
    assert people({1: "小林"}, {"x": "小林"}, staying=["小林"]).sure == {}
    assert people({}, {"x": "小林"}, staying=["小林"]).unsure == ()


def test_a_changed_name_is_asked_about() -> None:
    found = people({1: "小林", 2: "阿哲", 3: "老王"}, {"x": "小林（备考）", "y": "豆豆", "z": "一一"})
    assert found.sure == {}
    assert found.unsure == ((1, "x"),)
    assert people({1: "小林"}, {"x": "豆豆"}).unsure == ((1, "x"),), "the only one gone, the only one new"


def test_only_a_name_that_one_alone_bears_is_theirs() -> None:
    assert borne_once({"x": " 小 林", "y": "阿哲", "z": "阿 哲", "w": ""}) == {"x": "小林"}


def test_where_everybody_has_another_name_nobody_is_asked_about() -> None:
    gone, new = {one: f"同学{one}" for one in range(60)}, {f"@{one}": f"同學{one}" for one in range(60)}
    assert people(gone, new).unsure == ()
    assert people({1: gone[1], 2: gone[2]}, {"a": new["@1"], "b": "妈"}).unsure == ((1, "a"),)


def test_no_name_is_no_sign() -> None:
    assert people({1: "", 2: "阿哲"}, {"x": "", "y": "阿哲"}).sure == {2: "y"}


@given(OLD, NEW, st.lists(NAMES, max_size=3), st.randoms(use_true_random=False))
def test_what_is_sure_is_one_to_one_and_of_one_name(
    gone: dict[int, str], new: dict[int, str], staying: list[str], chance: random.Random
) -> None:
    found = people(gone, new, staying)
    assert len(set(found.sure.values())) == len(found.sure)
    for old, other in found.sure.items():
        assert gone[old] == new[other]
        assert list(gone.values()).count(gone[old]) == list(new.values()).count(gone[old]) == 1
        assert gone[old] not in staying
    asked_old, asked_new = {old for old, _ in found.unsure}, {new for _, new in found.unsure}
    assert not asked_old & found.sure.keys()
    assert not asked_new & set(found.sure.values())
    shuffled = list(gone.items()), list(new.items())
    for one in shuffled:
        chance.shuffle(one)
    again = people(dict(shuffled[0]), dict(shuffled[1]), staying)
    assert again.sure == found.sure
    assert set(again.unsure) == set(found.unsure)


@given(st.sets(NAMES, min_size=1, max_size=8))
def test_other_ids_for_all_are_all_found(names: set[str]) -> None:
    gone, new = dict(enumerate(names)), {f"@{name}": name for name in names}
    assert people(gone, new).sure == {one: f"@{name}" for one, name in gone.items()}


@given(NAMES, NAMES)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert alike(one, one)
    if one in other or other in one:
        assert alike(one, other)
        assert alike(other, one)


CLASS = ["小林", "阿哲", "小美", "老王"]


def test_the_same_title_and_most_names_is_the_same_room() -> None:
    known = {1: group("晨读班", CLASS), 2: group("晚读班", CLASS)}
    present = {
        "a": group("晚读班", [*CLASS, "豆豆"]),
        "b": group("晨读班 ", CLASS[:3]),
        "c": group("家", ["妈"]),
    }
    found = rooms(known, present)
    assert found.sure == {1: "b", 2: "a"}
    assert found.unsure == ()


def test_two_that_fit_are_asked_about() -> None:
    twins = {"a": group("晨读班", CLASS), "b": group("晨读班", CLASS)}
    found = rooms({1: group("晨读班", CLASS)}, twins)
    assert found.sure == {}
    assert set(found.unsure) == {(1, "a"), (1, "b")}
    found = rooms({1: twins["a"], 2: twins["b"]}, {"a": twins["a"]})
    assert found.sure == {}
    assert set(found.unsure) == {(1, "a"), (2, "a")}


def test_a_changed_title_or_other_people_are_asked_about() -> None:
    known = {1: group("晨读班", CLASS)}
    assert rooms(known, {"a": group("早读营", CLASS)}).unsure == ((1, "a"),)
    assert rooms(known, {"a": group("晨读班", ["甲", "乙"])}).unsure == ((1, "a"),)
    assert rooms(known, {"a": group("家", ["甲", "乙"])}).unsure == ()


def test_a_room_without_title_or_names_is_never_sure() -> None:
    assert rooms({1: group("", CLASS)}, {"a": group("", CLASS)}).sure == {}
    assert rooms({1: group("晨读班", [])}, {"a": group("晨读班", CLASS)}).sure == {}


@given(
    st.dictionaries(st.integers(0, 5), st.tuples(NAMES, st.sets(NAMES, max_size=4)), max_size=4),
    st.dictionaries(st.integers(10, 15), st.tuples(NAMES, st.sets(NAMES, max_size=4)), max_size=4),
)
def test_no_room_is_two(
    known: dict[int, tuple[str, set[str]]], present: dict[int, tuple[str, set[str]]]
) -> None:
    found = rooms(
        {key: group(*one) for key, one in known.items()}, {key: group(*one) for key, one in present.items()}
    )
    assert len(set(found.sure.values())) == len(found.sure)
    assert not {old for old, _ in found.unsure} & found.sure.keys()
    assert not {new for _, new in found.unsure} & set(found.sure.values())

"""Several accounts of one person: who belongs together, and what goes with whom when they part."""

from pathlib import Path

import pytest

from storage import checkins, links, manners, people, roles, terms
from storage.db import Transaction
from tests.storage.rows import checkin, some_rows

BY = 1_000


def add(tx: Transaction, name: str) -> int:
    found = people.add(tx, platform="other", native=name, name=name, username=None, is_bot=False, now=0)
    return found.id


def persons(tx: Transaction) -> list[int]:
    return [row["person"] for row in tx.all("SELECT person FROM account ORDER BY id")]


def held(tx: Transaction, person: int) -> set[str]:
    return {one.role for one in roles.holders(tx, 1) if one.person == person}


async def test_accounts_are_joined_and_parted(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        assert links.together(tx) == {}
        assert links.part(tx, 1, 5) is None
        links.join(tx, 1, 2, 10)
        assert persons(tx) == [1, 1]
        assert links.together(tx) == {1: (1, 2), 2: (1, 2)}
        assert links.among(tx, [1, 2, 3]) == {1}
        assert people.names(tx, [1, 2]) == {1: "小林", 2: "阿哲"}
        assert (people.by_now(tx, 2), people.by_now(tx, 7)) == (1, 7)
        assert links.parted_at(tx, 1) is None
        assert links.part(tx, 1, 20) == (1, 2)
        assert persons(tx) == [1, 2]
        assert links.together(tx) == {}
        assert (links.parted_at(tx, 1), links.parted_at(tx, 2)) == (20, 20)

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_of_three_the_one_that_asks_goes(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        third = add(tx, "小林")
        links.join(tx, 1, 2, 10)
        links.join(tx, 1, third, 11)
        assert persons(tx) == [1, 1, 1]
        assert links.part(tx, 2, 20) == (1, 2)
        assert persons(tx) == [1, 2, 1]
        links.join(tx, 1, 2, 30)
        assert links.part(tx, 1, 40) == (1, 2)
        assert persons(tx) == [1, 2, 2], "the oldest keeps its person: the others go together"
        assert links.together(tx) == {2: (2, third), third: (2, third)}
        assert links.part(tx, third, 50) == (2, third)
        assert persons(tx) == [1, 2, third]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_groups_are_joined_whole(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        third, fourth = add(tx, "小雨"), add(tx, "大力")
        links.join(tx, 1, 2, 10)
        links.join(tx, third, fourth, 10)
        links.join(tx, 1, third, 11)
        assert persons(tx) == [1, 1, 1, 1]
        assert links.part(tx, fourth, 12) == (1, fourth)
        assert persons(tx) == [1, 1, 1, fourth]

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_roles_go_with_the_account_that_brought_them(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        people.give_role(tx, 1, 1, "leader", BY, None)
        people.give_role(tx, 1, 2, "leader", BY, 1)
        people.give_role(tx, 1, 2, "study", BY, 1)
        people.give_role(tx, 1, 2, "duty", BY, 1)
        links.join(tx, 1, 2, 10)
        assert held(tx, 1) == {"leader", "study", "duty"}
        assert held(tx, 2) == set()
        people.take_role(tx, 1, 1, "duty")
        people.give_role(tx, 1, 1, "owner", BY, None)
        links.part(tx, 2, 20)
        assert held(tx, 1) == {"leader", "owner"}, "what was given to both stays where it is"
        assert held(tx, 2) == {"leader", "study"}, "what was taken meanwhile does not come back"

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_wishes_and_nudges_are_shared(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        people.set_hidden(tx, 2, hidden=True)
        people.set_language(tx, 2, "en")
        manners.note_nudge(tx, 1, 5, "reminders")
        manners.note_nudge(tx, 2, 6, "reminders")
        links.join(tx, 1, 2, 10)
        assert people.is_hidden(tx, 1)
        assert people.language(tx, 1) == "en"
        assert manners.nudged(tx, 1, 0) == [5, 6]
        links.part(tx, 2, 20)
        assert manners.nudged(tx, 2, 0) == [5, 6], "parting brings no new budget"

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


@pytest.mark.parametrize("hidden", [True, False])
async def test_who_hides_or_comes_back_while_joined_stays_so_with_all_accounts(
    tmp_path: Path, hidden: bool
) -> None:
    def play(tx: Transaction) -> None:
        people.set_hidden(tx, 2, hidden=not hidden)
        people.set_language(tx, 2, "zh-Hans")
        links.join(tx, 1, 2, 10)
        people.set_hidden(tx, 1, hidden=hidden)
        people.set_language(tx, 1, "en")
        links.part(tx, 2, 20)
        assert [people.is_hidden(tx, person) for person in (1, 2)] == [hidden, hidden]
        assert people.language(tx, 2) == "en"

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_only_communities_with_something_of_them_are_concerned(tmp_path: Path) -> None:
    def play(tx: Transaction) -> None:
        assert links.concerned(tx, 1, 2) == []
        checkins.keep(tx, checkin("2026-05-04", account=2))
        assert links.concerned(tx, 1, 2) == [1]
        assert links.concerned(tx, 1, 1) == []

    async with some_rows(tmp_path) as rows:
        await rows.do(play)


async def test_who_is_one_person_already_loses_nothing(tmp_path: Path) -> None:
    def play(tx: Transaction) -> set[str]:
        people.give_role(tx, 1, 1, "leader", BY, None)
        links.join(tx, 1, 1, 10)
        assert links.together(tx) == {}
        return held(tx, 1)

    async with some_rows(tmp_path) as rows:
        assert await rows.do(play) == {"leader"}


async def test_what_reads_by_person_uses_an_index(tmp_path: Path) -> None:
    values = {"community": 1, "persons": "[1, 2]", "account": 1, "room": 1}
    looks = {
        people.NAMES: "account_person (person=?)",
        people.NAMES_BEFORE: "link_was (was=?)",
        people.LAST_SEEN: "membership USING PRIMARY KEY (room=? AND account=?)",
        terms.RESULTS_OF: "term_result USING PRIMARY KEY (term=? AND person=?)",
    }
    async with some_rows(tmp_path) as rows:
        for query, index in looks.items():
            plan = await rows.do(lambda tx, query=query: tx.plan(query, values))  # type: ignore[misc]
            assert index in plan, plan


async def test_each_look_uses_an_index(tmp_path: Path) -> None:
    values = {"persons": "[1]", "person": 1, "one": 1, "other": 2}
    async with some_rows(tmp_path) as rows:
        among = await rows.do(lambda tx: tx.plan(links.AMONG, values))
        assert "link_person" in among
        of_person = await rows.do(lambda tx: tx.plan(links.OF_PERSON, values))
        assert "link_person (person=?)" in of_person
        parted = await rows.do(lambda tx: tx.plan(links.PARTED, values))
        assert "link_account (account=?" in parted
        concerned = await rows.do(lambda tx: tx.plan(links.CONCERNED, values))
        assert [line for line in concerned.splitlines() if line.startswith("SCAN")] == ["SCAN community"]
        assert (
            "SEARCH activity USING COVERING INDEX activity_account (community=? AND account=?)" in concerned
        )

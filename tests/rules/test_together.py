from hypothesis import given
from hypothesis import strategies as st

from rules.days import Day
from rules.score import Counts, day_points
from rules.together import Done, Pair, Worth, by_usual_rules, worth

DAY = Day("2026-05-04")
counts = st.tuples(*(st.integers(0, 12) for _ in Counts.__struct_fields__))


def done(account: int, **signals: int) -> Done:
    made = Counts(**signals)
    points = day_points(made)
    return Done(account, tuple(getattr(made, name) for name in Counts.__struct_fields__), points, points)


def together(*rows: Done, twice: int = 0, pairs: tuple[Pair, ...] = ()) -> Worth:
    return worth({(DAY, 1): rows}, {DAY: twice}, pairs)[DAY, 1]


def test_what_one_account_did_alone_is_shared_with_nobody() -> None:
    assert worth({(DAY, 1): [done(1, message=3)]}, {}, ()) == {}


def test_two_accounts_get_what_one_would_get() -> None:
    both = together(done(1, message=3, checkin=1), done(2, message=2))
    assert both.points == day_points(Counts(message=5, checkin=1))


def test_a_check_in_that_is_there_twice_counts_once() -> None:
    assert together(done(1, checkin=1), done(2, checkin=1), twice=1).points == day_points(Counts(checkin=1))
    assert together(done(1, checkin=2), done(2, checkin=1), twice=1).points == day_points(Counts(checkin=2))


def test_check_ins_of_days_without_scores_take_none_away() -> None:
    assert together(done(1, checkin=1), done(2, message=1), twice=2).counts[5] == 1


def test_what_one_gives_to_oneself_does_not_count() -> None:
    first, second = done(1, reply_given=3, reaction_got=1), done(2, reply_got=2, reaction_given=1)
    pairs = (Pair(DAY, 1, 2, 2, 0), Pair(DAY, 2, 1, 0, 5))
    assert together(first, second, pairs=pairs).points == day_points(Counts(reply_given=1))


def test_pairs_of_another_day_or_of_strangers_take_nothing_off() -> None:
    rows = done(1, reply_given=1), done(2, reply_got=1)
    strange = (Pair(Day("2026-05-05"), 1, 2, 1, 0), Pair(DAY, 1, 9, 1, 0))
    assert together(*rows, pairs=strange).points == together(*rows).points


def test_a_day_of_other_rules_keeps_its_share() -> None:
    first, second = done(1, checkin=1), done(2, checkin=1)
    halved = [row._replace(points=row.points / 2) for row in (first, second)]
    found = worth({(DAY, 1): halved}, {DAY: 1}, ())[DAY, 1]
    assert abs(found.points - day_points(Counts(checkin=1)) / 2) < 1e-4


@given(counts, counts)
def test_two_are_worth_as_much_as_one_and_never_more_than_both(
    one: tuple[int, ...], two: tuple[int, ...]
) -> None:
    rows = [Done(number, each, by_usual_rules(each), 0.0) for number, each in enumerate((one, two), 1)]
    both = worth({(DAY, 0): rows}, {}, ())[DAY, 0]
    assert both.points == by_usual_rules(both.counts)
    assert max(row.points for row in rows) <= both.points <= sum(row.points for row in rows) + 2**-13

"""What is said of time: never more than is known, and every gap as long as it was."""

from bot.adapters.wechat.watch import BLIND_FIRST, BLIND_STEP, KEEP_STEP, TRAVEL_TIME, Stretch, Watch
from bot.core.clock import VirtualClock

START = 1_790_000_000_000


def a_watch(cursor: str | None = None) -> tuple[Watch, VirtualClock]:
    clock = VirtualClock(START)
    watch = Watch(clock)
    watch.begin(cursor)
    return watch, clock


def passes(clock: VirtualClock, milliseconds: int) -> int:
    clock.move_to(clock.now() + milliseconds)
    return clock.now()


def tell(watch: Watch, oldest: int | None = None) -> Stretch:
    """What is told now, and committed."""
    stretch = watch.stretch(oldest)
    watch.committed(stretch)
    return stretch


def see(watch: Watch) -> None:
    watch.opened()
    watch.online(is_online=True)


def test_the_first_word_is_that_nothing_was_seen_before() -> None:
    watch, clock = a_watch()
    assert tell(watch) == Stretch()
    passes(clock, 300)
    see(watch)
    assert tell(watch) == Stretch(START + 300, START, str(START + 300))
    alive = passes(clock, 5_000)
    watch.alive(alive)
    assert tell(watch) == Stretch(alive - TRAVEL_TIME)


def test_since_the_last_start_nothing_was_seen() -> None:
    watch, _ = a_watch(str(START - 900_000))
    see(watch)
    assert tell(watch) == Stretch(START, START - 900_000, str(START))


def test_no_sign_of_life_no_more_is_known() -> None:
    watch, clock = a_watch()
    see(watch)
    tell(watch)
    watch.alive(alive := passes(clock, 10_000))
    passes(clock, 8_000)
    assert tell(watch).caught_up_to == alive - TRAVEL_TIME
    watch.lost()
    passes(clock, BLIND_FIRST)
    assert tell(watch) == Stretch(clock.now(), alive)


def test_what_waits_to_be_read_may_be_older() -> None:
    watch, clock = a_watch()
    see(watch)
    tell(watch)
    watch.alive(passes(clock, 60_000))
    assert tell(watch, START + 30_000).caught_up_to == START + 30_000 - TRAVEL_TIME
    assert tell(watch, START + 10_000).caught_up_to == START + 28_000, "what was told stays told"


def test_while_nothing_is_seen_due_work_goes_on_and_the_gap_is_said_in_the_end() -> None:
    watch, clock = a_watch()
    see(watch)
    tell(watch)
    watch.alive(alive := passes(clock, 1_000))
    watch.lost()
    assert tell(watch) == Stretch(), "it may be back in a moment"
    passes(clock, BLIND_FIRST)
    assert tell(watch) == Stretch(clock.now(), alive)
    assert tell(watch) == Stretch()
    passes(clock, BLIND_STEP)
    assert tell(watch) == Stretch(clock.now(), alive)
    back = passes(clock, 7_000)
    see(watch)
    assert tell(watch) == Stretch(back, alive, str(back))
    watch.alive(later := passes(clock, KEEP_STEP))
    assert tell(watch) == Stretch(later - TRAVEL_TIME, None, str(later))


def test_a_gap_that_was_not_told_yet_grows() -> None:
    watch, clock = a_watch()
    see(watch)
    tell(watch)
    watch.alive(alive := passes(clock, 1_000))
    watch.lost()
    passes(clock, 1_000)
    see(watch)
    watch.lost()
    back = passes(clock, 1_000)
    see(watch)
    assert tell(watch) == Stretch(back, alive, str(back))


def test_who_is_logged_out_sees_nothing_though_the_gateway_lives() -> None:
    watch, clock = a_watch()
    see(watch)
    tell(watch)
    out = passes(clock, 10_000)
    watch.alive(out)
    watch.online(is_online=False)
    watch.alive(passes(clock, BLIND_FIRST))
    assert not watch.sees
    assert tell(watch) == Stretch(clock.now(), out)
    back = passes(clock, 20_000)
    watch.online(is_online=True)
    assert tell(watch) == Stretch(back, out, str(back))

"""What changed reaches every open page; who cannot follow starts anew."""

from __future__ import annotations

import asyncio

from web.feed import MOST_PAGES, MOST_WAITING, Change, Feed


async def follow(feed: Feed, most: int) -> list[Change]:
    """The next changes that one page hears."""
    heard: list[Change] = []
    async for change in feed.listen():
        heard.append(change)
        if len(heard) == most:
            break
    return heard


async def test_every_page_hears_every_change_in_order() -> None:
    feed = Feed()
    pages = [asyncio.create_task(follow(feed, 2)) for _ in range(3)]
    await asyncio.sleep(0)
    feed.tell("message", 7)
    feed.tell("people")
    assert await asyncio.gather(*pages) == [[("message", 7), ("people", 0)]] * 3


async def test_a_page_that_does_not_read_is_told_to_start_anew_and_holds_no_more() -> None:
    feed = Feed()
    page = feed.listen()
    first = asyncio.ensure_future(anext(page))
    await asyncio.sleep(0)
    for number in range(2 * MOST_WAITING):
        feed.tell("message", number)
    assert await first == ("message", 0)
    rest = [await anext(page) for _ in range(MOST_WAITING)]
    assert rest[-1] == ("again", 0)
    await page.aclose()  # type: ignore[attr-defined]


async def test_there_is_room_for_so_many_pages_and_again_when_one_leaves() -> None:
    feed = Feed()
    pages = [asyncio.create_task(follow(feed, 1)) for _ in range(MOST_PAGES)]
    await asyncio.sleep(0)
    assert feed.is_full
    feed.tell("clock")
    await asyncio.gather(*pages)
    await asyncio.sleep(0)
    assert not feed.is_full


async def test_closing_lets_every_page_go() -> None:
    feed = Feed()
    page = asyncio.create_task(follow(feed, 99))
    await asyncio.sleep(0)
    feed.close()
    assert await page == [("end", 0)]

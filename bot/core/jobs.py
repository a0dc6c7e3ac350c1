"""Due work: each job runs once for its period, after all that happened before it is known."""

from __future__ import annotations

import asyncio
import logging
import traceback
from typing import TYPE_CHECKING

from bot.core.context import Context
from bot.core.port import Can
from rules.durations import DAY, HOUR, MINUTE
from storage import communities, inbox, jobs, rooms
from storage.failures import DiskFull, StorageFails

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.core.clock import Clock
    from bot.core.desk import Desk
    from bot.core.feature import Job
    from bot.core.house import House
    from bot.core.pipeline import Pipeline
    from storage.jobs import Due

log = logging.getLogger("banzhang.jobs")

HOUSE = 0
DISK_WAIT = 5.0
ASK_AGAIN = HOUR
STREAM_LOST_AFTER = DAY
"""A stream that is further behind (milliseconds) holds no job back any more: what it held is gone."""

LOST_WITHOUT_BACKLOG = 5 * MINUTE
"""The same where a platform keeps nothing for a bot that is away: what it missed will never be told."""


def all_jobs(house: House) -> dict[str, Job]:
    """Every feature's jobs by name."""
    return {job.name: job for feature in house.features for job in feature.jobs}


def plan_jobs(desk: Desk, community: int) -> None:
    """Give a community (0: the house) those of its jobs that it does not have yet."""
    planned = jobs.scheduled(desk.tx, community)
    per = "house" if community == HOUSE else "community"
    for job in all_jobs(desk.house).values():
        if job.per == per and job.name not in planned:
            _plan_next(desk, job, community, desk.now)


def plan_all(desk: Desk) -> None:
    """At start: every community has its jobs; those of features that are gone are left out."""
    plan_jobs(desk, HOUSE)
    for community in communities.all_of_them(desk.tx):
        plan_jobs(desk, community.id)


def plan_again(desk: Desk, community: int) -> None:
    """The community's clock was changed: jobs with a time of their own get the time it is now."""
    for job in all_jobs(desk.house).values():
        due = jobs.due(desk.tx, job.name, community)
        if due is not None and due.position is None and due.due_at > desk.now:
            due_at = job.next_due(_context(desk, desk.now, community), desk.now)
            if due_at is not None:
                jobs.schedule(desk.tx, job.name, community, due_at)
    desk.woken.add("jobs")


def _plan_next(desk: Desk, job: Job, community: int, after: int) -> None:
    """Plan a job's next run: when it says so, or sooner when it was woken in the middle of the last one."""
    known = jobs.due(desk.tx, job.name, community)
    times = [job.next_due(_context(desk, after, community), after), known.again_at if known else None]
    due_at = min((at for at in times if at is not None), default=None)
    if due_at is None:
        jobs.unschedule(desk.tx, job.name, community)
    else:
        jobs.schedule(desk.tx, job.name, community, due_at)


def _context(desk: Desk, at: int, community: int) -> Context:
    return Context(desk, at=at, community=community or None)


class Jobs:
    """Runs what is due, a slice at a time, each in one transaction."""

    def __init__(self, pipeline: Pipeline, clock: Clock) -> None:
        self.pipeline = pipeline
        self.clock = clock
        self._by_name = all_jobs(pipeline.house)
        self._woken = asyncio.Event()
        self._started_at = clock.now()

    def wake(self) -> None:
        """Something became due sooner, or a stream caught up."""
        self._woken.set()

    async def plan(self) -> None:
        """Give the house and every community the jobs that they do not have yet."""
        await self.pipeline.work(plan_all)

    async def run(self) -> None:
        """Run what falls due, until cancelled."""
        while not await self._with_room(self.plan):
            pass
        while True:
            self._woken.clear()
            await self._with_room(self._run_due)
            due_at = await self.next_due()
            wait = 60.0 if due_at is None else min(60.0, max(0.2, (due_at - self.clock.now()) / 1000))
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _run_due(self) -> None:
        while await self.run_one():
            pass

    async def _with_room(self, act: Callable[[], Awaitable[None]]) -> bool:
        """Do it; False, after a pause, when the disk has no room for it."""
        try:
            await act()
        except DiskFull:
            log.error("the disk is full: no job can run until there is room")  # noqa: TRY400
            await self.clock.sleep(DISK_WAIT)
            return False
        return True

    async def next_due(self) -> int | None:
        """When the next job falls due, UTC milliseconds."""
        due = await self.pipeline.database.read(jobs.first)
        return None if due is None else due.due_at

    async def run_one(self) -> bool:
        """Run a slice of the job that is due first; False when none is, or what came before is not known."""
        due_at = await self.next_due()
        if due_at is None or due_at > self.clock.now():
            return False
        return await self.pipeline.work(self._run_first)

    def _run_first(self, desk: Desk) -> bool:
        fallen_due = jobs.fallen_due(desk.tx, desk.now)
        due = next((one for one in fallen_due if one.due_at <= self._known_until(desk, one.community)), None)
        if due is None:
            return False
        job = self._by_name.get(due.name)
        if job is None:
            jobs.unschedule(desk.tx, due.name, due.community)
        else:
            self._run(desk, job, due)
        return True

    def _known_until(self, desk: Desk, community: int) -> int:
        """Up to when all that happened in a community is known, from the streams of the bots in its rooms."""
        now = known = desk.now
        for bot in rooms.bots_of(desk.tx, community) & desk.house.bots.keys():
            caught_up = self.pipeline.caught_up.get(bot)
            keeps = Can.BACKLOG in desk.house.bots[bot].can
            lost_after = STREAM_LOST_AFTER if keeps else LOST_WITHOUT_BACKLOG
            if now - (self._started_at if caught_up is None else caught_up) < lost_after:
                known = min(known, caught_up or 0)
        return known

    def _run(self, desk: Desk, job: Job, due: Due) -> None:
        position: str | None = None
        try:
            position = desk.part(job.run, _context(desk, due.due_at, due.community), due.position)
        except StorageFails:
            raise
        except Exception as bug:  # noqa: BLE001 - a bug in one job keeps no other from running
            _bury(desk, due, bug)
        if position is not None:
            jobs.schedule(desk.tx, job.name, due.community, due.due_at, position)
        else:
            self._replan(desk, job, due)

    def _replan(self, desk: Desk, job: Job, due: Due) -> None:
        """Plan the next run; a job whose time cannot be told is asked again in an hour."""
        try:
            desk.part(_plan_next, desk, job, due.community, desk.now)
        except StorageFails:
            raise
        except Exception as bug:  # noqa: BLE001 - the same
            _bury(desk, due, bug)
            jobs.schedule(desk.tx, job.name, due.community, desk.now + ASK_AGAIN)


def _bury(desk: Desk, due: Due, bug: Exception) -> None:
    """Keep a bug of a job for a programmer."""
    trace = "".join(traceback.format_exception(bug))
    log.error("the job %s of community %d failed\n%s", due.name, due.community, trace)
    key = f"job:{due.name}:{due.community}:{due.due_at}"
    inbox.bury(desk.tx, at=desk.now, bot="house", key=key, event="", trace=trace)

"""getUpdates, as the real server answers it."""

from __future__ import annotations

import asyncio
import time

from aiohttp.web_request import BaseRequest

from .consts import OK_HEAD
from .entities import Bot
from .errors import ApiError

CONFLICT_POLL = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
CONFLICT_HOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)


class Polling:
    async def get_updates(self, req: BaseRequest, bot: Bot, raw: dict, js: set) -> bytes:
        w = self.world
        p = self.decode(bot, "getupdates", "getUpdates", raw, {}, js)
        if bot.webhook is not None:
            await self.conflict(bot, CONFLICT_HOOK)
        offset = p.get("offset", 0)
        limit = min(100, max(1, p.get("limit", 100)))
        timeout = min(50, max(0, p.get("timeout", 0)))
        if "allowed_updates" in p:
            self.set_allowed(bot, p["allowed_updates"])
        now = time.monotonic()
        if w.config["repeat_quirk"] and offset == bot.prev_offset:
            # the real server slows down a client that asks the same thing again and again
            if timeout < 3 and now < bot.prev_start + 3:
                timeout = 3
            if now < bot.prev_start + 0.5:
                limit = 1
        bot.prev_offset, bot.prev_start = offset, now
        if offset < 0:
            keep = -offset
            while len(bot.queue) > keep:
                bot.confirmed.append(bot.queue.popleft())
                bot.n_confirmed += 1
        elif offset > 0:
            bot.confirm(offset)
        batch = self.batch(bot, limit)
        if not batch and timeout:
            if bot.waiter is not None and not bot.waiter.done():
                old = bot.waiter_req
                if old is not None and old.transport is not None and not old.transport.is_closing():
                    w.violation("conflict", "getUpdates", "two pollers at the same time")
                bot.waiter.set_result(CONFLICT_POLL)
            fut = asyncio.get_running_loop().create_future()
            bot.waiter, bot.waiter_req = fut, req
            end = now + timeout
            while not batch:
                left = end - time.monotonic()
                if left <= 0:
                    break
                try:
                    await asyncio.wait_for(asyncio.shield(fut), left)
                except TimeoutError:
                    break
                msg = fut.result()
                if bot.dead:
                    return OK_HEAD + b"[]}"
                if msg:
                    await self.conflict(bot, msg)
                await asyncio.sleep(0.001)  # as the real server: gather what comes together
                batch = self.batch(bot, limit)
                if not batch:
                    if bot.waiter is not fut:
                        break
                    fut = bot.waiter = asyncio.get_running_loop().create_future()
            if bot.waiter is fut:
                bot.waiter = bot.waiter_req = None
            if req.transport is None or req.transport.is_closing():
                return OK_HEAD + b"[]}"
        if batch:
            last = batch[-1][0]
            bot.n_delivered += len(batch)
            if batch[0][0] <= bot.max_delivered:
                for u in batch:
                    if u[0] <= bot.max_delivered:
                        bot.redelivered[u[0]] = bot.redelivered.get(u[0], 0) + 1
            bot.max_delivered = max(bot.max_delivered, last)
        return OK_HEAD + b"[" + b",".join([u[1] for u in batch]) + b"]}"

    def batch(self, bot: Bot, limit: int) -> list:
        now = self.world.now()
        q = bot.queue
        while q and q[0][2] < now:
            q.popleft()
            bot.n_expired += 1
        out = []
        for u in q:
            if u[2] >= now:
                out.append(u)
                if len(out) >= limit:
                    break
        return out

    def set_allowed(self, bot: Bot, names: list):
        known = {n.lower() for n in names} & set(self.spec.update_types)
        for n in names:
            if n.lower() not in self.spec.update_types:
                self.world.violation("bad_value", "allowed_updates", f"unknown update type {n!r}")
        bot.allowed = known or None

    async def conflict(self, bot: Bot, msg: str):
        now = time.monotonic()
        if now < bot.next_conflict_time:
            await asyncio.sleep(3.0)
        else:
            bot.next_conflict_time = now + 3.0
        raise ApiError(409, msg)

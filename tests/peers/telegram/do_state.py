"""Control operations on the server itself."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from .errors import WorldError
from .jsonio import dumps, loads


class State:
    def op_reset(self, keep_bots: bool = True):
        """Forget everything (users, chats, updates, violations, faults); bots stay if `keep_bots`."""
        self.w.reset(keep_bots=keep_bots)
        self.w.sent_event = asyncio.Event()
        self.s.faults.rules.clear()
        self.s.faults.log.clear()
        self.s.limits.reset()
        self.s.counters.clear()
        return True

    def op_config(self, **values):
        """Read or change settings: strict, repeat_quirk, callback_ttl, delete_48h, selfcheck and others."""
        for k, v in values.items():
            if k not in self.w.config:
                raise ValueError(f"no setting {k!r}: {sorted(self.w.config)}")
            self.w.config[k] = v
        return self.w.config

    def op_limits(self, **values):
        """Read or change rate limits.

        enabled, overall_per_second, group_per_minute, chat_per_second, chat_burst, count_edits.
        """
        for k, v in values.items():
            if k not in self.s.limits.cfg:
                raise ValueError(f"no limit {k!r}: {sorted(self.s.limits.cfg)}")
            self.s.limits.cfg[k] = v
        if values:
            self.s.limits.reset()
        return {**self.s.limits.cfg, "hits": self.s.limits.hits}

    def op_clock(
        self, advance: int = 0, set: int | None = None, reset: bool = False, freeze: bool | None = None
    ):
        """Shift the world's clock by `advance` seconds (or to unix time `set`): links, bans, queries expire.

        freeze: true stops it, so that only this operation moves it; false lets it run again.
        """
        w = self.w
        if reset:
            w.clock_offset, w.frozen_at = 0, None
        if freeze is not None:
            now, w.frozen_at = w.now(), None
            w.frozen_at = w.wall() if freeze else None
            w.clock_offset = now - w.wall()
        if set is not None:
            w.clock_offset = int(set) - w.wall()
        w.clock_offset += int(advance)
        for p in self.w.polls.values():
            if not p.data["is_closed"] and p.data.get("close_date") and p.data["close_date"] <= self.w.now():
                p.close(self.w)
        return {"now": self.w.now(), "offset": self.w.clock_offset}

    def op_fault(
        self,
        kind: str = "500",
        percent: float = 100,
        method: Any = "*",
        when: str = "before",
        count: int | None = None,
        chat_id: int | None = None,
        retry_after: int = 1,
        hold: float = 30.0,
        delay: float = 1.0,
        description: str | None = None,
        skip: int = 0,
        seed: int | None = None,
    ):
        """Disturb calls.

        kind: 429 500 502 504 400 403 timeout reset truncate delay. when: before the effect, or after it
        (applied, but the answer is lost). count: at most so often; skip: leave the first n matches alone.
        method "*" is all but getUpdates.
        """
        r = self.s.faults.add(
            kind, percent, method, when, count, chat_id, retry_after, hold, delay, description, skip, seed
        )
        return {k: v for k, v in r.items() if k[0] != "_"}

    def op_faults(self, clear: bool = False):
        """Rules and the log of calls they hit (`applied`: the effect took place)."""
        r = {
            "rules": [{k: v for k, v in r.items() if k[0] != "_"} for r in self.s.faults.rules],
            "log": list(self.s.faults.log),
        }
        if clear:
            self.s.faults.rules.clear()
            self.s.faults.log.clear()
        return r

    def op_stats(self):
        w = self.w
        return {
            "counters": dict(self.s.counters),
            "users": len(w.users),
            "chats": len(w.chats),
            "sent": len(w.sent),
            "violations": len(w.violations),
            "calls": len(w.calls),
            "now": w.now(),
            "bot_api": w.spec.version,
            "limit_hits": self.s.limits.hits,
            "bots": [self.bot_state(b) for b in w.bots.values()],
        }

    def bot_state(self, b):
        h = b.webhook
        return {
            "id": b.id,
            "token": b.token,
            "username": b.user.username,
            "pending": len(b.queue),
            "confirmed": b.n_confirmed,
            "delivered": b.n_delivered,
            "expired": b.n_expired,
            "redelivered": len(b.redelivered),
            "first_update_id": b.first_uid,
            "next_update_id": b.next_uid,
            "polling": b.waiter is not None and not b.waiter.done(),
            "allowed_updates": sorted(b.allowed) if b.allowed is not None else None,
            "webhook": {k: h[k] for k in ("url", "max", "sent", "failed", "last_error")} if h else None,
        }

    def op_updates(self, bot: Any = None, limit: int = 100, bodies: bool = False):
        """The update queue of a bot: pending ids (and bodies), confirmed and delivered counts."""
        b = self.w.bot(bot)
        q = list(b.queue)[:limit]
        return {
            **self.bot_state(b),
            "pending_ids": [u[0] for u in q],
            **({"pending_updates": [loads(u[1]) for u in q]} if bodies else {}),
        }

    def op_rewind(self, n: int = 1, bot: Any = None):
        """Telegram forgets the last n confirmations: those updates are delivered again."""
        return {"requeued": self.w.bot(bot).rewind(n)}

    def op_restart_ids(self, first: int | None = None, bot: Any = None):
        """Update ids start again at `first` (random and lower if null), as after a quiet week."""
        return {"next_update_id": self.w.bot(bot).restart_ids(first)}

    def op_raw_update(self, update: dict, bot: Any = None):
        """Queue any update object (without update_id), e.g. of a type newer than the bot's library."""
        b = self.w.bot(bot)
        ((kind, obj),) = update.items()
        return {"update_id": b.push(kind, dumps(obj), ("raw", 0))}

    async def op_wait_idle(self, bot: Any = None, timeout: float = 60.0, settle: float = 0.15):
        """Wait until the bot has confirmed all updates and made no call for `settle` seconds."""
        b = self.w.bot(bot)
        end = time.monotonic() + timeout
        last, since = None, time.monotonic()
        while time.monotonic() < end:
            cur = (len(b.queue), self.w._seq)
            if cur != last:
                last, since = cur, time.monotonic()
            elif not b.queue and time.monotonic() - since >= settle:
                return True
            await asyncio.sleep(0.01)
        raise WorldError(f"not idle after {timeout} s: {len(b.queue)} updates pending")

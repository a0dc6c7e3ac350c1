"""Telegram's documented rate limits."""

from __future__ import annotations

import collections
import time
from typing import Any, ClassVar


class Limits:
    """Telegram's documented limits.  `enabled` False: no limits (load tests)."""

    DEFAULT: ClassVar[dict[str, Any]] = {
        "enabled": True,
        "overall_per_second": 30,
        "group_per_minute": 20,
        "chat_per_second": 1.0,
        "chat_burst": 3,
        "count_edits": False,
    }

    def __init__(self):
        self.cfg = dict(self.DEFAULT)
        self.reset()

    def reset(self):
        self.overall: collections.deque = collections.deque()
        self.groups: dict[int, collections.deque] = {}
        self.chats: dict[Any, tuple[float, float]] = {}  # tokens, at
        self.blocked: dict[Any, float] = {}
        self.hits = 0

    def check(self, bot: int, chat_id: Any, n: int = 1) -> tuple[int, str, bool]:
        """(retry_after, which limit, whether the caller ignored an earlier retry_after); 0 = go ahead."""
        c = self.cfg
        if not c["enabled"]:
            return 0, "", False
        now = time.monotonic()
        ignored = self.blocked.get((bot, chat_id), 0) > now
        wait, why = 0.0, ""
        ov = self.overall
        while ov and ov[0] <= now - 1:
            ov.popleft()
        if len(ov) + n > c["overall_per_second"]:
            wait, why = 1.0, "overall"
        isgroup = (isinstance(chat_id, str) and chat_id.startswith("@")) or (
            isinstance(chat_id, int) and chat_id < 0
        )
        key = (bot, chat_id)
        g = None
        if isgroup:
            g = self.groups.setdefault(key, collections.deque())
            while g and g[0] <= now - 60:
                g.popleft()
            if len(g) + n > c["group_per_minute"]:
                k = min(len(g), len(g) + n - int(c["group_per_minute"])) - 1
                w = g[max(0, k)] + 60 - now if g else 60
                if w > wait:
                    wait, why = w, "group"
        tok, at = self.chats.get(key, (float(c["chat_burst"]), now))
        tok = min(float(c["chat_burst"]), tok + (now - at) * c["chat_per_second"])
        if tok < 1:
            w = (1 - tok) / max(1e-9, c["chat_per_second"])
            if w > wait:
                wait, why = w, "chat"
        if wait > 0:
            ra = max(1, int(wait) + (wait > int(wait)))
            self.blocked[key] = now + wait
            self.hits += 1
            return ra, why, ignored
        for _ in range(n):
            ov.append(now)
            if g is not None:
                g.append(now)
        self.chats[key] = (tok - n, now)
        return 0, "", False

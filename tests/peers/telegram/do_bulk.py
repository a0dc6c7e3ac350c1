"""Control operation: traffic of many users at once."""

from __future__ import annotations

import gc
import random
import time
from bisect import bisect
from typing import Any

from . import formatting
from .errors import WorldError
from .helpers import TINY_PNG
from .jsonio import dumps


class Bulk:
    def op_bulk(
        self,
        n: int,
        chats: list,
        users: Any = None,
        days: float = 1.0,
        end: int | None = None,
        start: int | None = None,
        seed: int = 1,
        skew: float = 0.8,
        reply_pct: float = 10.0,
        photo_pct: float = 0.0,
        sticker_pct: float = 0.0,
        min_words: int = 3,
        max_words: int = 20,
        text: str | None = None,
        store: bool = True,
        words: list | None = None,
    ):
        """N messages of many users over many days, in date order, as fast as possible.

        users: ids, or null = the chat's members. words: what texts are made of, without the #tag by which
        they can be told apart. skew: 0 everybody writes alike, 1 strongly uneven. store
        false: not kept in the chat history (saves memory). Returns the ground truth: counts per user, per
        chat, per UTC day, and update ids.
        """
        gc.disable()  # millions of small objects, no garbage: collecting would only cost time
        try:
            return self._bulk(
                n,
                chats,
                users,
                days,
                end,
                start,
                seed,
                skew,
                reply_pct,
                photo_pct,
                sticker_pct,
                min_words,
                max_words,
                text,
                store,
                words,
            )
        finally:
            gc.enable()
            gc.freeze()

    def _bulk(
        self,
        n,
        chats,
        users,
        days,
        end,
        start,
        seed,
        skew,
        reply_pct,
        photo_pct,
        sticker_pct,
        min_words,
        max_words,
        text,
        store,
        words,
    ):
        w = self.w
        t0 = time.monotonic()
        rng = random.Random(seed)
        cs = [w.chat(x) for x in chats]
        end = w.now() if end is None else end
        start = int(end - days * 86400) if start is None else start
        pool = words or [
            "good",
            "morning",
            "everyone",
            "who",
            "is",
            "going",
            "to",
            "the",
            "meetup",
            "today",
            "I",
            "can",
            "bring",
            "coffee",
            "and",
            "the",
            "projector",
            "what",
            "about",
            "tomorrow",
            "yes",
            "no",
            "maybe",
            "later",
            "thanks",
            "a",
            "lot",
            "great",
            "idea",
            "let",
            "us",
            "vote",
            "the",
            "release",
            "works",
            "for",
            "me",
            "please",
            "check",
            "the",
            "docs",
            "again",
            "你好",
            "大家",
            "今天",
            "天气",
            "不错",
            "谢谢",
            "привет",
            "спасибо",
        ]
        per_user: dict[int, int] = {}
        per_chat: dict[int, int] = {}
        per_day: dict[str, int] = {}
        per_kind: dict[str, int] = {}
        dates = sorted(rng.randrange(start, max(start + 1, end)) for _ in range(n))
        plan = []
        for c in cs:
            us = (
                [w.user(x) for x in users]
                if users
                else [m.user for m in c.members.values() if m.present and not m.user.is_bot]
            )
            if not us:
                raise WorldError(f"nobody can write in {c.id}")
            order = list(range(len(us)))
            rng.shuffle(order)
            wt = [1.0 / (1 + order[i]) ** skew for i in range(len(us))]
            cum, acc = [], 0.0
            for x in wt:
                acc += x
                cum.append(acc)
            bots = [
                b
                for b in w.chat_bots(c)
                if b.wants("message") and (not b.privacy or w.is_admin(c, b.user) or c.type == "private")
            ]
            for b in bots:
                for u in us:
                    u.seen_by.add(b.id)
            plan.append((c, us, cum, [dumps(u.json()) for u in us], dumps(c.json()), bots, [0]))
        first = {b.id: b.next_uid for b in w.bots_by_id.values()}
        rr, rc = rng.random, rng.choices
        tag = str(rng.randrange(10**6))
        expires = w.now() + 86400
        photo = sticker = None
        if photo_pct:
            photo = dumps(w.media_json(w.add_photo(TINY_PNG)))
        if sticker_pct:
            sticker = dumps(w.media_json(w.add_file("sticker", b"x")))
        day_cache: dict[int, str] = {}
        for i, d in enumerate(dates):
            c, us, cum, uj, cj, bots, last = plan[0] if len(plan) == 1 else plan[int(rr() * len(plan))]
            k = min(bisect(cum, rr() * cum[-1]), len(us) - 1)
            u = us[k]
            mid = c.new_mid()
            kind = "text"
            x = rr() * 100
            if x < photo_pct:
                kind, payload = "photo", b'"photo":' + photo
            elif x < photo_pct + sticker_pct:
                kind, payload = "sticker", b'"sticker":' + sticker
            else:
                plain = words is not None or text is not None
                t = (
                    text.replace("{i}", str(i))
                    if text is not None
                    else ("" if plain else f"#{tag}x{i} ")
                    + " ".join(rc(pool, k=rng.randint(min_words, max_words)))
                )
                payload = b'"text":' + dumps(t)
                if plain:
                    es = formatting.auto_entities(t, [])
                else:
                    es = [{"offset": 0, "length": len(tag) + 2 + len(str(i)), "type": "hashtag"}]
                if es:
                    payload += b',"entities":' + dumps(es)
            rep = b""
            if reply_pct and last[0] and rr() * 100 < reply_pct and store:
                lm = c.msgs.get(last[0])
                if isinstance(lm, bytes):
                    if b'"reply_to_message"' not in lm:
                        rep = b'"reply_to_message":' + lm + b","
                elif lm is not None and "reply_to_message" not in lm:
                    rep = b'"reply_to_message":' + dumps(lm) + b","
            body = b'{"message_id":%d,"from":%s,"date":%d,"chat":%s,%s%s}' % (mid, uj[k], d, cj, rep, payload)
            if store:
                c.msgs[mid] = body
                last[0] = mid
            for b in bots:
                uid = b.next_uid
                b.next_uid += 1
                b.queue.append(
                    (uid, b'{"update_id":%d,"message":%s}' % (uid, body), expires, ("chat", c.id), "message")
                )
            per_user[u.id] = per_user.get(u.id, 0) + 1
            per_chat[c.id] = per_chat.get(c.id, 0) + 1
            per_kind[kind] = per_kind.get(kind, 0) + 1
            dd = d // 86400
            ds = day_cache.get(dd)
            if ds is None:
                ds = day_cache[dd] = time.strftime("%Y-%m-%d", time.gmtime(dd * 86400))
            per_day[ds] = per_day.get(ds, 0) + 1
        for b in w.bots_by_id.values():
            b.wake()
        return {
            "n": n,
            "seconds": round(time.monotonic() - t0, 3),
            "tag": tag,
            "start": start,
            "end": end,
            "per_user": {str(k): v for k, v in per_user.items()},
            "per_chat": {str(k): v for k, v in per_chat.items()},
            "per_day": per_day,
            "per_kind": per_kind,
            "update_ids": {str(b.id): [first[b.id], b.next_uid - 1] for b in w.bots_by_id.values()},
        }

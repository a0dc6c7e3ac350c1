"""Control operations: a user presses, reacts, votes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

from .entities import Chat, User
from .errors import WorldError


class Press:
    async def op_click(
        self,
        user: Any,
        message_id: int = 0,
        chat: Any = None,
        data: str | None = None,
        text: str | None = None,
        row: int | None = None,
        col: int | None = None,
        bot: Any = None,
        wait: float = 0,
        force: bool = False,
        ephemeral: int = 0,
    ):
        """A user presses an inline button, found by data, label, or position, of a message with a keyboard.

        ephemeral: the ephemeral_message_id, in place of message_id. wait: seconds to wait for the bot's
        answerCallbackQuery. force: send `data` though no such button is there (an old client). Returns
        {callback_query_id, answer}.
        """
        w = self.w
        u = w.user(user)
        b = w.bot(bot)
        c = b.private_chat(u) if chat is None else w.chat(chat, b.id)
        m = self._whisper(c, ephemeral, u) if ephemeral else c.msg(message_id)
        if m is None and not force:
            raise WorldError(f"message {ephemeral or message_id} is not in chat {c.id}")
        if c.type != "private" and not w.member(c, u).present and not force:
            raise WorldError("the user is not in the chat")
        kb = ((m or {}).get("reply_markup") or {}).get("inline_keyboard") or []
        found = None
        for r, line in enumerate(kb):
            for k, bt in enumerate(line):
                if (
                    (data is not None and bt.get("callback_data") == data)
                    or (data is None and text is not None and bt["text"] == text)
                    or (data is None and text is None and (r, k) == (row, col or 0))
                ):
                    found = found or bt
        if found is None:
            if not (force and data is not None):
                raise WorldError(
                    f"no such button; the keyboard is "
                    f"{[[x.get('callback_data') or x['text'] for x in r] for r in kb]}"
                )
            found = {"callback_data": data}
        if "callback_data" not in found:
            return {"url": found.get("url"), "button": found}
        owner = w.bots_by_id.get((m or {}).get("from", {}).get("id"), b)
        w.meet(owner, u)
        qid = str(w.rng.randrange(10**17, 9 * 10**18))
        q = {
            "id": qid,
            "bot_id": owner.id,
            "user_id": u.id,
            "chat_id": c.id,
            "message_id": message_id,
            "data": found["callback_data"],
            "date": w.now(),
            "answer": None,
            "seq": w.seq(),
        }
        w.callbacks[qid] = q
        msg = m if m is not None else {"chat": c.json(), "message_id": message_id, "date": 0}
        uid = w.emit(
            owner,
            "callback_query",
            {
                "id": qid,
                "from": u.json(),
                "message": msg,
                "chat_instance": str(-abs(hash((c.id, owner.id))) % 10**18),
                "data": found["callback_data"],
            },
            ("cb", u.id),
            ttl=150,
        )
        if wait:
            await self._until(lambda: q["answer"] is not None, wait)
        return {"callback_query_id": qid, "update_id": uid, "answer": q["answer"]}

    @staticmethod
    def _whisper(c: Chat, ephemeral: int, u: User) -> dict | None:
        r = c.ephemeral.get(ephemeral)
        return r["message"] if r and r["receiver"] == u.id else None

    async def _until(self, cond, timeout: float):
        end = time.monotonic() + timeout
        while not cond():
            left = end - time.monotonic()
            if left <= 0:
                return False
            ev = self.w.sent_event
            ev.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(ev.wait(), min(left, 0.5))
        return True

    def op_react(
        self,
        user: Any,
        message_id: int,
        reaction: Any = "👍",
        chat: Any = None,
        bot: Any = None,
        date: int | None = None,
        anonymous: bool = False,
    ):
        """A user sets (or with [] clears) reactions: emoji or list of emoji.

        Sends message_reaction to bots that are administrators and asked for it.
        """
        w = self.w
        u = w.user(user)
        c = w.bot(bot).private_chat(u) if chat is None else w.chat(chat, bot)
        if c.msg(message_id) is None:
            raise WorldError("no such message")
        new = [
            {"type": "emoji", "emoji": e} if isinstance(e, str) else e
            for e in ([reaction] if isinstance(reaction, str) else reaction)
        ]
        d = c.reactions.setdefault(message_id, {})
        old = d.get(u.id, [])
        if new:
            d[u.id] = new
        else:
            d.pop(u.id, None)
        if old == new:
            return False
        now = w.now() if date is None else date
        for b in w.chat_bots(c):
            if c.type != "private" and not w.is_admin(c, b.user):
                continue
            w.meet(b, u)
            if c.type == "channel" or anonymous:
                counts: dict[str, int] = {}
                for rs in d.values():
                    for r in rs:
                        counts[json.dumps(r, sort_keys=True)] = (
                            counts.get(json.dumps(r, sort_keys=True), 0) + 1
                        )
                w.emit(
                    b,
                    "message_reaction_count",
                    {
                        "chat": c.json(),
                        "message_id": message_id,
                        "date": now,
                        "reactions": [{"type": json.loads(k), "total_count": n} for k, n in counts.items()],
                    },
                    ("react", c.id),
                )
            else:
                w.emit(
                    b,
                    "message_reaction",
                    {
                        "chat": c.json(),
                        "message_id": message_id,
                        "user": u.json(),
                        "date": now,
                        "old_reaction": old,
                        "new_reaction": new,
                    },
                    ("react", c.id),
                )
        return True

    def op_vote(
        self,
        user: Any,
        options: list,
        poll_id: str | None = None,
        chat: Any = None,
        message_id: int | None = None,
        bot: Any = None,
    ):
        """A user votes in a poll of the bot ([] retracts): poll_answer (if not anonymous) and poll."""
        w = self.w
        u = w.user(user)
        if poll_id is None:
            c = w.bot(bot).private_chat(u) if chat is None else w.chat(chat, bot)
            m = c.msg(message_id)
            if m is None or "poll" not in m:
                raise WorldError("no poll there")
            poll_id = m["poll"]["id"]
        p = w.polls.get(poll_id)
        if p is None:
            raise WorldError("no such poll")
        d = p.data
        if d["is_closed"] or (d.get("close_date") and d["close_date"] <= w.now()):
            raise WorldError("the poll is closed")
        if p.chat.type != "private" and not w.member(p.chat, u).present:
            raise WorldError("the user is not in the chat")
        if len(options) > 1 and not d["allows_multiple_answers"]:
            raise WorldError("only one answer is allowed")
        if any(not 0 <= o < len(d["options"]) for o in options):
            raise WorldError("no such option")
        if p.votes.get(u.id) and not d["allows_revoting"]:
            raise WorldError("the vote cannot be changed")
        p.votes[u.id] = list(options)
        b = p.owner
        w.meet(b, u)
        if b.id in w.bots_by_id:
            if not d["is_anonymous"]:
                w.emit(
                    b,
                    "poll_answer",
                    {
                        "poll_id": poll_id,
                        "user": u.json(),
                        "option_ids": list(options),
                        "option_persistent_ids": [str(o) for o in options],
                    },
                    ("poll", poll_id),
                )
            w.emit(b, "poll", p.json(), ("poll", poll_id))
        mm = p.chat.msg(p.mid)
        if mm is not None:
            p.chat.msgs[p.mid] = {**mm, "poll": p.json()}
        return {"correct": options == p.correct if d["type"] == "quiz" else None}

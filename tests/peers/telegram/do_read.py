"""Control operations that read back what happened."""

from __future__ import annotations

import time
from typing import Any

from .errors import WorldError


class Read:
    async def op_sent(
        self,
        chat: Any = None,
        since: int = 0,
        method: str | None = None,
        contains: str | None = None,
        wait: float = 0,
        min: int = 1,
        full: bool = False,
        last: int | None = None,
        edited: bool = False,
    ):
        """Messages the bot sent, oldest first.

        With rendered text (`text` plain, `html` marked up), buttons, edits, deletion. since: only with
        seq > since (edited: or edited since). wait: seconds to wait for at least `min` matches. full: with
        the Message object.
        """

        def sel():
            out = []
            for r in self.w.sent:
                if r["seq"] <= since and not (edited and r["edits"] and r["edits"][-1]["seq"] > since):
                    continue
                if chat is not None and r["chat_id"] != cid:
                    continue
                if method is not None and r["method"].lower() != method.lower():
                    continue
                if contains is not None and contains not in r["text"] and contains not in r["html"]:
                    continue
                out.append(r)
            return out

        cid = self.w.chat(chat).id if chat is not None else None
        if wait:
            await self._until(lambda: len(sel()) >= min, wait)
        res = sel()
        if last:
            res = res[-last:]
        return res if full else [{k: v for k, v in r.items() if k != "message"} for r in res]

    def op_message(self, chat: Any, message_id: int, bot: Any = None):
        """A message as it is now, with its reactions."""
        c = self.w.chat(chat, bot)
        m = c.msg(message_id)
        if m is None:
            raise WorldError("no such message")
        return {
            "message": m,
            "reactions": {str(k): v for k, v in c.reactions.get(message_id, {}).items()},
            "pinned": message_id in c.pinned,
        }

    def op_messages(self, chat: Any, limit: int = 100, bot: Any = None):
        """The last messages of a chat."""
        c = self.w.chat(chat, bot)
        return [c.msg(i) for i in sorted(c.msgs)[-limit:]]

    def op_transcript(self, chat: Any, limit: int = 200, bot: Any = None):
        """A chat for human eyes (plain text)."""
        c = self.w.chat(chat, bot)
        lines = []
        for i in sorted(c.msgs)[-limit:]:
            m = c.msg(i)
            who = m.get("from", {}).get("first_name") or c.title
            t = m.get("text") or m.get("caption") or ""
            kind = next(
                (
                    k
                    for k in m
                    if k
                    in (
                        "photo",
                        "document",
                        "sticker",
                        "poll",
                        "dice",
                        "new_chat_members",
                        "left_chat_member",
                        "pinned_message",
                        "video",
                        "voice",
                    )
                ),
                "",
            )
            when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(m["date"]))
            lines.append(f"[{i}] {when} {who}: {'<' + kind + '> ' if kind else ''}{t}")
            rows = (m.get("reply_markup") or {}).get("inline_keyboard", [])
            lines += ["        " + " ".join(f"[{b['text']}]" for b in row) for row in rows]
        return "\n".join(lines) + "\n"

    def op_chat_info(self, chat: Any):
        """A chat's members by status, links, requests, pins, permissions."""
        w = self.w
        c = w.chat(chat)
        return {
            "chat": c.json(),
            "member_count": c.member_count(),
            "permissions": c.permissions,
            "members": {str(i): w.member(c, m.user).status for i, m in c.members.items()}
            if len(c.members) <= 5000
            else None,
            "links": [
                {**l.json(), "joined": len(l.joined), "creator_id": l.creator.id} for l in c.links.values()
            ],
            "requests": list(c.requests.values()),
            "pinned": c.pinned,
            "messages": len(c.msgs),
            "migrated_to": c.migrated_to,
            "topics": {str(k): v for k, v in c.topics.items()},
            "description": c.description,
        }

    def op_member(self, chat: Any, user: Any):
        """ChatMember as Telegram knows it now."""
        c = self.w.chat(chat)
        return self.w.member_json(c, self.w.member(c, self.w.user(user)))

    def op_link(self, link: str):
        l = self.w.links[link]
        return {**l.json(), "chat_id": l.chat.id, "joined": sorted(l.joined), "pending": sorted(l.pending)}

    def op_callbacks(self, unanswered: bool = False):
        """All callback queries; unanswered: only those the bot never answered."""
        return [q for q in self.w.callbacks.values() if not unanswered or q["answer"] is None]

    def op_commands(self, bot: Any = None):
        """Commands by scope and language, descriptions, menu buttons."""
        b = self.w.bot(bot)
        return {
            "commands": [
                {"scope": k[0], "chat_id": k[1], "user_id": k[2], "language_code": k[3], "commands": v}
                for k, v in b.commands.items()
            ],
            "menu": b.default_menu,
            "chat_menus": {str(k): v for k, v in b.menu.items()},
            "names": b.names,
            "descriptions": b.descriptions,
            "short_descriptions": b.short_descriptions,
        }

    def op_polls(self):
        return [
            {
                **p.json(),
                "chat_id": p.chat.id,
                "message_id": p.mid,
                "votes": {str(k): v for k, v in p.votes.items()},
            }
            for p in self.w.polls.values()
        ]

    def op_violations(self, kind: str | None = None, clear: bool = False):
        """Everything the bot did wrong.

        unknown_method, unknown_param, missing_param, bad_type, bad_value, unused_file, conflict,
        retry_after_ignored, not_simulated; `self` and `internal` are faults of this fake.
        """
        v = [x for x in self.w.violations if kind is None or x["kind"] == kind]
        if clear:
            self.w.violations.clear()
        return v

    def op_calls(
        self,
        method: str | None = None,
        since: int = 0,
        failed: bool = False,
        limit: int = 1000,
        chat: Any = None,
    ):
        """The log of API calls (without getUpdates): method, params, ok, error, fault."""
        out = []
        for e in self.w.calls:
            if (
                e["seq"] <= since
                or (method and e["method"].lower() != method.lower())
                or (failed and e.get("ok", False))
                or (chat is not None and str(e["params"].get("chat_id")) != str(chat))
            ):
                continue
            out.append(e)
        return out[-limit:]

    def op_actions(self):
        """Deletions and reactions made by bots."""
        return self.w.actions

    def op_dice(self, values: list):
        """The next values the server rolls for sendDice."""
        self.w.dice_next.extend(values)
        return True

"""Messages and updates: who is told, and what the bot sent."""

from __future__ import annotations

import json
import time
from typing import Any

from . import formatting
from .entities import Bot, Chat, User
from .helpers import buttons, utf16_slice
from .jsonio import dumps, loads


class Messages:
    def emit(self, bot: Bot, kind: str, obj: dict, key: Any, ttl: int = 86400, body: bytes | None = None):
        if not bot.wants(kind):
            return None
        if self.config["selfcheck"]:
            t = self.spec.types["Update"][kind]["types"]
            errs = self.spec.check(t, loads(dumps(obj)), kind)
            if errs:
                self.violation("self", kind, "; ".join(errs[:5]), obj)
        return bot.push(kind, body if body is not None else dumps(obj), key, ttl)

    def violation(self, kind: str, method: str, detail: str, params: Any = None):
        v = {"seq": self.seq(), "time": time.time(), "kind": kind, "method": method, "detail": detail}
        if params is not None:
            try:
                v["params"] = (
                    json.loads(json.dumps(params, default=lambda o: f"<{type(o).__name__}>")[:4000])
                    if len(json.dumps(params, default=str)) <= 4000
                    else "<too long>"
                )
            except Exception:
                v["params"] = "<unprintable>"
        self.violations.append(v)

    # ------------------------------------------------------------------ messages
    def post(
        self,
        chat: Chat,
        sender: User | None,
        content: dict,
        *,
        date=None,
        service=False,
        reply_to: int = 0,
        thread: int = 0,
        sender_chat: Chat | None = None,
        extra_bots=(),
        by_bot: Bot | None = None,
        extra: dict | None = None,
        mid: int | None = None,
        deliver: bool = True,
    ) -> dict:
        """Put a message into a chat and tell the bots that may see it.  Returns the Message object."""
        mid = chat.new_mid() if mid is None else mid
        m: dict[str, Any] = {"message_id": mid}
        if sender is not None:
            m["from"] = sender.json()
        if sender_chat is not None:
            m["sender_chat"] = sender_chat.json()
        m["date"] = self.now() if date is None else int(date)
        m["chat"] = chat.json()
        if extra:
            m.update(extra)
        if thread:
            m["message_thread_id"] = thread
            if chat.is_forum:
                m["is_topic_message"] = True
        if reply_to:
            r = chat.msg(reply_to)
            if r is not None:
                m["reply_to_message"] = self.nested(r)
        m.update(content)
        chat.msgs[mid] = m
        if deliver:
            kind = "channel_post" if chat.type == "channel" else "message"
            body = None
            for b in dict.fromkeys([*self.chat_bots(chat), *extra_bots]):
                if b is by_bot and not (
                    service
                    and (
                        "pinned_message" in content
                        or "left_chat_member" in content
                        or "new_chat_title" in content
                        or "forum_topic_created" in content
                        or "new_chat_photo" in content
                        or "delete_chat_photo" in content
                        or "forum_topic_closed" in content
                        or "forum_topic_reopened" in content
                        or "forum_topic_edited" in content
                    )
                ):
                    continue  # bots never see their own messages, except some service messages
                if sender is not None:
                    self.meet(b, sender)
                if not service and sender is not None and sender.is_bot and sender.id in self.bots_by_id:
                    continue  # bots do not see messages of other bots
                if not service and not self._readable(b, chat, m):
                    continue
                if body is None:
                    body = dumps(m)
                self.emit(b, kind, m, ("chat", chat.id), body=body)
        return m

    def nested(self, m: dict) -> dict:
        return {k: v for k, v in m.items() if k != "reply_to_message"}

    def _readable(self, b: Bot, chat: Chat, m: dict) -> bool:
        if chat.type in ("private", "channel") or not b.privacy or self.is_admin(chat, b.user):
            return True
        r = m.get("reply_to_message")
        if r and r.get("from", {}).get("id") == b.id:
            return True
        for e in m.get("entities", ()):
            if e["type"] == "bot_command":
                cmd = utf16_slice(m["text"], e["offset"], e["length"])
                at = cmd.partition("@")[2]
                if not at or at.lower() == b.user.username.lower():
                    return True
        return False

    def record_sent(self, bot: Bot, method: str, chat: Chat, m: dict, extra: dict | None = None) -> dict:
        text = m.get("text", m.get("caption", ""))
        ents = m.get("entities", m.get("caption_entities"))
        r = {
            "seq": self.seq(),
            "bot_id": bot.id,
            "method": method,
            "chat_id": chat.id,
            "chat_type": chat.type,
            "message_id": m["message_id"],
            "date": m["date"],
            "time": time.time(),
            "text": text,
            "html": formatting.render_html(text, ents),
            "buttons": buttons(m.get("reply_markup")),
            "reply_to": m.get("reply_to_message", {}).get("message_id"),
            "thread": m.get("message_thread_id"),
            "kind": next(
                (
                    k
                    for k in (
                        "text",
                        "photo",
                        "document",
                        "sticker",
                        "poll",
                        "dice",
                        "video",
                        "audio",
                        "voice",
                        "animation",
                        "video_note",
                        "location",
                        "venue",
                        "contact",
                    )
                    if k in m
                ),
                "?",
            ),
            "deleted": False,
            "edits": [],
            "message": m,
        }
        if extra:
            r.update(extra)
        self.sent.append(r)
        self.sent_by[(bot.id if chat.type == "private" else 0, chat.id, m["message_id"])] = r
        if self.sent_event is not None:
            self.sent_event.set()
        return r

    def sent_rec(self, bot_id: int, chat: Chat, mid: int) -> dict | None:
        return self.sent_by.get((bot_id if chat.type == "private" else 0, chat.id, mid))

    def touched(self, r: dict | None, m: dict, what: str, method: str):
        """A message the bot sent was edited: keep the trail in the sent log."""
        if r is None:
            return
        r["edits"].append(
            {
                "seq": self.seq(),
                "time": time.time(),
                "method": method,
                "what": what,
                "text": r["text"],
                "html": r["html"],
                "buttons": r["buttons"],
            }
        )
        text = m.get("text", m.get("caption", ""))
        r["text"] = text
        r["html"] = formatting.render_html(text, m.get("entities", m.get("caption_entities")))
        r["buttons"] = buttons(m.get("reply_markup"))
        r["message"] = m
        if self.sent_event is not None:
            self.sent_event.set()

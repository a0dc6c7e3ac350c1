"""Ephemeral messages: one member sees them; they have no message_id and are not kept in the chat."""

from __future__ import annotations

from .api_consts import NOT_MODIFIED, OLD_QUERY
from .api_lookup import Lookup
from .entities import Bot, Chat
from .errors import bad


class Whispers(Lookup):
    def deliver_ephemeral(self, b: Bot, method: str, c: Chat, content: dict, to: dict) -> dict:
        if c.type not in ("group", "supergroup"):
            raise bad("ephemeral messages can be sent only to group and supergroup chats")
        u = self.target(b, to["receiver_user_id"])
        if not self.w.member(c, u).present:
            raise bad("USER_NOT_PARTICIPANT")
        if "callback_query_id" in to and to["callback_query_id"] not in self.w.callbacks:
            raise bad(OLD_QUERY)
        c.next_ephemeral += 1
        m = {
            "message_id": 0,
            "ephemeral_message_id": c.next_ephemeral,
            "from": b.user.json(),
            "receiver_user": u.json(),
            "date": self.w.now(),
            "chat": c.json(),
            **content,
        }
        name = self.w.spec.methods[method]["name"]
        record = self.w.record_sent(
            b, name, c, m, {"receiver": u.id, "ephemeral_message_id": c.next_ephemeral}
        )
        c.ephemeral[c.next_ephemeral] = record
        return m

    def whisper(self, b: Bot, p: dict, what: str) -> tuple[Chat, dict]:
        """The record of an ephemeral message of this bot to this receiver."""
        c = self.group(b, p, ("group", "supergroup"))
        r = c.ephemeral.get(p["ephemeral_message_id"])
        if r is None or (r["bot_id"], r["receiver"]) != (b.id, p["receiver_user_id"]):
            raise bad(f"{what} not found")
        return c, r

    def change(self, b: Bot, p: dict, r: dict, c: Chat, content: dict, method: str) -> bool:
        m = {k: v for k, v in r["message"].items() if k not in ("reply_markup", *content)}
        m |= {k: v for k, v in content.items() if v}
        rm = self.markup(c, p.get("reply_markup"))
        if rm:
            m["reply_markup"] = rm
        if m == r["message"]:
            raise bad(NOT_MODIFIED)
        self.w.touched(r, m, "text" if content else "reply_markup", method)
        return True

    def m_editephemeralmessagetext(self, b, p):
        c, r = self.whisper(b, p, "message to edit")
        t, e = self.text(
            b,
            p.get("text", ""),
            p.get("parse_mode"),
            p.get("entities"),
            4096,
            "message",
            "message text is empty",
        )
        return self.change(b, p, r, c, {"text": t, "entities": e}, "editEphemeralMessageText")

    def m_editephemeralmessagereplymarkup(self, b, p):
        c, r = self.whisper(b, p, "message to edit")
        return self.change(b, p, r, c, {}, "editEphemeralMessageReplyMarkup")

    def m_deleteephemeralmessage(self, b, p):
        c, r = self.whisper(b, p, "message to delete")
        r["deleted"] = True
        del c.ephemeral[p["ephemeral_message_id"]]
        return True

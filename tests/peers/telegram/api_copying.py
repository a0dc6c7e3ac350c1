"""Copying and forwarding."""

from __future__ import annotations

from .api_media import Media
from .errors import ApiError, bad


class Copying(Media):
    def _content(self, m: dict) -> dict:
        skip = {
            "message_id",
            "from",
            "sender_chat",
            "date",
            "chat",
            "reply_to_message",
            "edit_date",
            "reply_markup",
            "message_thread_id",
            "is_topic_message",
            "has_protected_content",
            "forward_origin",
            "external_reply",
            "quote",
            "media_group_id",
            "is_automatic_forward",
            "author_signature",
        }
        return {k: v for k, v in m.items() if k not in skip}

    SERVICE = frozenset(
        {
            "new_chat_members",
            "left_chat_member",
            "pinned_message",
            "new_chat_title",
            "migrate_to_chat_id",
            "migrate_from_chat_id",
            "new_chat_photo",
            "delete_chat_photo",
            "forum_topic_created",
            "forum_topic_closed",
            "forum_topic_reopened",
            "forum_topic_edited",
            "group_chat_created",
            "supergroup_chat_created",
        }
    )

    def _src(self, b, p, mid, verb):
        c = self.chat(b, p["from_chat_id"], "read")
        m = self.message(c, mid, f"message to {verb}")
        if self.SERVICE & m.keys():
            raise bad(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
        if m.get("has_protected_content"):
            raise bad(
                "message has protected content and can't be " + ("copied" if verb == "copy" else "forwarded")
            )
        return c, m

    def _fork(self, b, p, src, m, forward: bool, method: str) -> dict:
        c, kw = self.dest(b, p, "can_send_messages", "text messages")
        content = dict(self._content(m))
        if forward:
            if "forward_origin" in m:
                origin = m["forward_origin"]
            elif src.type == "channel":
                origin = {
                    "type": "channel",
                    "date": m["date"],
                    "chat": src.json(),
                    "message_id": m["message_id"],
                }
            elif "sender_chat" in m:
                origin = {"type": "chat", "date": m["date"], "sender_chat": m["sender_chat"]}
            else:
                origin = {"type": "user", "date": m["date"], "sender_user": m["from"]}
            kw["extra"] = {**(kw.get("extra") or {}), "forward_origin": origin}
        elif "caption" in p and "text" not in content:
            t, e = self.text(
                b,
                p["caption"],
                p.get("parse_mode"),
                p.get("caption_entities"),
                1024,
                "message caption",
                None,
            )
            content.pop("caption", None)
            content.pop("caption_entities", None)
            if t:
                content["caption"] = t
                if e:
                    content["caption_entities"] = e
        return self.deliver(b, method, c, content, kw, p)

    def m_copymessage(self, b, p):
        src, m = self._src(b, p, p["message_id"], "copy")
        return {"message_id": self._fork(b, p, src, m, False, "copymessage")["message_id"]}

    def m_forwardmessage(self, b, p):
        src, m = self._src(b, p, p["message_id"], "forward")
        return self._fork(b, p, src, m, True, "forwardmessage")

    def _many(self, b, p, forward, method):
        ids = p["message_ids"]
        if not 1 <= len(ids) <= 100:
            raise bad(
                "message identifiers are not specified"
                if not ids
                else "too many message identifiers specified"
            )
        if sorted(set(ids)) != ids:
            raise bad("message identifiers must be in a strictly increasing order")
        out = []
        for i in ids:
            try:
                src, m = self._src(b, p, i, "forward" if forward else "copy")
            except ApiError:
                continue
            out.append({"message_id": self._fork(b, p, src, m, forward, method)["message_id"]})
        if not out:
            raise bad("there are no messages to forward")
        return out

    def m_copymessages(self, b, p):
        return self._many(b, p, False, "copymessages")

    def m_forwardmessages(self, b, p):
        return self._many(b, p, True, "forwardmessages")

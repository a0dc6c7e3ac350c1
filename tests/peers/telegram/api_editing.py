"""Editing, deleting, pinning, reacting, answering buttons."""

from __future__ import annotations

from .api_consts import NOT_MODIFIED, OLD_QUERY
from .api_copying import Copying
from .entities import Chat
from .errors import bad


class Editing(Copying):
    def _editable(self, b, p) -> tuple[Chat, dict]:
        if "inline_message_id" in p:
            raise bad("MESSAGE_ID_INVALID")
        if "chat_id" not in p:
            raise bad("chat_id is empty")
        if "message_id" not in p:
            raise bad("message identifier is not specified")
        c = self.chat(b, p["chat_id"])
        m = self.message(c, p["message_id"], "message to edit")
        own = m.get("from", {}).get("id") == b.id or (
            c.type == "channel" and self.w.right(c, b.user, "can_edit_messages")
        )
        if not own or "forward_origin" in m or "dice" in m or (self.SERVICE & m.keys()):
            raise bad("message can't be edited")
        return c, m

    def _apply_edit(self, b, p, c, old, new, what, method):
        rm = self.markup(c, p.get("reply_markup"))
        new.pop("reply_markup", None)
        if rm:
            new["reply_markup"] = rm
        ignored = ("edit_date", "link_preview_options")
        if all(old.get(k) == new.get(k) for k in {*old, *new} if k not in ignored):
            raise bad(NOT_MODIFIED)
        new["edit_date"] = self.w.now()
        c.msgs[new["message_id"]] = new
        self.w.touched(self.w.sent_rec(b.id, c, new["message_id"]), new, what, method)
        return new

    def m_editmessagetext(self, b, p):
        c, m = self._editable(b, p)
        if "text" not in p:
            raise bad("message text is empty")
        if "text" not in m:
            raise bad("there is no text in the message to edit")
        t, e = self.text(
            b, p["text"], p.get("parse_mode"), p.get("entities"), 4096, "message", "message text is empty"
        )
        n = {**m, "text": t}
        n.pop("entities", None)
        if e:
            n["entities"] = e
        if p.get("link_preview_options"):
            n["link_preview_options"] = p["link_preview_options"]
        return self._apply_edit(b, p, c, m, n, "text", "editMessageText")

    def m_editmessagecaption(self, b, p):
        c, m = self._editable(b, p)
        if not any(k in m for k in ("photo", "document", "video", "audio", "voice", "animation")):
            raise bad("there is no caption in the message to edit")
        t, e = self.text(
            b,
            p.get("caption", ""),
            p.get("parse_mode"),
            p.get("caption_entities"),
            1024,
            "message caption",
            None,
        )
        n = {k: v for k, v in m.items() if k not in ("caption", "caption_entities")}
        if t:
            n["caption"] = t
            if e:
                n["caption_entities"] = e
        return self._apply_edit(b, p, c, m, n, "caption", "editMessageCaption")

    def m_editmessagereplymarkup(self, b, p):
        c, m = self._editable(b, p)
        return self._apply_edit(b, p, c, m, dict(m), "reply_markup", "editMessageReplyMarkup")

    def m_editmessagemedia(self, b, p):
        c, m = self._editable(b, p)
        it = p["media"]
        kind = it["type"]
        if "text" in m:
            raise bad("there is no media in the message to edit")
        f = self.file_param(b, it["media"], kind, p["_files"], "editmessagemedia")
        n = {
            k: v
            for k, v in m.items()
            if k not in ("photo", "video", "document", "audio", "animation", "caption", "caption_entities")
        }
        n[kind] = self.w.media_json(f, it.get("duration", 0))
        if it.get("caption"):
            t, e = self.text(
                b,
                it["caption"],
                it.get("parse_mode"),
                it.get("caption_entities"),
                1024,
                "message caption",
                None,
            )
            n["caption"] = t
            if e:
                n["caption_entities"] = e
        return self._apply_edit(b, p, c, m, n, "media", "editMessageMedia")

    def _deletable(self, b, c, m) -> bool:
        own = m.get("from", {}).get("id") == b.id
        if c.type == "private":
            ok = True
            if "dice" in m and self.w.now() - m["date"] < 86400 and own:
                ok = False
        elif c.type == "channel":
            ok = self.w.right(c, b.user, "can_delete_messages") or (
                own and self.w.right(c, b.user, "can_post_messages")
            )
        elif c.type == "group":
            ok = own or self.w.is_admin(c, b.user)
        else:
            ok = own or self.w.right(c, b.user, "can_delete_messages")
        if {"supergroup_chat_created", "forum_topic_created"} & m.keys():
            ok = False
        if self.w.config["delete_48h"] and self.w.now() - m["date"] > 48 * 3600:
            ok = False
        return ok

    def _delete(self, b, c, m):
        c.msgs.pop(m["message_id"], None)
        if m["message_id"] in c.pinned:
            c.pinned.remove(m["message_id"])
        r = self.w.sent_rec(b.id, c, m["message_id"])
        if r is not None:
            r["deleted"] = True
        self.w.actions.append(
            {
                "seq": self.w.seq(),
                "what": "delete",
                "chat_id": c.id,
                "message_id": m["message_id"],
                "by": b.id,
                "message": m,
            }
        )

    def m_deletemessage(self, b, p):
        c = self.chat(b, p["chat_id"])
        m = self.message(c, p["message_id"], "message to delete")
        if not self._deletable(b, c, m):
            raise bad(
                "message can't be deleted" if c.type != "private" else "message can't be deleted for everyone"
            )
        self._delete(b, c, m)
        return True

    def m_deletemessages(self, b, p):
        c = self.chat(b, p["chat_id"])
        ids = p["message_ids"]
        if not 1 <= len(ids) <= 100:
            raise bad(
                "message identifiers are not specified"
                if not ids
                else "too many message identifiers specified"
            )
        for i in ids:
            m = c.msg(i) if i > 0 else None
            if m is None:
                continue
            if not self._deletable(b, c, m):
                raise bad("message can't be deleted")
            self._delete(b, c, m)
        return True

    def _may_pin(self, b, c):
        if c.type == "private":
            return
        ok = self.w.right(c, b.user, "can_edit_messages" if c.type == "channel" else "can_pin_messages") or (
            c.type != "channel"
            and c.permissions.get("can_pin_messages")
            and self.w.perm(c, b.user, "can_pin_messages")
        )
        if not ok:
            raise bad("not enough rights to manage pinned messages in the chat")

    def m_pinchatmessage(self, b, p):
        c = self.chat(b, p["chat_id"])
        m = self.message(c, p["message_id"], "message to pin")
        self._may_pin(b, c)
        if self.SERVICE & m.keys():
            raise bad("message can't be pinned")
        if m["message_id"] in c.pinned:
            return True
        c.pinned.append(m["message_id"])
        if c.type == "channel":
            self.w.post(c, None, {"pinned_message": self.w.nested(m)}, service=True, sender_chat=c, by_bot=b)
        else:
            self.w.post(c, b.user, {"pinned_message": self.w.nested(m)}, service=True, by_bot=b)
        return True

    def m_unpinchatmessage(self, b, p):
        c = self.chat(b, p["chat_id"])
        self._may_pin(b, c)
        if "message_id" in p:
            if p["message_id"] not in c.pinned:
                raise bad("message to unpin not found")
            c.pinned.remove(p["message_id"])
        elif c.pinned:
            c.pinned.pop()
        else:
            raise bad("message to unpin not found")
        return True

    def m_unpinallchatmessages(self, b, p):
        c = self.chat(b, p["chat_id"])
        self._may_pin(b, c)
        c.pinned.clear()
        return True

    def m_setmessagereaction(self, b, p):
        c = self.chat(b, p["chat_id"])
        m = self.message(c, p["message_id"], "message to react")
        rs = p.get("reaction") or []
        if len(rs) > 1:
            raise bad("REACTIONS_TOO_MANY")
        for r in rs:
            if r["type"] == "paid":
                raise bad("REACTION_INVALID")
            if r["type"] == "custom_emoji":
                if not r["custom_emoji_id"].isdigit():
                    raise bad("invalid custom emoji identifier specified")
                if not any(r in x for x in c.reactions.get(m["message_id"], {}).values()):
                    raise bad(
                        "REACTION_INVALID"
                    )  # bots may only join in with custom emoji that are there already
            if r["type"] == "emoji" and (
                r["emoji"] not in self.w.spec.reaction_emoji
                or (c.available_reactions is not None and r["emoji"] not in c.available_reactions)
            ):
                raise bad("REACTION_INVALID")
        if self.SERVICE & m.keys():
            raise bad("message can't be reacted")
        d = c.reactions.setdefault(m["message_id"], {})
        if rs:
            d[b.id] = rs
        else:
            d.pop(b.id, None)
        self.w.actions.append(
            {
                "seq": self.w.seq(),
                "what": "react",
                "chat_id": c.id,
                "message_id": m["message_id"],
                "by": b.id,
                "reaction": rs,
            }
        )
        return True

    # ------------------------------------------------------------------ callback queries
    def m_answercallbackquery(self, b, p):
        w = self.w
        q = w.callbacks.get(p["callback_query_id"])
        if q is None or q["bot_id"] != b.id:
            raise bad(OLD_QUERY)
        if len(p.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        if w.now() - q["date"] > w.config["callback_ttl"]:
            q["late"] = q.get("late", 0) + 1
            raise bad(OLD_QUERY)
        if q["answer"] is not None and w.config["callback_answer_twice"] == "error":
            q["twice"] = q.get("twice", 0) + 1
            raise bad(OLD_QUERY)
        q["answer"] = {
            "text": p.get("text"),
            "show_alert": bool(p.get("show_alert")),
            "url": p.get("url"),
            "cache_time": p.get("cache_time", 0),
            "seq": w.seq(),
        }
        if w.sent_event is not None:
            w.sent_event.set()
        return True

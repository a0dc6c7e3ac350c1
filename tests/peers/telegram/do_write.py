"""Control operations: a user writes, edits, deletes."""

from __future__ import annotations

import base64
from typing import Any

from . import formatting
from .consts import CHANNEL_BOT, GROUP_ANON_BOT, TELEGRAM_ID
from .errors import WorldError
from .helpers import TINY_PNG


class Write:
    def op_start(self, user: Any, bot: Any = None, payload: str | None = None, date: int | None = None):
        """The user opens the bot and presses Start (with a deep-link payload)."""
        w = self.w
        b, u = w.bot(bot), w.user(user)
        if b.id in u.blocked:
            self.op_unblock(u.id, b.id)
        u.started.add(b.id)
        return self.op_say(user, None, "/start" + (f" {payload}" if payload else ""), bot=b.id, date=date)

    def op_block(self, user: Any, bot: Any = None):
        """The user blocks the bot (my_chat_member: member -> kicked)."""
        return self._block(user, bot, True)

    def op_unblock(self, user: Any, bot: Any = None):
        return self._block(user, bot, False)

    def _block(self, user, bot, on):
        w = self.w
        b, u = w.bot(bot), w.user(user)
        if (b.id in u.blocked) == on:
            return False
        (u.blocked.add if on else u.blocked.discard)(b.id)
        if not on:
            u.started.add(b.id)
        mem = {"user": b.user.json(), "status": "member"}
        kick = {"user": b.user.json(), "status": "kicked", "until_date": 0}
        w.emit(
            b,
            "my_chat_member",
            {
                "chat": b.private_chat(u).json(),
                "from": u.json(),
                "date": w.now(),
                "old_chat_member": mem if on else kick,
                "new_chat_member": kick if on else mem,
            },
            ("my", u.id),
        )
        return True

    def op_say(
        self,
        user: Any,
        chat: Any = None,
        text: str | None = None,
        *,
        bot: Any = None,
        parse_mode: str | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
        date: int | None = None,
        photo: Any = None,
        document: Any = None,
        sticker: Any = None,
        voice: Any = None,
        video: Any = None,
        dice: Any = None,
        location: Any = None,
        contact: Any = None,
        caption: str | None = None,
        forward_from: Any = None,
        media_group_id: str | None = None,
        anonymous: bool = False,
        as_chat: Any = None,
        auto_forward: bool = False,
        force: bool = False,
        via_bot: Any = None,
        quote: str | None = None,
    ):
        """A user writes.

        chat omitted: the private chat with the bot. photo/document/...: true, or {"data": base64, "name":
        ..., "mime": ...}. date: any unix time (simulate other days). anonymous: an administrator writes
        as the group; as_chat: writes as that channel; auto_forward: the linked channel's post arrives.
        force: ignore bans and permissions. Returns {message_id, chat_id, date, update_ids}.
        """
        w = self.w
        u = w.user(user)
        b = None
        if chat is None or (
            isinstance(chat, (int, str)) and str(chat).lstrip("-").isdigit() and int(chat) > 0
        ):
            b = w.bot(bot)
            c = b.private_chat(u)
            if b.id in u.blocked:
                raise WorldError("the user has blocked the bot")
            if b.id not in u.started:
                if not force and (text or "").split(" ")[0] != "/start":
                    raise WorldError(f"user {u.id} has not started the bot: use the operation 'start' first")
                u.started.add(b.id)
        else:
            c = w.chat(chat)
            if c.migrated_to:
                raise WorldError(f"the group has moved to {c.migrated_to}")
            if not force:
                perm = (
                    "can_send_messages"
                    if text is not None
                    else "can_send_photos"
                    if photo
                    else "can_send_documents"
                    if document
                    else "can_send_other_messages"
                )
                if not w.perm(c, u, perm) and not (auto_forward and u.id == TELEGRAM_ID):
                    st = w.member(c, u).status
                    raise WorldError(f"user {u.id} ({st}) may not write to {c.id}: {perm}")
        if thread and thread not in c.topics and c.is_forum:
            raise WorldError("no such topic")
        content: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        body_text = text if text is not None else caption

        def stored(kind, v):
            if isinstance(v, str) and v in w.files:
                return w.files[v]
            v = v if isinstance(v, dict) else {}
            data = (
                base64.b64decode(v["data"])
                if "data" in v
                else (TINY_PNG if kind == "photo" else b"fake " + kind.encode())
            )
            return (
                w.add_photo(data)
                if kind == "photo"
                else w.add_file(
                    kind,
                    data,
                    name=v.get("name") or ("file.txt" if kind == "document" else None),
                    mime=v.get("mime"),
                    size=v.get("size"),
                )
            )

        for kind, v in (
            ("photo", photo),
            ("document", document),
            ("sticker", sticker),
            ("voice", voice),
            ("video", video),
        ):
            if v:
                f = stored(kind, v)
                content[kind] = w.media_json(f)
                if kind == "sticker" and isinstance(v, dict) and v.get("emoji"):
                    content[kind]["emoji"] = v["emoji"]
        if dice:
            content["dice"] = (
                dice if isinstance(dice, dict) else {"emoji": "🎲", "value": w.rng.randint(1, 6)}
            )
        if location:
            content["location"] = location
        if contact:
            content["contact"] = (
                contact
                if isinstance(contact, dict)
                else {"phone_number": "+10000000000", "first_name": u.first_name, "user_id": u.id}
            )
        if body_text is not None:
            try:
                t, e = formatting.parse(body_text, parse_mode)
            except formatting.ParseError as x:
                raise ValueError(f"text: {x}") from None
            t, e = formatting.trim(t, e)
            for x in e:
                uid = x.pop("_user_id", None)
                if uid is not None:
                    x["user"] = w.user(uid).json()
            e = formatting.auto_entities(t, e)
            key = "caption" if any(k in content for k in ("photo", "document", "video", "voice")) else "text"
            if t:
                content[key] = t
                if e:
                    content["entities" if key == "text" else "caption_entities"] = e
        if not content:
            raise ValueError("nothing to say")
        if forward_from is not None:
            o = w.chats.get(forward_from) if isinstance(forward_from, int) else None
            if o is not None:
                extra["forward_origin"] = (
                    {"type": "channel", "date": w.now(), "chat": o.json(), "message_id": 1}
                    if o.type == "channel"
                    else {"type": "chat", "date": w.now(), "sender_chat": o.json()}
                )
            elif isinstance(forward_from, str) and not forward_from.lstrip("-").isdigit():
                extra["forward_origin"] = {
                    "type": "hidden_user",
                    "date": w.now(),
                    "sender_user_name": forward_from,
                }
            else:
                extra["forward_origin"] = {
                    "type": "user",
                    "date": w.now(),
                    "sender_user": w.user(forward_from).json(),
                }
        if media_group_id:
            extra["media_group_id"] = media_group_id
        if via_bot is not None:
            extra["via_bot"] = w.user(via_bot).json()
        if reply_to is not None and c.msg(reply_to) is None:
            raise WorldError(f"message {reply_to} is not in chat {c.id}")
        if quote:
            extra["quote"] = {"text": quote, "position": 0, "is_manual": True}
        sender, sc = u, None
        if c.type == "channel":
            sender, sc = None, c
        elif anonymous:
            if not w.is_admin(c, u):
                raise WorldError("only administrators can be anonymous")
            sender, sc = w.users[GROUP_ANON_BOT], c
        elif as_chat is not None:
            o = w.chat(as_chat)
            if o.id in c.banned_chats and not force:
                raise WorldError(f"channel {o.id} is banned in {c.id}")
            sc = o
            if auto_forward:
                sender = w.users[TELEGRAM_ID]
                extra["is_automatic_forward"] = True
                extra["forward_origin"] = {
                    "type": "channel",
                    "date": w.now() if date is None else date,
                    "chat": o.json(),
                    "message_id": max(1, o.next_mid - 1),
                }
            else:
                sender = w.users[CHANNEL_BOT]
        before = {x.id: x.next_uid for x in w.bots_by_id.values()}
        m = w.post(
            c,
            sender,
            content,
            date=date,
            reply_to=reply_to or 0,
            thread=thread or 0,
            sender_chat=sc,
            extra=extra,
        )
        return {
            "message_id": m["message_id"],
            "chat_id": c.id,
            "date": m["date"],
            "update_ids": {
                str(x.id): x.next_uid - 1 for x in w.bots_by_id.values() if x.next_uid > before[x.id]
            },
        }

    def op_edit(
        self,
        user: Any,
        message_id: int,
        text: str,
        chat: Any = None,
        bot: Any = None,
        date: int | None = None,
    ):
        """A user edits a message (edited_message update)."""
        w = self.w
        u = w.user(user)
        c = w.bot(bot).private_chat(u) if chat is None else w.chat(chat, bot)
        m = c.msg(message_id)
        if m is None or (c.type != "channel" and m.get("from", {}).get("id") != u.id):
            raise WorldError("only the author can edit an existing message")
        key = "text" if "text" in m else "caption"
        n = {k: v for k, v in m.items() if k not in (key, "entities", "caption_entities")}
        n[key] = text
        e = formatting.auto_entities(text, [])
        if e:
            n["entities" if key == "text" else "caption_entities"] = e
        n["edit_date"] = w.now() if date is None else date
        c.msgs[message_id] = n
        for b in w.chat_bots(c):
            if w._readable(b, c, n):
                w.emit(
                    b, "edited_channel_post" if c.type == "channel" else "edited_message", n, ("chat", c.id)
                )
        return {"message_id": message_id}

    def op_delete(self, message_id: int, chat: Any = None, user: Any = None, bot: Any = None):
        """A user deletes a message (Telegram tells bots nothing)."""
        c = self.w.bot(bot).private_chat(self.w.user(user)) if chat is None else self.w.chat(chat, bot)
        if c.msgs.pop(message_id, None) is None:
            raise WorldError("no such message")
        return True

"""The send* methods without files."""

from __future__ import annotations

from typing import Any

from . import formatting
from .api_consts import CHAT_ACTIONS
from .api_whispers import Whispers
from .consts import DICE_MAX
from .entities import Bot, Chat, Poll, User
from .errors import bad


class Sending(Whispers):
    def dest(self, b: Bot, p: dict, perm: str, what: str) -> tuple[Chat, dict]:
        """Resolve the chat, topic and reply of a send* call."""
        c = self.chat(b, p["chat_id"])
        self.may_write(b, c, perm, what)
        kw: dict[str, Any] = {"thread": 0, "reply_to": 0}
        th = p.get("message_thread_id")
        if th:
            if not c.is_forum or th not in c.topics or c.topics[th].get("deleted"):
                raise bad("message thread not found")
            if c.topics[th].get("closed") and not self.w.right(c, b.user, "can_manage_topics"):
                raise bad("TOPIC_CLOSED")
            kw["thread"] = th
        rp = p.get("reply_parameters")
        if rp:
            self.reply(b, c, rp, kw)
        return c, kw

    def may_write(self, b: Bot, c: Chat, perm: str, what: str):
        if c.type == "private":
            return
        if not self.w.perm(c, b.user, perm):
            if c.type == "channel":
                raise bad("need administrator rights in the channel chat")
            raise bad(f"not enough rights to send {what} to the chat")

    def reply(self, b: Bot, c: Chat, rp: dict, kw: dict):
        if "message_id" not in rp:
            raise bad("message to be replied not found")
        if "chat_id" in rp and rp["chat_id"] != c.id:
            src = self.chat(b, rp["chat_id"], "read")
            m = src.msg(rp["message_id"])
            if m is None:
                raise bad("message to be replied not found")
            origin = (
                {"type": "user", "date": m["date"], "sender_user": m["from"]}
                if "from" in m
                else {"type": "chat", "date": m["date"], "sender_chat": src.json()}
            )
            kw["extra"] = {
                "external_reply": {"origin": origin, "chat": src.json(), "message_id": m["message_id"]}
            }
            return
        m = c.msg(rp["message_id"]) if rp["message_id"] > 0 else None
        if m is None:
            if rp.get("allow_sending_without_reply"):
                return
            raise bad("message to be replied not found")
        kw["reply_to"] = rp["message_id"]
        if rp.get("quote"):
            q, _ = self.text(
                b,
                rp["quote"],
                rp.get("quote_parse_mode"),
                rp.get("quote_entities"),
                1024,
                "quote",
                None,
                auto=False,
            )
            src = m.get("text", m.get("caption", ""))
            if q not in src:
                raise bad("QUOTE_TEXT_INVALID")
            kw["extra"] = {
                "quote": {"text": q, "position": formatting.u16len(src[: src.index(q)]), "is_manual": True}
            }

    def deliver(self, b: Bot, method: str, c: Chat, content: dict, kw: dict, p: dict) -> dict:
        rm = self.markup(c, p.get("reply_markup"))
        if rm:
            content["reply_markup"] = rm
        extra = kw.pop("extra", None) or {}
        if p.get("protect_content"):
            extra["has_protected_content"] = True
        if p.get("link_preview_options") and "text" in content:
            content["link_preview_options"] = p["link_preview_options"]
        if "ephemeral_message_parameters" in p:
            return self.deliver_ephemeral(b, method, c, content | extra, p["ephemeral_message_parameters"])
        sc = None
        sender: User | None = b.user
        if c.type == "channel":
            sender, sc = None, c
        m = self.w.post(c, sender, content, by_bot=b, extra=extra, sender_chat=sc, **kw)
        self.w.record_sent(
            b,
            self.w.spec.methods[method]["name"],
            c,
            m,
            {
                "reply_keyboard": p["reply_markup"] if p.get("reply_markup") and not rm else None,
                "disable_notification": bool(p.get("disable_notification")),
            },
        )
        return m

    def m_sendmessage(self, b, p):
        c, kw = self.dest(b, p, "can_send_messages", "text messages")
        t, e = self.text(
            b, p["text"], p.get("parse_mode"), p.get("entities"), 4096, "message", "message text is empty"
        )
        content = {"text": t}
        if e:
            content["entities"] = e
        return self.deliver(b, "sendmessage", c, content, kw, p)

    def m_senddice(self, b, p):
        c, kw = self.dest(b, p, "can_send_other_messages", "dice")
        em = (p.get("emoji") or "🎲").replace("\ufe0f", "")
        if em not in DICE_MAX:
            raise bad("wrong dice emoji specified")
        v = self.w.dice_next.pop(0) if self.w.dice_next else self.w.rng.randint(1, DICE_MAX[em])
        return self.deliver(b, "senddice", c, {"dice": {"emoji": em, "value": v}}, kw, p)

    def m_sendlocation(self, b, p):
        c, kw = self.dest(b, p, "can_send_messages", "locations")
        return self.deliver(
            b,
            "sendlocation",
            c,
            {"location": {"latitude": p["latitude"], "longitude": p["longitude"]}},
            kw,
            p,
        )

    def m_sendvenue(self, b, p):
        c, kw = self.dest(b, p, "can_send_messages", "venues")
        loc = {"latitude": p["latitude"], "longitude": p["longitude"]}
        return self.deliver(
            b,
            "sendvenue",
            c,
            {"venue": {"location": loc, "title": p["title"], "address": p["address"]}, "location": loc},
            kw,
            p,
        )

    def m_sendcontact(self, b, p):
        c, kw = self.dest(b, p, "can_send_messages", "contacts")
        ct = {k: p[k] for k in ("phone_number", "first_name", "last_name", "vcard") if p.get(k)}
        return self.deliver(b, "sendcontact", c, {"contact": ct}, kw, p)

    def m_sendpoll(self, b, p):
        c, kw = self.dest(b, p, "can_send_polls", "polls")
        w = self.w
        q, qe = self.text(
            b,
            p["question"],
            p.get("question_parse_mode"),
            p.get("question_entities"),
            300,
            "poll question",
            "poll question must be non-empty",
            auto=False,
        )
        opts = p["options"]
        if len(opts) < 1:
            raise bad("poll must have at least one answer option")
        if len(opts) > 12:
            raise bad("poll can't have more than 12 options")
        os_ = []
        for i, o in enumerate(opts):
            t, e = self.text(
                b,
                o["text"],
                o.get("text_parse_mode"),
                o.get("text_entities"),
                100,
                "poll option length",
                "poll options must be non-empty",
                auto=False,
            )
            j = {"persistent_id": str(i), "text": t, "voter_count": 0}
            if e:
                j["text_entities"] = e
            os_.append(j)
        quiz = p.get("type", "regular") == "quiz"
        if p.get("type", "regular") not in ("quiz", "regular"):
            raise bad("unsupported poll type specified")
        correct = p.get("correct_option_ids") or []
        if quiz:
            if not correct:
                raise bad("correct quiz option list must be non-empty")
            if any(not 0 <= x < len(os_) for x in correct):
                raise bad("invalid correct option identifier specified")
            if sorted(set(correct)) != correct:
                raise bad("correct quiz option list must be increasing")
        if "open_period" in p and "close_date" in p:
            raise bad("can't specify both open_period and close_date")
        if "open_period" in p and not 5 <= p["open_period"] <= 2628000:
            raise bad("OPEN_PERIOD_INVALID")
        if "close_date" in p and not 5 <= p["close_date"] - w.now() <= 2628000:
            raise bad("CLOSE_DATE_INVALID")
        pid = str(w.rng.randrange(10**18, 9 * 10**18))
        d = {
            "id": pid,
            "question": q,
            "options": os_,
            "total_voter_count": 0,
            "is_closed": bool(p.get("is_closed")),
            "is_anonymous": p.get("is_anonymous", True),
            "type": "quiz" if quiz else "regular",
            "allows_multiple_answers": bool(p.get("allows_multiple_answers")),
            "allows_revoting": p.get("allows_revoting", not quiz),
            "members_only": bool(p.get("members_only")),
        }
        if qe:
            d["question_entities"] = qe
        if quiz:
            d["correct_option_ids"] = correct
            if p.get("explanation"):
                t, e = self.text(
                    b,
                    p["explanation"],
                    p.get("explanation_parse_mode"),
                    p.get("explanation_entities"),
                    200,
                    "poll explanation",
                    None,
                )
                if t.count("\n") > 2:
                    raise bad("poll explanation can't contain more than 2 line feeds")
                d["explanation"] = t
                d["explanation_entities"] = e
        for k in ("open_period", "close_date"):
            if k in p:
                d[k] = p[k]
        if "open_period" in p:
            d["close_date"] = w.now() + p["open_period"]
        m = self.deliver(b, "sendpoll", c, {"poll": d}, kw, p)
        w.polls[pid] = Poll(pid, d, c, m["message_id"], b.id, correct, b)
        return m

    def m_stoppoll(self, b, p):
        c = self.chat(b, p["chat_id"])
        m = self.message(c, p["message_id"], "message with poll to stop")
        if "poll" not in m:
            raise bad("message with poll to stop not found")
        if m.get("from", {}).get("id") != b.id:
            raise bad("poll can't be stopped")
        po = self.w.polls[m["poll"]["id"]]
        if po.data["is_closed"]:
            raise bad("poll has already been closed")
        po.close(self.w)
        return po.json()

    def m_sendchataction(self, b, p):
        c = self.chat(b, p["chat_id"])
        if p["action"] not in CHAT_ACTIONS:
            raise bad("wrong parameter action in request")
        self.may_write(b, c, "can_send_messages", "text messages")
        return True

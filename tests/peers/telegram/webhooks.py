"""Webhooks: one queue for each chat, retries, answers that are calls."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession, ClientTimeout

from .entities import Bot
from .errors import ApiError
from .jsonio import loads

CONFLICT_SET = "Conflict: terminated by setWebhook request"


def _first(q, n):
    for i, x in enumerate(q):
        if i >= n:
            return
        yield x


class Webhooks:
    def webhook_call(self, bot: Bot, method: str, p: dict):
        w = self.world
        if method == "getwebhookinfo":
            h = bot.webhook
            d = {
                "url": h["url"] if h else "",
                "has_custom_certificate": bool(h and h["cert"]),
                "pending_update_count": len(bot.queue),
            }
            if h:
                d["max_connections"] = h["max"]
                if h["ip"]:
                    d["ip_address"] = h["ip"]
                if h["last_error"]:
                    d["last_error_date"], d["last_error_message"] = h["last_error"]
            if bot.allowed is not None:
                d["allowed_updates"] = sorted(bot.allowed)
            return d, None
        url = p.get("url", "") if method == "setwebhook" else ""
        drop = bool(p.get("drop_pending_updates"))
        if "allowed_updates" in p:
            self.set_allowed(bot, p["allowed_updates"])
        if drop:
            bot.n_confirmed += len(bot.queue)
            bot.queue.clear()
        if not url:
            was = bot.webhook is not None
            self.unhook(bot)
            return True, "Webhook was deleted" if was or drop else "Webhook is already deleted"
        now = time.monotonic()
        if now < bot.next_set_webhook:
            raise ApiError(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        bot.next_set_webhook = now + 1
        sec = p.get("secret_token") or ""
        if len(sec) > 256:
            raise ApiError(400, "Bad Request: secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", sec):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        u = urlsplit(url)
        if u.scheme not in ("http", "https") or not u.hostname:
            raise ApiError(400, "Bad Request: invalid webhook URL specified")
        if u.scheme == "http" and not w.config["webhook_http"]:
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.unhook(bot)
        if bot.waiter is not None and not bot.waiter.done():
            bot.waiter.set_result(CONFLICT_SET)
        bot.webhook = {
            "url": url,
            "secret": sec,
            "max": min(100, max(1, p.get("max_connections", 40))),
            "ip": p.get("ip_address"),
            "cert": "certificate" in p or "certificate" in p["_files"],
            "last_error": None,
            "event": asyncio.Event(),
            "sent": 0,
            "failed": 0,
        }
        if "certificate" in p["_files"]:
            p["_files"]["certificate"].used = True
        bot.wake_webhook = bot.webhook["event"].set
        bot.webhook["event"].set()
        bot.webhook["task"] = asyncio.create_task(self.deliver_webhooks(bot, bot.webhook))
        return True, "Webhook was set"

    def unhook(self, bot: Bot):
        h, bot.webhook, bot.wake_webhook = bot.webhook, None, None
        if h and h.get("task"):
            h["task"].cancel()

    async def deliver_webhooks(self, bot: Bot, h: dict):
        """One POST per update; updates of one chat (queue key) strictly in order, others in parallel."""
        if self.http is None:
            self.http = ClientSession(timeout=ClientTimeout(total=60))
        busy: dict[Any, Any] = {}  # queue key -> update id in flight or waiting for its retry
        tasks: set[asyncio.Task] = set()
        sem = asyncio.Semaphore(h["max"])

        async def one(u):
            delay = self.world.config["webhook_retry_base"]
            fails = 0
            try:
                while True:
                    if u[2] < self.world.now():
                        bot.n_expired += 1
                        break
                    ra = 0.0
                    async with sem:
                        try:
                            hd = {"Content-Type": "application/json"}
                            if h["secret"]:
                                hd["X-Telegram-Bot-Api-Secret-Token"] = h["secret"]
                            bot.n_delivered += 1
                            if fails:
                                bot.redelivered[u[0]] = bot.redelivered.get(u[0], 0) + 1
                            async with self.http.post(h["url"], data=u[1], headers=hd) as r:
                                body = await r.read()
                                if 200 <= r.status < 300:
                                    h["sent"] += 1
                                    await self.webhook_reply(bot, r, body)
                                    break
                                err = f"Wrong response from the webhook: {r.status} {r.reason}"
                                try:
                                    ra = float(r.headers.get("Retry-After", 0))
                                except ValueError:
                                    ra = 0.0
                        except asyncio.CancelledError:
                            raise
                        except Exception as e:
                            err = (
                                "Connection refused"
                                if "Cannot connect" in str(e)
                                else "Read timeout expired"
                                if isinstance(e, asyncio.TimeoutError)
                                else "Webhook connection closed"
                            )
                    h["failed"] += 1
                    h["last_error"] = (self.world.now(), err)
                    fails += 1
                    if fails > 1:
                        delay = min(60.0, delay * 2)
                    await asyncio.sleep(min(3600.0, ra) or delay)
                with contextlib.suppress(ValueError):
                    bot.queue.remove(u)
                bot.confirmed.append(u)
                bot.n_confirmed += 1
            finally:
                busy.pop(u[3], None)
                h["event"].set()

        try:
            while True:
                await h["event"].wait()
                h["event"].clear()
                if len(busy) < h["max"] * 2:
                    for u in list(_first(bot.queue, 2000)):
                        if u[3] in busy:
                            continue
                        busy[u[3]] = u[0]
                        t = asyncio.create_task(one(u))
                        tasks.add(t)
                        t.add_done_callback(tasks.discard)
                        if len(busy) >= h["max"] * 2:
                            break
        finally:
            for t in list(tasks):
                t.cancel()

    async def webhook_reply(self, bot: Bot, r, body: bytes):
        """A method call in the answer to a webhook request (its result is never known to the bot)."""
        if not body:
            return
        raw: dict[str, Any] = {}
        js: set[str] = set()
        try:
            if "json" in r.content_type:
                raw = loads(body)
                js = set(raw)
            elif "urlencoded" in r.content_type:
                raw = dict(parse_qsl(body.decode()))
        except Exception:
            return
        if not isinstance(raw, dict) or not raw.get("method"):
            return
        method = str(raw.pop("method"))
        if method.lower().startswith("get") or method.lower() in (
            "setwebhook",
            "deletewebhook",
            "close",
            "logout",
        ):
            return
        entry = {
            "seq": self.world.seq(),
            "time": time.time(),
            "bot_id": bot.id,
            "method": method,
            "params": raw,
            "via": "webhook reply",
        }
        self.world.calls.append(entry)
        try:
            await self.execute(bot, method.lower(), method, raw, {}, js)
            entry["ok"] = True
        except ApiError as e:
            entry["ok"], entry["error"] = False, f"{e.code} {e.description}"

"""HTTP front: Bot API calls, long polling, webhooks, rate limits, fault injection, control API."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import re
import socket
import struct
import time
import traceback
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiohttp import ClientSession, web
from aiohttp.web_request import BaseRequest, FileField

from .api import Api
from .api_consts import EDITING, SENDING, Upload
from .consts import OK_HEAD
from .control import Control
from .entities import Bot
from .errors import ApiError
from .faults import Faults
from .jsonio import dumps, loads
from .limits import Limits
from .polling import Polling
from .spec import ParamError, Spec
from .webhooks import Webhooks
from .world import World

MAX_BODY = 80 << 20


class Server(Polling, Webhooks):
    def __init__(
        self,
        *,
        spec: Spec | None = None,
        seed: int | None = None,
        any_token: bool = False,
        limits: bool = True,
    ):
        self.spec = spec or Spec()
        self.world = World(self.spec, seed)
        self.api = Api(self.world)
        self.limits = Limits()
        self.limits.cfg["enabled"] = limits
        self.faults = Faults()
        self.any_token = any_token
        self.control = Control(self)
        self.counters: collections.Counter = collections.Counter()
        self.runner = None
        self.port = None
        self.http: ClientSession | None = None

    # ------------------------------------------------------------------ life cycle
    async def start(self, host="127.0.0.1", port=0):
        self.world.sent_event = asyncio.Event()
        loop = asyncio.get_running_loop()
        srv = web.Server(
            self.handle,
            request_factory=lambda *a: BaseRequest(*a, loop, client_max_size=MAX_BODY),
            access_log=None,
            keepalive_timeout=3600,
        )
        self.runner = web.ServerRunner(srv, shutdown_timeout=0.2)
        await self.runner.setup()
        site = web.TCPSite(self.runner, host, port, backlog=1024)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        self.host = host
        return self

    async def stop(self):
        for b in list(self.world.bots.values()):
            if b.waiter is not None and not b.waiter.done():
                b.waiter.cancel()
            if b.webhook and b.webhook.get("task"):
                b.webhook["task"].cancel()
        if self.http is not None:
            await self.http.close()
        if self.runner is not None:
            await self.runner.cleanup()

    # ------------------------------------------------------------------ HTTP
    async def handle(self, req: BaseRequest) -> web.StreamResponse:
        path = req.rel_url.raw_path
        try:
            if path.startswith("/bot"):
                token, _, method = unquote(path[4:]).partition("/")
                return await self.bot_call(req, token, method)
            if path.startswith("/_control"):
                return await self.control.handle(req, unquote(path[len("/_control") :]).strip("/"))
            if path.startswith("/file/bot"):
                token, _, fp = unquote(path[len("/file/bot") :]).partition("/")
                f = self.world.file_paths.get(fp)
                if token not in self.world.bots or f is None or f.data is None:
                    return self.err(404, "Not Found")
                return web.Response(body=f.data, content_type=f.mime or "application/octet-stream")
        except (asyncio.CancelledError, ConnectionError):
            raise
        except ApiError as e:
            return self.err(e.code, e.description, e.parameters)
        except Exception as e:  # a bug of the fake itself: say so loudly
            traceback.print_exc()
            self.world.violation("internal", path, f"{type(e).__name__}: {e}")
            return self.err(500, f"Internal Server Error: bug of the fake server: {type(e).__name__}: {e}")
        return self.err(404, "Not Found")

    def json(self, body: bytes, status=200) -> web.Response:
        stamp = {"Date": formatdate(self.world.now(), usegmt=True)}
        return web.Response(body=body, status=status, content_type="application/json", headers=stamp)

    def err(self, code: int, desc: str, params: dict | None = None) -> web.Response:
        d = {"ok": False, "error_code": code, "description": desc}
        if params:
            d["parameters"] = params
        return self.json(dumps(d), code)

    async def read_params(self, req: BaseRequest) -> tuple[dict[str, Any], dict[str, Upload], set[str]]:
        """Raw parameters, uploads, and the names of parameters whose values are JSON already."""
        raw: dict[str, Any] = dict(parse_qsl(req.rel_url.raw_query_string, keep_blank_values=True))
        files: dict[str, Upload] = {}
        js: set[str] = set()
        if req.method == "POST" and req.can_read_body:
            ct = req.content_type
            if ct == "application/json":
                body = await req.read()
                if body:
                    try:
                        d = loads(body)
                    except ValueError:
                        raise ApiError(400, "Bad Request: can't parse JSON in the request body") from None
                    if not isinstance(d, dict):
                        raise ApiError(400, "Bad Request: request body must be a JSON object")
                    raw.update(d)
                    js = set(d)
            elif ct == "multipart/form-data":
                post = await req.post()
                for k, v in post.items():
                    if isinstance(v, FileField):
                        files[k] = Upload(k, v.filename, v.content_type, v.file.read())
                    else:
                        raw[k] = v if isinstance(v, str) else v.decode()
            else:
                body = await req.read()
                raw.update(parse_qsl(body.decode("utf-8", "surrogateescape"), keep_blank_values=True))
        return raw, files, js

    async def bot_call(self, req: BaseRequest, token: str, method_raw: str) -> web.StreamResponse:
        w = self.world
        bot = w.bots.get(token)
        if bot is None:
            if not re.fullmatch(r"\d+:[A-Za-z0-9_-]{3,}", token):
                return self.err(404, "Not Found")
            if not self.any_token:
                return self.err(401, "Unauthorized")
            bot = w.add_bot(token)
        if req.method not in ("GET", "POST"):
            return self.err(405, "Method Not Allowed")
        raw, files, js = await self.read_params(req)
        method = method_raw.lower()
        self.counters[method] += 1
        rule = self.faults.pick(method, raw) if self.faults.rules else None
        entry = {"seq": w.seq(), "time": time.time(), "bot_id": bot.id, "method": method_raw, "params": raw}
        if files:
            entry["files"] = {k: [u.name, u.mime, len(u.data)] for k, u in files.items()}
        if method != "getupdates":
            w.calls.append(entry)
        if rule is not None:
            entry["fault"] = f"{rule['kind']}/{rule['when']}"
            frec = {
                "seq": entry["seq"],
                "time": entry["time"],
                "rule": rule["id"],
                "kind": rule["kind"],
                "when": rule["when"],
                "method": method_raw,
                "params": raw,
                "applied": False,
                "result": None,
            }
            self.faults.log.append(frec)
            if rule["when"] == "before":
                entry["status"] = "fault"
                r = await self.fail(req, rule)
                if r is not None:
                    return r
        try:
            if method == "getupdates":
                body = await self.get_updates(req, bot, raw, js)
            else:
                res, note = await self.execute(bot, method, method_raw, raw, files, js, req)
                body = OK_HEAD + dumps(res) + (b',"description":' + dumps(note) if note else b"") + b"}"
                entry["ok"] = True
                if isinstance(res, dict) and "message_id" in res:
                    entry["message_id"] = res["message_id"]
            status = 200
        except ApiError as e:
            entry["ok"] = False
            entry["error"] = f"{e.code} {e.description}"
            self.counters[f"error_{e.code}"] += 1
            d = {"ok": False, "error_code": e.code, "description": e.description}
            if e.parameters:
                d["parameters"] = e.parameters
            body, status = dumps(d), e.code
        if rule is not None and rule["when"] == "after":
            frec["applied"] = bool(entry.get("ok"))
            frec["result"] = loads(body)
            r = await self.fail(req, rule, body)
            if r is not None:
                return r
        return self.json(body, status)

    async def fail(self, req: BaseRequest, rule: dict, body: bytes = b"") -> web.StreamResponse | None:
        k = rule["kind"]
        if k == "429":
            ra = rule["retry_after"]
            return self.err(
                429, rule["description"] or f"Too Many Requests: retry after {ra}", {"retry_after": ra}
            )
        if k == "500":
            return self.err(500, rule["description"] or "Internal Server Error")
        if k in ("400", "403"):
            return self.err(int(k), rule["description"] or ("Bad Request" if k == "400" else "Forbidden"))
        if k in ("502", "504"):
            t = "502 Bad Gateway" if k == "502" else "504 Gateway Time-out"
            return web.Response(
                status=int(k),
                content_type="text/html",
                text=f"<html>\r\n<head><title>{t}</title></head>\r\n<body>\r\n<center><h1>{t}</h1>"
                "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
            )
        if k == "delay":
            await asyncio.sleep(rule["delay"])
            return None
        if k == "timeout":
            await asyncio.sleep(rule["hold"])
            self.abort(req)
            return web.Response(status=500)
        if k == "truncate":
            tr = req.transport
            if tr is not None:
                full = body or b'{"ok":true,"result":{"message_id":1}}'
                tr.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    % len(full)
                    + full[: len(full) // 2]
                )
                await asyncio.sleep(0.02)
        self.abort(req)
        return web.Response(status=500)

    @staticmethod
    def abort(req: BaseRequest):
        tr = req.transport
        if tr is None:
            return
        s = tr.get_extra_info("socket")
        if s is not None:
            with contextlib.suppress(OSError):
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST, not FIN
        tr.abort()

    # ------------------------------------------------------------------ one method call
    def decode(self, bot: Bot, method: str, name: str, raw: dict, files: dict, js: set) -> dict:
        w, ms = self.world, self.spec.methods.get(method)
        strict = w.config["strict"]
        if ms is None:
            w.violation("unknown_method", name, "no such method in the spec", raw)
            raise ApiError(404, "Not Found: method not found")
        p: dict[str, Any] = {}
        problems = []
        for k, v in raw.items():
            f = ms["params"].get(k)
            if f is None:
                problems.append(("unknown_param", f"parameter {k!r} is not documented for {ms['name']}"))
                continue
            if v is None:
                continue
            try:
                p[k] = self.spec.decode(f["types"], v, k in js)
            except ParamError as e:
                problems.append(("bad_type", f"{k}: {e}"))
        for k, u in files.items():
            f = ms["params"].get(k)
            if f is not None and "InputFile" in f["types"] and k not in p:
                p[k] = u
        for k in ms["required"]:
            if k not in p and not any(pr[1].startswith(k + ":") for pr in problems):
                problems.append(("missing_param", f"required parameter {k!r} of {ms['name']} is missing"))
        if problems and strict != "off":
            for kind, d in problems:
                w.violation(kind, ms["name"], d, raw)
            if strict == "reject":
                raise ApiError(400, f"Bad Request: {problems[0][1]}")
        if problems and strict != "reject":
            for k in ms["required"]:
                if k not in p:
                    raise ApiError(
                        400,
                        {
                            "chat_id": "Bad Request: chat_id is empty",
                            "text": "Bad Request: message text is empty",
                        }.get(k, f"Bad Request: {k} is empty"),
                    )
        p["_files"] = files
        return p

    async def execute(self, bot: Bot, method: str, name: str, raw: dict, files: dict, js: set, req=None):
        w = self.world
        p = self.decode(bot, method, name, raw, files, js)
        if method in ("setwebhook", "deletewebhook", "getwebhookinfo"):
            return self.webhook_call(bot, method, p)
        fn = self.api.table.get(method)
        if fn is None:
            w.violation("not_simulated", name, "valid method, but this fake does not simulate it", raw)
            raise ApiError(501, f"Not Implemented: this fake does not simulate {name}")
        if method in SENDING or (method in EDITING and self.limits.cfg["count_edits"]):
            n = (
                len(p["media"])
                if method == "sendmediagroup"
                else len(p["message_ids"])
                if "message_ids" in p
                else 1
            )
            wait, why, ignored = self.limits.check(bot.id, p.get("chat_id"), n)
            if ignored:
                w.violation(
                    "retry_after_ignored",
                    name,
                    f"called again before retry_after was over (limit: {why})",
                    {"chat_id": p.get("chat_id")},
                )
            if wait:
                raise ApiError(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        res = fn(bot, p)
        for u in files.values():
            if not u.used:
                w.violation("unused_file", name, f"file part {u.field!r} is not referenced by any parameter")
        if w.config["selfcheck"]:
            errs = self.spec.check(self.spec.methods[method]["returns"], loads(dumps(res)), "result")
            if errs:
                w.violation("self", name, "; ".join(errs[:5]), loads(dumps(res)))
        return res, None

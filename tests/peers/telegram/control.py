"""Control API: what tests do to the simulated Telegram, and what they read back.

POST /_control/<op> with a JSON object of arguments (or GET with a query string). Errors: 400 wrong
arguments, 409 impossible in this world (e.g. a banned user tries to speak); both with {"error": "..."}.
"""

from __future__ import annotations

import inspect
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from .do_bulk import Bulk
from .do_create import Create
from .do_people import People
from .do_press import Press
from .do_read import Read
from .do_state import State
from .do_write import Write
from .errors import ApiError, WorldError
from .jsonio import dumps, loads


class Control(State, Create, Write, Press, People, Bulk, Read):
    def __init__(self, server):
        self.s = server
        self.ops = {n[3:]: getattr(self, n) for n in dir(self) if n.startswith("op_")}

    @property
    def w(self):
        return self.s.world

    # ------------------------------------------------------------------ HTTP
    async def handle(self, req, op: str) -> web.Response:
        kw: dict[str, Any] = {}
        for k, v in parse_qsl(req.rel_url.raw_query_string, keep_blank_values=True):
            try:
                kw[k] = json.loads(v)
            except ValueError:
                kw[k] = v
        try:
            if req.method == "POST" and req.can_read_body:
                body = await req.read()
                if body:
                    d = loads(body)
                    if op == "batch":
                        kw["ops"] = d["ops"] if isinstance(d, dict) else d
                    elif isinstance(d, dict):
                        kw.update(d)
                    else:
                        return self.fail(400, "the body must be a JSON object")
            res = await self.run(op or "help", kw)
        except (WorldError, ApiError) as e:
            return self.fail(409, getattr(e, "description", str(e)))
        except (TypeError, ValueError, KeyError) as e:
            return self.fail(400, f"{type(e).__name__}: {e}")
        if isinstance(res, str) and op == "transcript":
            return web.Response(text=res)
        return web.Response(body=dumps(res), content_type="application/json")

    def fail(self, code: int, msg: str) -> web.Response:
        return web.Response(status=code, body=dumps({"error": msg}), content_type="application/json")

    async def run(self, op: str, kw: dict) -> Any:
        fn = self.ops.get(op)
        if fn is None:
            raise ValueError(f"no control operation {op!r}; see /_control/help")
        try:
            inspect.signature(fn).bind(**kw)
        except TypeError as e:
            raise ValueError(f"{op}: {e}") from None
        r = fn(**kw)
        if inspect.isawaitable(r):
            r = await r
        return r

    def op_help(self):
        """All operations with their arguments."""
        return {
            n: {"args": str(inspect.signature(f)), "doc": inspect.getdoc(f) or ""}
            for n, f in sorted(self.ops.items())
        }

    async def op_batch(self, ops: list):
        """Run several operations: [{"op": "say", ...}, ...]; returns their results in order."""
        out = []
        for operation in ops:
            arguments = dict(operation)
            out.append(await self.run(arguments.pop("op"), arguments))
        return out

"""Faults on demand, before or after the effect of a call."""

from __future__ import annotations

import random


class Faults:
    KINDS = frozenset({"429", "500", "502", "504", "timeout", "reset", "truncate", "delay", "400", "403"})

    def __init__(self):
        self.rules: list[dict] = []
        self.log: list[dict] = []
        self._n = 0

    def add(
        self,
        kind="500",
        percent=100.0,
        method="*",
        when="before",
        count=None,
        chat_id=None,
        retry_after=1,
        hold=30.0,
        delay=1.0,
        description=None,
        skip=0,
        seed=None,
    ) -> dict:
        kind = str(kind)
        if kind not in self.KINDS:
            raise ValueError(f"kind must be one of {sorted(self.KINDS)}")
        if when not in ("before", "after"):
            raise ValueError("when must be before or after")
        self._n += 1
        r = {
            "id": self._n,
            "kind": kind,
            "percent": float(percent),
            "when": when,
            "count": count,
            "method": [m.lower() for m in ([method] if isinstance(method, str) else method)],
            "chat_id": chat_id,
            "retry_after": retry_after,
            "hold": hold,
            "delay": delay,
            "description": description,
            "skip": skip,
            "fired": 0,
            "matched": 0,
            "_rng": random.Random(seed),
        }
        self.rules.append(r)
        return r

    def pick(self, method: str, params: dict) -> dict | None:
        for r in self.rules:
            if r["count"] is not None and r["fired"] >= r["count"]:
                continue
            ms = r["method"]
            if "*" in ms:
                if method == "getupdates" and "getupdates" not in ms:
                    continue  # "*" leaves polling alone: name getUpdates to disturb it
            elif method not in ms:
                continue
            if r["chat_id"] is not None and str(params.get("chat_id")) != str(r["chat_id"]):
                continue
            r["matched"] += 1
            if r["matched"] <= r["skip"]:
                continue
            if r["percent"] < 100 and r["_rng"].random() * 100 >= r["percent"]:
                continue
            r["fired"] += 1
            return r
        return None

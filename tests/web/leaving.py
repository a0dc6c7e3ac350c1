"""Somebody who leaves in the middle of what they send."""

from __future__ import annotations

from starlette.types import ASGIApp, Message


async def leave_midway(app: ASGIApp, path: str, headers: dict[str, str]) -> None:
    """Send half a body to an application and be gone."""
    coming: list[Message] = [
        {"type": "http.request", "body": b"--x\r\n", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(_message: Message) -> None: ...

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)

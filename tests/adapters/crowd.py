"""People and rooms of WeChat, for tests that call them by their ids."""

from __future__ import annotations

import itertools
from typing import Any

from tests.peers.wechat.gateway import Gateway

_numbers = itertools.count(1)


class Crowd:
    """People and rooms of one test behind a gateway that others use, too; all called by their ids."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.bot = gateway.bot

    def person(self, name: str, *, friend: bool = True) -> str:
        """Somebody new; their id."""
        native = f"wxid_{next(_numbers)}"
        self.gateway.op("contact", id=native, name=name, friend=friend)
        return native

    def room(self, title: str, *members: str, owner: str | None = None) -> str:
        """A new room with the bot in it; its id."""
        native = f"{next(_numbers)}@chatroom"
        self.gateway.op("room", id=native, topic=title, members=list(members), owner=owner or self.bot)
        return native

    def says(self, who: str, text: str, room: str | None = None, **more: Any) -> str:
        """Somebody writes in a room, or to the bot; the message's id."""
        said = self.gateway.op("say", {"from": who, "room": room, "text": text, **more})
        return str(said["id"])

    def sends(self, who: str, name: str, base64: str, room: str | None = None) -> str:
        """Somebody sends a file."""
        said = self.gateway.op("say", {"from": who, "room": room, "file": {"name": name, "base64": base64}})
        return str(said["id"])

    def said_in(self, room: str, since: int = 0) -> list[str]:
        """What the bot wrote in a room."""
        return [entry["text"] for entry in self.gateway.journal("text", since) if entry["to"] == room]

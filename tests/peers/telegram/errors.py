"""What can go wrong: for the bot (ApiError) and for the test that acts (WorldError)."""

from __future__ import annotations


class ApiError(Exception):
    def __init__(self, code: int, description: str, parameters: dict | None = None):
        self.code, self.description, self.parameters = code, description, parameters
        super().__init__(description)


def bad(msg: str) -> ApiError:
    return ApiError(400, "Bad Request: " + msg)


def forbidden(msg: str) -> ApiError:
    return ApiError(403, "Forbidden: " + msg)


class WorldError(Exception):
    """A control call asked for something that cannot happen (HTTP 409 from the control API)."""

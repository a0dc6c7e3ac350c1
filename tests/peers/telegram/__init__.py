"""A strict, simulated Telegram Bot API server for tests; see README.md."""

from .client import DEFAULT_TOKEN, Control, ControlError, FakeServer, ServerProcess

__all__ = ["DEFAULT_TOKEN", "Control", "ControlError", "FakeServer", "ServerProcess"]

"""The families of errors, by consequence. Anything else is a bug: logged, kept as a dead letter."""

from __future__ import annotations


class UserError(Exception):
    """The member asked for something that cannot be done: undo this event, and tell them what to do.

    `text` names a template block (`feature.block`), `values` fill it.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class RetryLater(Exception):
    """The world was not ready (network, limits): try again after `seconds`."""

    def __init__(self, why: str, seconds: float = 1.0) -> None:
        super().__init__(why)
        self.seconds = seconds


class Away(RetryLater):
    """The platform, or the bot's account there, is away: nothing was tried, so the try does not count."""


class Undeliverable(Exception):
    """The platform will never carry out this action. `reason` is a short code kept with the action.

    Reasons: blocked, kicked, not_found, forbidden, reaction_invalid, too_old, bad_request; of a Fetch also
    too_large, not_text, of an Admit full.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Stop(Exception):
    """A platform cannot go on and a restart would not help; the message is for the operator."""

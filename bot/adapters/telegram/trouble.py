"""What only the operator can mend, in plain words. Tokens and secrets are in none of them."""

from __future__ import annotations

UNKNOWN_BOT = (
    "Telegram does not know this bot's token. Ask @BotFather for it, put it into config.toml under"
    " [telegram], and start again."
)

OTHER_POLLER = (
    "Another program has been asking Telegram for this bot's news for over a minute, perhaps a second"
    " Banzhang. Stop that one (or give this one a bot of its own), and start again."
)


def take_over(where: str) -> str:
    """Telegram brings this bot's news to another place."""
    return (
        f"Telegram brings this bot's news to {where}: another program asked for that, or Banzhang"
        " with other settings. To take the bot over: ./run takeover"
    )

"""The sections of config.toml that belong to no feature."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationInfo, field_validator

from bot.config.values import (
    Admin,
    Endpoint,
    File,
    Folder,
    GatewayToken,
    Language,
    Port,
    Settings,
    TimeOfDay,
    Token,
    WebAddress,
    WebhookSecret,
    Zone,
    is_loopback,
    split_endpoint,
)

Value = TypeVar("Value")


class BotSettings(Settings):
    """Banzhang itself."""

    in_chat = False

    language: Language = Field("zh-Hans", description="The language of rooms that have not chosen one.")
    data: Folder = Field(Path("data"), description="Where the database lies.")
    admins: tuple[Admin, ...] = Field(
        (),
        description="Who is an admin everywhere, besides those whom a platform names for its own rooms.",
        examples=[["telegram:12345"]],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is written to the log."
    )


class CommunitySettings(Settings):
    """What a new community starts with; its admins can change all of it from the chat."""

    in_chat = False

    name: str = Field("", max_length=64, description="Its name; empty takes the name of its first room.")
    zone: Zone = Field("Asia/Shanghai", description="Where its days and hours are counted.")
    day_starts_at: TimeOfDay = Field(4 * 60, description="When one day of study ends and the next begins.")


class TalkSettings(Settings):
    """How much Banzhang says unasked in a room, and to one person."""

    per_room = frozenset(
        {"quiet_from", "quiet_until", "lines_a_day", "minutes_apart", "answers_a_minute", "gather_minutes"}
    )
    quiet_from: TimeOfDay = Field(22 * 60 + 30, description="From when on nothing unasked is said.")
    quiet_until: TimeOfDay = Field(
        7 * 60 + 30, description="Until when; the same time as quiet_from: never quiet."
    )
    lines_a_day: int = Field(4, ge=0, le=48, description="Unasked lines in a room.")
    minutes_apart: int = Field(30, ge=0, le=720, description="Minutes between two of them.")
    nudges_a_day: int = Field(1, ge=0, le=10, description="Nudges to one person, over all rooms together.")
    nudges_a_week: int = Field(3, ge=0, le=70, description="The same, in seven days.")
    answers_a_minute: int = Field(
        6, ge=1, le=1_000, description="Answers to one member in a room; more are left out, but for leaders."
    )
    gather_minutes: int = Field(
        3,
        ge=0,
        le=60,
        description="Where nothing can react: minutes between lines that greet check-ins, up to four times "
        "as many while people go on; 0: one for each.",
    )


class WebSettings(Settings):
    """The pages, among them the local room."""

    in_chat = False

    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on.")
    port: Port = Field(8080, description="The port; the next free one is taken if it is busy, 0 takes any.")
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="Names under which the pages may be opened, besides this machine's own.",
        examples=[["study.example.org"]],
    )


class RoomSettings(Settings):
    """The local room: a chat in the browser to try everything in."""

    in_chat = False

    enabled: bool = Field(default=True, description="Whether there is one.")


class TemplatesSettings(Settings):
    """Your own words for what Banzhang says."""

    in_chat = False

    folder: Folder | None = Field(
        None, description="Texts in it come before Banzhang's own.", examples=["templates"]
    )


class TelegramSettings(Settings):
    """Telegram: off until there is a token."""

    in_chat = False

    token: Token | None = Field(
        None,
        description="From @BotFather. BANZHANG_TELEGRAM_TOKEN in the environment comes before it.",
        examples=["123456789:ABC-…"],
    )
    api_root: WebAddress = Field(
        "https://api.telegram.org", description="The Bot API server; your own one may be named here."
    )
    mode: Literal["polling", "webhook"] = Field(
        "polling",
        description="Whether Banzhang asks Telegram for news, or Telegram brings them to webhook_url.",
    )
    webhook_url: WebAddress | None = Field(
        None,
        validate_default=True,
        description="The address, open to the world by https, that leads to webhook_host and webhook_port.",
        examples=["https://study.example.org/telegram"],
    )
    webhook_secret: WebhookSecret | None = Field(
        None,
        validate_default=True,
        description=(
            "What Telegram must say to be believed; invent it. BANZHANG_TELEGRAM_WEBHOOK_SECRET in the "
            "environment comes first."
        ),
        examples=["sixteen-or-more-of-A-Z-a-z-0-9"],
    )
    webhook_host: str = Field(
        "127.0.0.1", min_length=1, description="The address to listen on for the webhook."
    )
    webhook_port: Port = Field(8443, description="The port to listen on for the webhook.")

    @field_validator("webhook_url", "webhook_secret")
    @classmethod
    def _webhook_needs_it(cls, value: Value, info: ValidationInfo) -> Value:
        if value is None and info.data.get("mode") == "webhook":
            raise ValueError('is needed with mode = "webhook"')
        return value


class WeChatSettings(Settings):
    """WeChat, by a gateway: off until there are an endpoint and a token.

    WeChat's rules forbid programs like this one, and it may ban the account for good: use an account that you
    can lose, never your own.
    """

    in_chat = False

    endpoint: Endpoint | None = Field(
        None, description="Where the Wechaty gateway listens.", examples=["127.0.0.1:8788"]
    )
    token: GatewayToken | None = Field(
        None,
        description="The gateway's token. BANZHANG_WECHAT_TOKEN in the environment comes before it.",
        examples=["insecure_invent-a-long-one"],
    )
    tls: bool = Field(default=False, description="Whether the way to the gateway is encrypted.")
    ca: File | None = Field(
        None,
        description="With tls: the certificate that the gateway's own must be signed by, or be.",
        examples=["gateway.pem"],
    )
    plaintext: bool = Field(
        default=False,
        validate_default=True,
        description=(
            "Whether a gateway on another machine may be spoken to without tls. All that is said, and the "
            "token, can then be read on the way."
        ),
    )
    messages_a_minute: int = Field(
        10, ge=1, le=60, description="Messages that Banzhang sends in a minute, in all chats together."
    )
    messages_a_day: int = Field(400, ge=1, le=5_000, description="The same, in 24 hours.")
    sleeps_from: TimeOfDay = Field(
        60, description="From when on nothing at all is sent, as people sleep at night."
    )
    sleeps_until: TimeOfDay = Field(
        5 * 60 + 30, description="Until when; the same time as sleeps_from: it never sleeps."
    )
    friends: Literal["members", "everybody", "nobody"] = Field(
        "members", description="Whose friend requests are accepted."
    )
    friends_a_day: int = Field(15, ge=0, le=100, description="Friend requests accepted in 24 hours.")
    rooms: Literal["everybody", "staff", "nobody"] = Field(
        "everybody", description="Whose invitations of the account into a group are accepted."
    )

    @field_validator("plaintext")
    @classmethod
    def _only_to_this_machine(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - as pydantic calls it
        endpoint = info.data.get("endpoint")
        safe = endpoint is None or info.data.get("tls") or is_loopback(split_endpoint(endpoint)[0])
        if not safe and not value:
            raise ValueError(
                f"all that is said, and the token, could be read on the way to {endpoint}: "
                "set tls = true, or plaintext = true if that way is safe"
            )
        return value

    @property
    def is_on(self) -> bool:
        """Whether there is a gateway to speak to."""
        return self.endpoint is not None and self.token is not None


SECTIONS: dict[str, type[Settings]] = {
    "bot": BotSettings,
    "community": CommunitySettings,
    "talk": TalkSettings,
    "web": WebSettings,
    "room": RoomSettings,
    "templates": TemplatesSettings,
    "telegram": TelegramSettings,
    "wechat": WeChatSettings,
}
"""Every section that belongs to no feature, in the order in which they are shown."""

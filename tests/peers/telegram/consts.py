"""Names, rights and numbers of the simulated Telegram."""

from __future__ import annotations

PERM_KEYS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]
DEFAULT_PERMS = dict.fromkeys(PERM_KEYS, True) | {
    "can_change_info": False,
    "can_pin_messages": False,
    "can_manage_topics": False,
    "can_edit_tag": False,
}
ADMIN_KEYS = [
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
]
ADMIN_OPT = [
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_direct_messages",
    "can_manage_tags",
]
ADMIN_ALL = ADMIN_KEYS + ADMIN_OPT
CHANNEL_ONLY = {"can_post_messages", "can_edit_messages", "can_manage_direct_messages"}
GROUP_ONLY = {"can_pin_messages", "can_manage_topics", "can_manage_tags"}
FULL_RIGHTS = dict.fromkeys(ADMIN_ALL, True) | {"is_anonymous": False, "can_promote_members": False}
IN_CHAT = ("creator", "administrator", "member")
DEFAULT_OFF = {"chat_member", "message_reaction", "message_reaction_count"}
TELEGRAM_ID = 777000  # "Telegram" service account: automatic forwards
GROUP_ANON_BOT = 1087968824  # GroupAnonymousBot: anonymous administrators
CHANNEL_BOT = 136817688  # Channel_Bot: messages on behalf of channels

DICE_MAX = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
OK_HEAD = b'{"ok":true,"result":'

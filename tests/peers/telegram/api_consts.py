"""Tables of the methods."""

from __future__ import annotations

MEDIA = {  # method -> (parameter, kind, permission, what the rights error calls it)
    "sendphoto": ("photo", "photo", "can_send_photos", "photos"),
    "senddocument": ("document", "document", "can_send_documents", "documents"),
    "sendvideo": ("video", "video", "can_send_videos", "videos"),
    "sendaudio": ("audio", "audio", "can_send_audios", "music"),
    "sendvoice": ("voice", "voice", "can_send_voice_notes", "voice notes"),
    "sendvideonote": ("video_note", "video_note", "can_send_video_notes", "video notes"),
    "sendanimation": ("animation", "animation", "can_send_other_messages", "animations"),
    "sendsticker": ("sticker", "sticker", "can_send_other_messages", "stickers"),
}
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
# methods that put messages into chats: rate limits apply (value: how many messages)
SENDING = set(MEDIA) | {
    "sendmessage",
    "sendmediagroup",
    "senddice",
    "sendpoll",
    "sendlocation",
    "sendvenue",
    "sendcontact",
    "copymessage",
    "forwardmessage",
    "copymessages",
    "forwardmessages",
}
EDITING = {"editmessagetext", "editmessagereplymarkup", "editmessagecaption", "editmessagemedia"}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


class Upload:
    """A file part of a multipart request."""

    __slots__ = ("data", "field", "mime", "name", "used")

    def __init__(self, field, name, mime, data):
        self.field, self.name, self.mime, self.data, self.used = field, name, mime, data, False

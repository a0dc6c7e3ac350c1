"""Bot API methods on the simulated world.

Each `m_<method>` gets the calling bot and decoded, type-checked parameters; it returns the `result` value
or raises ApiError with the real server's wording.
"""

from __future__ import annotations

from .api_chats import Chats
from .api_editing import Editing
from .api_links import Links
from .api_members import ChatMembers
from .api_profile import Profile


class Api(Editing, Profile, Chats, ChatMembers, Links):
    """All simulated methods in one table."""

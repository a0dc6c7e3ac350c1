"""Which action of a chat goes first: lower numbers before higher ones."""

PRESS = -10
"""The answer to a press, which is no message in the chat."""

NOD = -5
"""A nod to a check-in is quiet and quickly done: it does not wait until a queue of answers was said."""

ANSWER = 0
"""What somebody waits for."""

NOTICE = 10
"""What nobody asked for."""

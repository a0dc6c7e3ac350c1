"""Lengths of time in milliseconds, the unit of every instant."""

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

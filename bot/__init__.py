"""Banzhang, the class monitor: it runs study communities in chat."""

__version__ = "0.1.0"

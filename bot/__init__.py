"""Banzhang, the class monitor: it runs study communities in chat."""

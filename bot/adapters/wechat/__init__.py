"""WeChat through a Wechaty gateway: events in, actions out. The only room of the house that knows Wechaty."""

"""A real Wechaty gateway with a fake WeChat behind it; see README.md."""

from tests.peers.wechat.gateway import Gateway, GatewayError

__all__ = ["Gateway", "GatewayError"]

"""How the properties of the rules are tried."""

from hypothesis import settings

# How long one example takes says more about the machine than about a rule.
settings.register_profile("rules", deadline=None)
settings.load_profile("rules")

"""What every feature stands on: the way of one message, in and out."""

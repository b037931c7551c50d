"""The process as its owner drew it."""

"""One case: where it stands, what is due, what has happened, and what can be done now."""

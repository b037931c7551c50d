"""One task: its form, why it is there, and what was typed."""

"""Times and ratios, printed by `make bench`."""

"""Safe people: persons and their roles, training and its expiry, signed terms, sign-in. Must never know of projects or data."""

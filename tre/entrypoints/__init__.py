"""Owns the ways in: where real parts are put together and started. Must never hold a rule of the house."""

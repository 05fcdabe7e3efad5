"""Owns which edition of the engine and of its published schemas this is. Must never depend on anything."""

ENGINE_VERSION = "0.1.0"
SCHEMA_VERSION = "1"

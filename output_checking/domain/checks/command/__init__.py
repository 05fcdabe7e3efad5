"""The command `output-checking`: reads files, calls the engine, writes the answer. Must never decide anything itself."""

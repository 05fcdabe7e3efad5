"""The made hospital population: deterministic from a seed and a size. Must never draw on anything about a real person."""

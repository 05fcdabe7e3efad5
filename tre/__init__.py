"""A trusted research environment: the rooms of the house, one package each. Holds no code of its own."""

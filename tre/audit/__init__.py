"""Reading the record of everything that happened, and proving that it is whole. Must never write to it."""

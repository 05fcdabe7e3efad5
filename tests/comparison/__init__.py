"""The engine beside `acro`, on the same records: what each says of the fourteen errors. Must never be edited by hand in docs/."""

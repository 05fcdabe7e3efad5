"""How a contract is drafted from what was measured of files. Nothing here sees a value that fewer than ten rows share."""

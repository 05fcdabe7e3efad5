"""Rules of the outputs room, pure: states, review, names of files, disclosure checks. Must never do I/O or read a clock."""

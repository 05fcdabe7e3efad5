"""What a person, a role, training and terms are: plain values and rules. Must never read a file, a clock or the records."""

"""Owns the measures against the bars. Each compares side by side in one run; absolute times on a shared machine mean little."""

"""Words shared by every room. Standard library only; must never do I/O or import another package of the house."""

"""What people do with outputs, one function each: check, decide, save, record, return. Must never speak HTTP."""

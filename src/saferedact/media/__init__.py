"""Reading and writing files: the only part of saferedact that knows codecs and containers."""

"""Helpers for people who test against saferedact or write plug-ins: never imported by the library."""

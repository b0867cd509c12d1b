"""Redactions in pictures that can be undone or seen through, found by their pixels alone."""

from saferedact.checks.weak_redaction.find import weak_marks

__all__ = ["weak_marks"]

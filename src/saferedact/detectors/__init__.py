"""Detectors: each looks at pictures or text and proposes what to hide; nothing vetoes."""

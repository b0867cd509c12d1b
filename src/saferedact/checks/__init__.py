"""Publishing checks: the catalogue of rules, and what triggers each. No codec, no model."""

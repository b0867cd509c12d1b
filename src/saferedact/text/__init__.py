"""Text alone: normalisation with maps back to the source, spans, identifiers, and the sweep.

Nothing here knows a policy, a file or a network. All positions are code points of the text as it
was given, half-open.
"""

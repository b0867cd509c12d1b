"""Video: look adaptively, track, hide on the decoder's planes, prove frame by frame.

A clip is read twice. The first pass looks (`watch` says at which frames, and why no other is
skipped unsafely) and makes tracks; the plan is complete before the second pass writes the first
frame. Memory does not depend on the length of the clip, but for the tracks themselves.
"""

from saferedact.pipeline.video.carry_out import carry_out
from saferedact.pipeline.video.detect import detect
from saferedact.pipeline.video.examine import look_again, prove, prove_and_look_again
from saferedact.pipeline.video.show import describe, tiles

__all__ = [
    "carry_out",
    "describe",
    "detect",
    "look_again",
    "prove",
    "prove_and_look_again",
    "tiles",
]

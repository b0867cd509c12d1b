"""Pictures, animations and multi-page TIFFs: what the pipeline needs of them."""

from saferedact.pipeline.image.carry_out import carry_out
from saferedact.pipeline.image.detect import detect
from saferedact.pipeline.image.prove import prove
from saferedact.pipeline.image.second_look import look_again
from saferedact.pipeline.image.show import describe, tiles

__all__ = ["carry_out", "describe", "detect", "look_again", "prove", "tiles"]

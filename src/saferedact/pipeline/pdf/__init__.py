"""Documents: what the pipeline needs of PDFs."""

from saferedact.pipeline.pdf.carry_out import carry_out
from saferedact.pipeline.pdf.detect import detect
from saferedact.pipeline.pdf.prove import prove
from saferedact.pipeline.pdf.second_look import look_again
from saferedact.pipeline.pdf.show import describe, tiles

__all__ = ["carry_out", "describe", "detect", "look_again", "prove", "tiles"]

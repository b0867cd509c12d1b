"""Find everything in an image or film that is not needed to show its pixels or play its sound.

The walkers here read the bytes of the container themselves, with the standard library alone, so
that they share no code with the writer whose output they judge. They work by allow-list: each
segment, chunk, box or tag that is not known to be needed for the pixels is an item.

`CHANNELS` lists what an item can be.

What is not proven: the sound of a film is not listened to, and its packets are not looked into. The
samples themselves are not decoded, so data hidden in the coding of the pixels is not seen (low
bits, codes after the last block of a JPEG, VP8, LZW or RLE stream, palette entries that no pixel
uses, padding of a partly visible tile). Deflate streams are the exception: their length is checked.
"""

from saferedact.media.hidden_data.items import CHANNELS, Channel, HiddenItem
from saferedact.media.hidden_data.scan import scan_hidden_data

__all__ = ["CHANNELS", "Channel", "HiddenItem", "scan_hidden_data"]

"""Which containers, codings and pixel formats are read, and what they are written as."""

from saferedact.frames.formats import FORMATS

__all__ = ["DEMUXERS", "container_name", "readable_pix_fmt"]

DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,live_flv,mxf,gxf,"
    "h264,hevc,vvc,m4v,h261,h263,mjpeg,mpjpeg,av1,obu,ivf,dv,dhav,hxvs,iv8,lmlm4,ogg,nut,nuv,wtv,rm,"
    "amv,kux,ty,pva,vc1,vc1test,yuv4mpegpipe"
)
"""FFmpeg's demuxers that are tried. All others are not even probed: playlists and lists of files
(hls, dash, concat, image2) open further files or hosts that a hostile file names; devices, text and
still pictures are no video."""


def container_name(demuxer: str, brand: str | None, *, is_webm: bool) -> str:
    """Name a container in capitals: "MP4", "MOV", "3GP", "MATROSKA", "WEBM", "AVI", ...

    Parameters
    ----------
    demuxer : str
        FFmpeg's name of it.
    brand : str or None
        Major brand of an ISO media file.
    is_webm : bool
        Whether a Matroska file says that it is a WebM.
    """
    if demuxer == "matroska,webm":
        return "WEBM" if is_webm else "MATROSKA"
    if demuxer.startswith("mov,"):
        if brand is None or brand.strip() == "qt":
            return "MOV"
        return "3GP" if brand.startswith("3g") else "MP4"
    return demuxer.split(",", 1)[0].upper()[:8]


def readable_pix_fmt(
    name: str, *, is_rgb: bool, bit_depth: int, chroma_wh: tuple[int, int] | None
) -> str:
    """Choose the pixel format that frames are handed out in: their own if that is supported.

    Parameters
    ----------
    name : str
        Pixel format of the decoder.
    is_rgb : bool
        Whether it holds red, green and blue, or a palette of them.
    bit_depth : int
        Bits per sample.
    chroma_wh : (int, int), optional
        Horizontal and vertical divisor of chroma; None for gray.

    Returns
    -------
    str
        A key of `FORMATS` that loses nothing: packed, big-endian and palette formats become planar
        or interleaved ones of the same or a greater depth.
    """
    if name in FORMATS:
        return name
    if is_rgb:
        return "rgb24" if bit_depth <= 8 else "rgb48le"
    if chroma_wh is None:
        return "gray" if bit_depth <= 8 else "gray16le"
    candidates = [
        (layout.bit_depth, layout.subsampling[0] * layout.subsampling[1] * -1, candidate)
        for candidate, layout in FORMATS.items()
        if layout.channels == ("y", "u", "v")
        and not candidate.startswith("yuvj")
        and layout.bit_depth >= bit_depth
        and layout.subsampling[0] <= chroma_wh[0]
        and layout.subsampling[1] <= chroma_wh[1]
    ]
    return min(candidates)[2] if candidates else "yuv444p16le"

"""Addresses and serial numbers of devices and networks."""

from ipaddress import ip_address

from saferedact.text.identifiers.checks import luhn_check
from saferedact.text.identifiers.recogniser import MANY_DIGITS, Recogniser, cue, pattern

__all__ = ["DEVICE"]


def _is_address(found: str) -> bool:
    try:
        ip_address(found)
    except ValueError:
        return False
    return True


DEVICE: tuple[Recogniser, ...] = (
    Recogniser(
        "ip",
        pattern(r"\d{1,3}(?:\.\d{1,3}){3}"),
        score=0.5,
        cued=0.9,
        cue=cue(r"ip|ipv4|address|login|logged|server|host|from"),
        check=_is_address,
        checked=0.75,
        reference="RFC 791",
    ),
    Recogniser(
        "ip",
        pattern(r"(?:[\da-f]{1,4}:){1,7}:?(?:[\da-f]{1,4}:?){0,6}[\da-f]{1,4}"),
        score=0.8,
        accept=_is_address,
        reference="RFC 4291",
    ),
    Recogniser(
        "mac",
        pattern(r"[\da-f]{2}(?:[:\-][\da-f]{2}){5}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}"),
        score=0.85,
        reference="IEEE 802, MAC address",
    ),
    Recogniser(
        "imei",
        digits=MANY_DIGITS,
        regex=pattern(r"\d{2}[ \-/]?\d{4}[ \-/]?\d{2}[ \-/]?\d{6}[ \-/]?\d{1,2}"),
        score=0.45,
        cued=0.9,
        cue=cue(r"imei(?:sv)?|handset|phone|mobile|device"),
        check=luhn_check,
        checked=0.8,
        reference="3GPP TS 23.003 6.2; Luhn",
    ),
    Recogniser(
        "imsi",
        digits=MANY_DIGITS,
        regex=pattern(r"23[45][ \-]?\d{2,3}[ \-]?\d{9,10}"),
        score=0.5,
        cued=0.9,
        cue=cue(r"imsi|sim|subscriber"),
        reference="3GPP TS 23.003 2.2; E.212 codes 234 and 235",
    ),
    Recogniser(
        "iccid",
        digits=MANY_DIGITS,
        regex=pattern(r"89(?:[ \-]?\d){16,18}"),
        score=0.6,
        cued=0.9,
        cue=cue(r"iccid|sim|icc"),
        check=luhn_check,
        reference="ITU-T E.118; Luhn",
    ),
)

"""Compound files for tests: Outlook's mails are files of streams, written here in the smallest form.

[MS-CFB], version 3: sectors of 512 bytes, one table of sectors, one directory. All streams are padded to
the size from which they are kept in sectors of their own, so that no second table is needed.
"""

import itertools
import struct

__all__ = ["compound_file", "outlook_mail"]

_SECTOR = 512
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_LEAST_STREAM = 4096


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Write streams, by paths of at most one folder, into a compound file.

    Parameters
    ----------
    streams : dict
        Content by name, as ``"folder/name"``. Text is padded with zeros.

    Returns
    -------
    bytes
        The file.
    """
    entries: list[tuple[str, int, bytes | None]] = [("Root Entry", 5, None)]
    children: dict[int, list[int]] = {0: []}
    folders: dict[str, int] = {}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        parent = 0
        if folder:
            if folder not in folders:
                entries.append((folder, 1, None))
                folders[folder] = len(entries) - 1
                children[0].append(folders[folder])
                children[folders[folder]] = []
            parent = folders[folder]
        entries.append((name, 2, data.ljust(_LEAST_STREAM, b"\0")))
        children[parent].append(len(entries) - 1)
    right, first = _siblings(children)
    chains: list[bytes] = []
    starts: dict[int, int] = {}
    at = 0
    for number, (_, _, content) in enumerate(entries):
        if content is not None:
            starts[number] = at
            chains.append(content)
            at += -(-len(content) // _SECTOR)
    directory = b"".join(
        _entry(name, kind, (right.get(n, _NONE), first.get(n, _NONE)), starts.get(n, _END), content)
        for n, (name, kind, content) in enumerate(entries)
    )
    chains.append(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    return _file(chains)


def _siblings(children: dict[int, list[int]]) -> tuple[dict[int, int], dict[int, int]]:
    """Chain the entries of each folder to the right: a tree, if a lean one."""
    right: dict[int, int] = {}
    first: dict[int, int] = {}
    for parent, numbers in children.items():
        if numbers:
            first[parent] = numbers[0]
            right |= dict(itertools.pairwise(numbers))
    return right, first


def _entry(
    name: str, kind: int, links: tuple[int, int], start: int, content: bytes | None
) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(coded), kind, 1, _NONE, *links)
        + bytes(36)
        + struct.pack("<IQ", start, len(content or b""))
    )


def _file(chains: list[bytes]) -> bytes:
    table: list[int] = []
    body = b""
    directory_at = 0
    for chain in chains:
        count = -(-len(chain) // _SECTOR)
        directory_at = len(table)
        table += [*range(len(table) + 1, len(table) + count), _END]
        body += chain.ljust(count * _SECTOR, b"\0")
    sectors = 1
    while sectors * (_SECTOR // 4) < len(table) + sectors:
        sectors += 1
    places = list(range(len(table), len(table) + sectors))
    table += [_FAT] * sectors
    table += [_FREE] * (sectors * (_SECTOR // 4) - len(table))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    head += bytes(6) + struct.pack(
        "<IIIIIIIII", 0, sectors, directory_at, 0, _LEAST_STREAM, _END, 0, _END, 0
    )
    head += struct.pack("<109I", *places, *[_FREE] * (109 - sectors))
    return head + body + struct.pack(f"<{len(table)}I", *table)


def outlook_mail(
    properties: dict[str, str], attachments: list[tuple[str, bytes]] | None = None
) -> bytes:
    """Write a mail as Outlook keeps it.

    Parameters
    ----------
    properties : dict
        Text by the id of its property in [MS-OXPROPS], as ``{"0037": "subject"}``.
    attachments : list of (name, content), optional
        Files that are attached.
    """
    streams = {"__properties_version1.0": b""}
    for key, text in properties.items():
        streams[f"__substg1.0_{key}001F"] = text.encode("utf-16-le")
    for number, (name, data) in enumerate(attachments or ()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = data
    return compound_file(streams)

"""A small writer of MaxMind DB files (https://maxmind.github.io/MaxMind-DB/), so that no published data have to lie here."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Mapping
from typing import Any

_DOUBLE, _UINT32, _MAP, _UINT64, _ARRAY, _UTF8 = 3, 6, 7, 9, 11, 2
_SEPARATOR = bytes(16)
BUILT = 1_790_000_000  # 2026-09-21


def database(networks: Mapping[str, Any], kind: str = "GeoLite2-City", built: int = BUILT) -> bytes:
    """A file that holds these records; IPv4 networks lie in ::/96, as in the published ones."""
    nodes: list[list[Any]] = [[None, None]]
    data = b""
    for text, record in networks.items():
        network = ipaddress.ip_network(text)
        size = network.prefixlen + (96 if network.version == 4 else 0)
        number = int(network.network_address)
        at = 0
        for depth in range(size):
            bit = number >> (127 - depth) & 1
            if depth == size - 1:
                nodes[at][bit] = len(data)
            elif isinstance(nodes[at][bit], list):
                at = nodes[at][bit][0]
            else:
                nodes.append([None, None])
                nodes[at][bit] = [len(nodes) - 1]
                at = len(nodes) - 1
        data += encoded(record)
    tree = b"".join(_pointer(side, len(nodes)) for node in nodes for side in node)
    facts = {
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": _Wide(built), "database_type": kind,
        "description": {"en": "made for a test"}, "ip_version": 6, "languages": ["en"], "node_count": len(nodes), "record_size": 24,
    }  # fmt: skip
    return tree + _SEPARATOR + data + b"\xab\xcd\xefMaxMind.com" + encoded(facts)


class _Wide(int):
    """A number of 64 bits."""


def _pointer(side: Any, count: int) -> bytes:
    number = count if side is None else side[0] if isinstance(side, list) else count + len(_SEPARATOR) + side
    return struct.pack(">I", number)[1:]


def encoded(value: Any) -> bytes:
    """One value of the data section."""
    if isinstance(value, str):
        content = value.encode()
        return _head(_UTF8, len(content)) + content
    if isinstance(value, float):
        return _head(_DOUBLE, 8) + struct.pack(">d", value)
    if isinstance(value, _Wide):
        return _head(_UINT64, 8) + struct.pack(">Q", value)
    if isinstance(value, int):
        return _head(_UINT32, 4) + struct.pack(">I", value)
    if isinstance(value, Mapping):
        return _head(_MAP, len(value)) + b"".join(encoded(key) + encoded(one) for key, one in value.items())
    return _head(_ARRAY, len(value)) + b"".join(map(encoded, value))


def _head(kind: int, size: int) -> bytes:
    short, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    assert size < 29 + 256
    return (bytes([kind << 5 | short]) if kind < 8 else bytes([short, kind - 7])) + more

"""7z (7zFormat.txt of 7-Zip): names and sizes from the header, which is itself packed as a rule, and the first files of a folder."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from functools import partial
from typing import Any

from sekisho.named import NamedTuple
from sekisho.opening.entry import DamagedError, Entry

MAX_HEADER = 16 << 20  # bytes of an unpacked header
MAX_NUMBER = 100_000  # of streams, folders, files: a header names its own counts
MAX_DICTIONARY = 128 << 20
_COPY, _LZMA, _LZMA2, _DELTA, _X86, _AES = b"\0", b"\3\1\1", b"\x21", b"\3", b"\3\3\1\3", b"\6\xf1\7\1"


class Folder(NamedTuple):
    """Files packed together: how, and where."""

    coders: tuple[tuple[bytes, bytes], ...]  # method and its properties, the last one reads the packed bytes
    size: int  # unpacked
    sizes: tuple[int, ...]  # of its files
    start: int  # place of its packed bytes
    packed: int
    plain: bool  # one stream through all coders

    @property
    def locked(self) -> bool:
        return any(method == _AES for method, _ in self.coders)


def members(data: bytes, notes: list[str]) -> Iterator[Entry]:
    """The files of the archive. Note hidden-names: the header is locked as well."""
    if len(data) < 32:
        raise DamagedError
    start, size = 32 + int.from_bytes(data[12:20], "little"), int.from_bytes(data[20:28], "little")
    header = data[start : start + size]
    for _ in range(4):  # a packed header may hold another
        read = _Header(header)
        kind = read.byte() if header else 0
        if kind == 1:
            yield from _files(data, read)
            return
        if kind != 0x17:
            break
        folders = read.streams()
        if not folders:
            break
        if folders[0].locked:
            notes.append("hidden-names")
            return
        header = unpacked(data, folders[0], min(folders[0].size, MAX_HEADER))
    if header:
        raise DamagedError


def unpacked(data: bytes, folder: Folder, most: int) -> bytes:
    """The first bytes of what a folder holds, at most so many."""
    body = memoryview(data)[folder.start : folder.start + folder.packed]
    filters: list[dict[str, Any]] = []
    try:
        # liblzma wants the one that compresses last; 7z writes them in either order.
        for method, properties in sorted(folder.coders, key=lambda coder: coder[0] in (_LZMA, _LZMA2)):
            if method == _LZMA:
                first, dictionary = properties[0], int.from_bytes(properties[1:5], "little")
                lc, rest = first % 9, first // 9
                filters.append(
                    {
                        "id": lzma.FILTER_LZMA1,
                        "dict_size": _bounded(dictionary),
                        "lc": lc,
                        "lp": rest % 5,
                        "pb": rest // 5,
                    }
                )
            elif method == _LZMA2:
                bits = properties[0]
                dictionary = (2 | bits & 1) << (bits // 2 + 11) if bits < 40 else 0xFFFFFFFF
                filters.append({"id": lzma.FILTER_LZMA2, "dict_size": _bounded(dictionary)})
            elif method == _X86:
                filters.append({"id": lzma.FILTER_X86})
            elif method == _DELTA:
                filters.append({"id": lzma.FILTER_DELTA, "dist": properties[0] + 1})
            elif method != _COPY:
                raise DamagedError
        if not filters:
            return bytes(body[:most])
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(body, most)
    except (lzma.LZMAError, ValueError, IndexError, EOFError, OverflowError) as error:
        raise DamagedError from error


def _bounded(dictionary: int) -> int:
    if dictionary > MAX_DICTIONARY:
        raise DamagedError
    return max(dictionary, 4_096)


_READABLE = frozenset((_COPY, _LZMA, _LZMA2, _X86, _DELTA))


def _files(data: bytes, read: _Header) -> Iterator[Entry]:
    folders, names, empty = read.main()
    sized = ((folder, at, size) for folder in folders for at, size in _places(folder.sizes))
    for number, name in enumerate(names):
        if number in empty:
            continue  # a directory, or a file of no bytes
        folder, at, size = next(sized, (None, 0, 0))
        if folder is None:
            raise DamagedError
        content = None
        if folder.plain and all(method in _READABLE for method, _ in folder.coders):
            content = partial(_content, data, folder, at, size)
        packed = folder.packed if len(folder.sizes) == 1 else None
        yield Entry(name, size, packed, folder.locked, content)


def _places(sizes: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    at = 0
    for size in sizes:
        yield at, size
        at += size


MAX_BEFORE = 8 << 20  # bytes of other files that are unpacked to reach one; they share a stream


def _content(data: bytes, folder: Folder, at: int, size: int, most: int) -> bytes:
    if at > MAX_BEFORE:
        return b""
    return unpacked(data, folder, at + min(size, most))[at:]


class _Header:
    """A header's bytes, read from front to back. Every fault is DamagedError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._hashed: list[bool] = []  # folders whose checksum stands with them

    def byte(self) -> int:
        return self.take(1)[0]

    def take(self, count: int) -> bytes:
        got = self._data[self._at : self._at + count]
        if count < 0 or len(got) < count:
            raise DamagedError
        self._at += count
        return got

    def number(self) -> int:
        """7-Zip's NUMBER: the first byte's leading ones count the bytes that follow."""
        first = self.byte()
        value = 0
        for index in range(8):
            mask = 0x80 >> index
            if not first & mask:
                return value + ((first & (mask - 1)) << (8 * index))
            value |= self.byte() << (8 * index)
        return value

    def count(self) -> int:
        value = self.number()
        if value > MAX_NUMBER:
            raise DamagedError
        return value

    def bits(self, count: int) -> list[bool]:
        """A bit vector; the highest bit of a byte comes first."""
        raw = self.take((count + 7) // 8)
        return [bool(raw[place // 8] & 0x80 >> place % 8) for place in range(count)]

    def _digests(self, count: int) -> list[bool]:
        """Pass by checksums; which of them are there."""
        defined = [True] * count if self.byte() else self.bits(count)
        self.take(4 * sum(defined))
        return defined

    def main(self) -> tuple[list[Folder], list[str], set[int]]:
        """What follows kHeader: the folders, the names of the files, and the numbers of those without a stream."""
        folders: list[Folder] = []
        names: list[str] = []
        empty: set[int] = set()
        kind = self.byte()
        if kind == 2:  # properties of the archive
            while self.byte():
                self.take(self.number())
            kind = self.byte()
        if kind == 3:
            folders = self.streams()  # additional streams, which no file uses
            kind = self.byte()
        if kind == 4:
            folders = self.streams()
            kind = self.byte()
        if kind != 5:
            return folders, names, empty
        files = self.count()
        while kind := self.byte():
            size = self.number()
            stop = self._at + size
            if kind == 0x11 and size and not self.byte():
                names = self.take(size - 1).decode("utf-16-le", "replace").split("\0")[:files]
            elif kind == 0x0E:
                empty = {number for number, bit in enumerate(self.bits(files)) if bit}
            self._at = stop
        return folders, names, empty

    def streams(self) -> list[Folder]:
        """StreamsInfo: where the packed bytes lie, how they are packed, what sizes come out."""
        start, packed, folders = 0, [], []
        kind = self.byte()
        if kind == 6:
            start, streams = 32 + self.number(), self.count()
            while kind := self.byte():
                if kind == 9:
                    packed = [self.number() for _ in range(streams)]
                elif kind == 0x0A:
                    self._digests(streams)
                else:
                    raise DamagedError
            kind = self.byte()
        if kind == 7:
            folders = self._folders(start, packed)
            kind = self.byte()
        if kind == 8:
            folders = self._substreams(folders)
            kind = self.byte()
        if kind:
            raise DamagedError
        return folders

    def _folders(self, start: int, packed: list[int]) -> list[Folder]:
        if self.byte() != 0x0B:
            raise DamagedError
        number = self.count()
        if self.byte():
            raise DamagedError  # kept elsewhere: nobody writes that
        shapes = [self._shape() for _ in range(number)]
        if self.byte() != 0x0C:
            raise DamagedError
        self._hashed = [False] * number
        folders = []
        stream = 0
        for coders, outputs, bound, inputs in shapes:
            sizes = [self.number() for _ in range(outputs)]
            last = next((place for place in range(outputs) if place not in bound), 0)
            length = packed[stream] if stream < len(packed) else 0
            size = sizes[last] if sizes else 0
            folders.append(Folder(coders, size, (size,), start, length, inputs == 1))
            for _ in range(inputs):
                start += packed[stream] if stream < len(packed) else 0
                stream += 1
        while kind := self.byte():
            if kind != 0x0A:
                raise DamagedError
            self._hashed = self._digests(number)
        return folders

    def _shape(self) -> tuple[tuple[tuple[bytes, bytes], ...], int, set[int], int]:
        """A folder's coders, how many streams come out of them, which of those another one takes, and how many packed ones go in."""
        coders = []
        ins = outs = 0
        for _ in range(min(self.count(), 32)):
            flags = self.byte()
            method = self.take(flags & 0x0F)
            took, gave = (self.count(), self.count()) if flags & 0x10 else (1, 1)
            properties = self.take(self.number()) if flags & 0x20 else b""
            coders.append((method, properties))
            ins, outs = ins + took, outs + gave
            if ins > 64 or outs > 64:
                raise DamagedError
        bound = set()
        for _ in range(outs - 1):
            self.number()
            bound.add(self.number())
        inputs = ins - max(outs - 1, 0)
        if inputs > 1:
            for _ in range(inputs):
                self.number()
        return tuple(coders), outs, bound, inputs

    def _substreams(self, folders: list[Folder]) -> list[Folder]:
        counts = [1] * len(folders)
        kind = self.byte()
        if kind == 0x0D:
            counts = [self.count() for _ in folders]
            if sum(counts) > MAX_NUMBER:
                raise DamagedError
            kind = self.byte()
        out = []
        for folder, count in zip(folders, counts, strict=True):
            sizes = [self.number() for _ in range(count - 1)] if kind == 9 and count else []
            rest = folder.size - sum(sizes)
            if rest < 0:
                raise DamagedError
            out.append(folder._replace(sizes=(*sizes, rest) if count else ()))
        if kind == 9:
            kind = self.byte()
        while kind:
            if kind != 0x0A:
                raise DamagedError
            known = zip(counts, self._hashed, strict=True)
            self._digests(sum(count for count, hashed in known if count != 1 or not hashed))
            kind = self.byte()
        return out

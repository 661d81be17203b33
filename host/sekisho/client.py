"""The other end of native messaging: starts the host as Thunderbird would and talks to it (PROTOCOL.md).

`sekisho doctor` and `install.py` try the host with it. Standard library only.
"""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

from sekisho.named import TYPE_CHECKING, NamedTuple

from . import EXTENSION_ID, PROTOCOL
from .places import HOST_NAME

if TYPE_CHECKING:
    from typing import Any

CHUNK = 384 * 1024  # raw bytes in one chunk; PROTOCOL.md allows 512 KiB
MAX_FRAME = 1 << 20  # Thunderbird drops the port at one byte more
TIMEOUT = 20.0  # seconds for one answer; a cold start takes below one


class HostError(Exception):
    """The host could not be started, went away, or answered with an error; the text says which."""


class Manifest(NamedTuple):
    file: Path
    program: Path


def read_manifest(file: Path) -> Manifest:
    """The manifest with what Thunderbird demands of it checked; HostError says what is wrong."""
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise HostError(f"{file}: {error}") from error
    program = content.get("path") if isinstance(content, dict) else None
    if not isinstance(program, str):
        raise HostError(f"{file}: no path")
    if content.get("name") != HOST_NAME or content.get("type") != "stdio" or not content.get("description"):
        raise HostError(f"{file}: name, description or type")
    if content.get("allowed_extensions") != [EXTENSION_ID]:
        raise HostError(f"{file}: allowed_extensions must be {EXTENSION_ID} alone")
    return Manifest(file, Path(program))


class Host:
    """A running host; use it in a `with`."""

    def __init__(self, manifest: Manifest, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._ids = 0
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close(). Its standard error; a pipe that nobody reads could fill and stop it
        try:
            # as Thunderbird does: manifest and extension as arguments, the program's own folder to stand in
            self._process = subprocess.Popen(
                [str(manifest.program), str(manifest.file), EXTENSION_ID],
                cwd=manifest.program.parent,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._noise,
            )
        except OSError as error:
            self._noise.close()
            raise HostError(str(error)) from error
        self._frames: queue.Queue[dict[str, Any] | str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End its input; a host that does not leave by itself is ended."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has gone before us
            self._process.stdin.close()
        try:
            self._process.wait(3.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._noise.close()

    def hello(self, locale: str, extension: str) -> dict[str, Any]:
        """The host's versions, tables and problems."""
        result = self._request("hello", {"protocol": PROTOCOL, "extension": extension, "locale": locale})[0]
        if not isinstance(result, dict):
            raise HostError("hello: no object")
        return result

    def analyse(self, raw: bytes, locale: str) -> dict[str, Any]:
        """The last report on one message (`sekisho.report/1`); nobody outside is asked."""
        size = len(raw)
        params = {"size": size, "expected_size": size, "privacy": "offline", "settings": {"locale": locale}}
        reports = self._request("analyse", params, chunks=raw)[1]
        if not reports:
            raise HostError("no report")
        return reports[-1]

    def _request(
        self, method: str, params: dict[str, Any], chunks: bytes | None = None
    ) -> tuple[Any, list[dict[str, Any]]]:
        """Result, and the reports that came before it."""
        self._ids += 1
        self._send({"jsonrpc": "2.0", "id": self._ids, "method": method, "params": params})
        if chunks is not None:
            self._send_chunks(chunks)
        reports: list[dict[str, Any]] = []
        end = time.monotonic() + self._timeout
        while True:
            frame = self._next(end)
            if frame.get("method") == "report":
                reports.append(frame["params"]["report"])
            elif frame.get("id") == self._ids and "error" in frame:
                raise HostError(f"{method}: {frame['error'].get('message')} ({frame['error'].get('code')})")
            elif frame.get("id") == self._ids:
                return frame.get("result"), reports

    def _send_chunks(self, raw: bytes) -> None:
        starts = range(0, max(len(raw), 1), CHUNK)
        for index, start in enumerate(starts):
            data = base64.b64encode(raw[start : start + CHUNK]).decode("ascii")
            params = {"id": self._ids, "index": index, "data": data, "last": index == len(starts) - 1}
            self._send({"jsonrpc": "2.0", "method": "chunk", "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has gone: what it said, and how it went, is read next
            self._process.stdin.write(struct.pack("=I", len(data)) + data)
            self._process.stdin.flush()

    def _next(self, end: float) -> dict[str, Any]:
        try:
            frame = self._frames.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            raise HostError(f"no answer in {self._timeout:.0f} s") from None
        if isinstance(frame, str):
            raise HostError(frame or self._last_words())
        return frame

    def _read(self) -> None:
        """Frames into the queue; "" for the end, a sentence for what is no frame."""
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while len(head := stream.read(4)) == 4:
                (size,) = struct.unpack("=I", head)
                if size > MAX_FRAME:
                    self._frames.put(f"a frame of {size} bytes: not native messaging ({head!r})")
                    return
                try:
                    self._frames.put(json.loads(stream.read(size)))
                except ValueError:
                    self._frames.put("a frame that is no JSON")
                    return
        self._frames.put("")

    def _last_words(self) -> str:
        """Its exit status and the last line of its standard error."""
        try:
            status: int | None = self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            status = None
        self._noise.seek(0)
        lines = self._noise.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
        return f"the host left with status {status}: {lines[-1] if lines else '-'}"

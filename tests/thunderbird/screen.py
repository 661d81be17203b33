"""A virtual screen with a window manager, a mouse and a keyboard."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

SIZE = (1400, 900)

# Menus take clicks only under a window manager; without a title bar the picture is all Thunderbird's.
OPENBOX = """<?xml version="1.0"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <placement><policy>Smart</policy><center>yes</center></placement>
  <applications><application role="3pane"><decor>no</decor><maximized>yes</maximized></application></applications>
  <mouse><context name="Client"><mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/>
  </mousebind></context></mouse>
</openbox_config>
"""

T = TypeVar("T")


def eventually(what: str, look: Callable[[], T | None], seconds: float = 60.0) -> T:
    """What `look` gives as soon as it gives something; AssertionError names what never came.

    The time bounds a failure alone: it is long, since a slow machine is none.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.02)


class Screen:
    """Xvfb and openbox, from construction to `close`."""

    def __init__(self, folder: Path) -> None:
        readable, writable = os.pipe()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        # -noreset: else it begins anew when a client leaves before the next has come
        self._log = open(folder / "screen.log", "wb")  # noqa: SIM115 - closed in close()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writable), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
            pass_fds=(writable,),
            stderr=self._log,
        )
        os.close(writable)
        with open(readable, "rb") as answer:
            line = answer.readline()  # up to its line end: a pipe closed before that kills Xvfb
        if not line.strip():
            raise RuntimeError(f"Xvfb does not start: {(folder / 'screen.log').read_text('utf-8', 'replace')}")
        self.display = ":" + line.decode("ascii").strip()
        config = folder / "openbox.xml"
        config.write_text(OPENBOX, "utf-8")
        self.environ = {**os.environ, "DISPLAY": self.display}
        self._manager = subprocess.Popen(
            ["openbox", "--config-file", str(config), "--sm-disable"],
            env={**self.environ, "HOME": str(folder)},
            stdout=self._log,
            stderr=self._log,
        )
        try:
            eventually("a window manager", self._managed)
        except BaseException:
            self.close()
            raise

    def _managed(self) -> bool:
        done = self._xdotool("get_num_desktops")
        return done.returncode == 0

    def _xdotool(self, *words: object) -> subprocess.CompletedProcess[bytes]:
        command = ["xdotool", *(str(word) for word in words)]
        return subprocess.run(command, env=self.environ, capture_output=True, check=False)

    def act(self, *words: object) -> None:
        """Move, click, type: the words of xdotool."""
        done = self._xdotool(*words)
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")

    def click(self, point: tuple[float, float], button: int = 1) -> None:
        """One click at that place of the screen."""
        self.act("mousemove", round(point[0]), round(point[1]), "click", button)

    def key(self, keys: str) -> None:
        """One stroke on the keyboard, such as ctrl+shift+e."""
        self.act("key", "--clearmodifiers", keys)

    def picture(self, file: Path) -> None:
        """Everything on the screen, menus and popups too, as a PNG, once it has stopped changing."""
        before, now = b"", self._grab()
        end = time.monotonic() + 2.0
        while now != before and time.monotonic() < end:
            time.sleep(0.1)
            before, now = now, self._grab()
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["convert", "ppm:-", f"png:{file}"], input=now, check=True)

    def _grab(self) -> bytes:
        command = ["import", "-silent", "-window", "root", "ppm:-"]
        return subprocess.run(command, env=self.environ, stdout=subprocess.PIPE, check=True).stdout

    def close(self) -> None:
        for process in (self._manager, self._server):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()

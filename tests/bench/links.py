"""The links of HTML parts against those that a real browser's document holds: headless Chromium, no network, no scripts.

    python -m tests.bench.links CORPUS [--chromium PROGRAM] [--shown N]

CORPUS is a folder of .eml files. Each HTML part goes, decoded as we decode it, into an empty page of the browser
(DevTools over a pipe, every request refused), which lists the targets of its elements; templates, frames with `srcdoc`
and meta refresh included. What the browser makes of a target (`new URL(...).href`) is compared with what it makes of ours.
Status 1: recall or precision of what leads somewhere below 99.5 %.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "host"))

from sekisho.mail import html, mime
from sekisho.mail.message import MAX_TEXT, Message

BAR = 0.995
EMPTY = "about:blank"
# A document made by the parser for pages without script: `noscript` is elements, as in a mail program.
LISTING = r"""
(source, ours) => {
  const out = [];
  const same = (target, base) => {  // of a picture in the link itself we keep the beginning
    try { return new URL(target, base).href.slice(0, /^\s*data:/i.test(target) ? 100 : undefined) }
    catch { return "?" + target.replace(/[\t\r\n]/g, "").trim() }
  };
  const read = (root, base) => {
    const first = root.querySelector("base[href]");
    if (first && first.ownerDocument === root) { try { base = new URL(first.getAttribute("href"), base || undefined).href } catch {} }
    const take = (kind, target) => { if (target && target.trim()) out.push([kind, same(target, base || undefined)]) };
    for (const element of root.querySelectorAll("*")) {
      const name = element.localName, has = (attribute) => element.getAttribute(attribute);
      if (name === "a") { take("link", has("href")); take("link", has("xlink:href")) }
      else if (name === "area") take("link", has("href"));
      else if (name === "form") take("form", has("action"));
      else if (name === "button" || name === "input") take("form", has("formaction"));
      else if (name === "meta" && (has("http-equiv") || "").toLowerCase() === "refresh") {
        const said = /^\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(has("content") || "");
        if (said) take("refresh", said[1]);
      }
      if (name === "img" || (name === "input" && has("type") === "image")) take("image", has("src"));
      if (has("background")) take("image", has("background"));
      if (name === "template") read(element.content, base);
      if (name === "iframe" && has("srcdoc")) read(parsed(has("srcdoc")), base);
    }
  };
  const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
  read(parsed(source), "");
  return [out, ours.map(([kind, target]) => [kind, same(target, undefined)])];
}
"""


class Browser:
    """A headless Chromium that speaks over two pipes and may ask nobody for anything."""

    def __init__(self, program: str) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()

        def place() -> None:
            # First out of the way of 3 and 4, then onto them.
            kept = os.dup(to_read), os.dup(to_write)
            high = [os.dup(number) for number in (*kept, *kept)][2:]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run")
        nowhere = (
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--proxy-server=127.0.0.1:9",
            "--disable-background-networking",
        )
        self._process = subprocess.Popen(
            [program, *options, *nowhere, f"--user-data-dir={self._home.name}", EMPTY],
            preexec_fn=place, close_fds=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self._number = 0
        self._rest = b""
        target = self.ask("Target.createTarget", url=EMPTY)["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Fetch.enable", self._session)  # every request waits for an answer that never comes
        self.ask("Emulation.setScriptExecutionDisabled", self._session, value=True)
        made = self.ask("Runtime.evaluate", self._session, expression=f"({LISTING})")
        self._listing = made["result"]["objectId"]

    def links(self, source: str, ours: list[tuple[str, str]]) -> list[list[list[str]]]:
        """[what the document holds, ours as the browser writes them], each a list of [kind, URL]."""
        told = self.ask(
            "Runtime.callFunctionOn", self._session, objectId=self._listing, returnByValue=True,
            functionDeclaration="function(source, ours) { return this(source, ours) }",
            arguments=[{"value": source}, {"value": ours}],
        )  # fmt: skip
        value: list[list[list[str]]] = told["result"]["value"]
        return value

    def ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        sent = json.dumps(message).encode() + b"\0"
        while sent:
            sent = sent[os.write(self._write, sent) :]
        while True:
            while b"\0" not in self._rest:
                more = os.read(self._read, 1 << 20)
                if not more:
                    raise RuntimeError("the browser ended")
                self._rest += more
            one, _, self._rest = self._rest.partition(b"\0")
            said = json.loads(one)
            if said.get("id") == self._number:
                if "error" in said or "exceptionDetails" in said["result"]:
                    raise RuntimeError(f"{method}: {said}")
                result: dict[str, Any] = said["result"]
                return result

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._home.cleanup()


def sources(folder: Path) -> list[tuple[Path, str]]:
    out = []
    for path in sorted(folder.rglob("*.eml")):
        message = Message(path.read_bytes())
        for part in message.parts:
            if part.leaf and part.content_type == "text/html":
                out.append((path, mime.text(message.source, part, MAX_TEXT)[0]))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--shown", type=int, default=40)
    arguments = parser.parse_args()
    browser = Browser(arguments.chromium)
    found: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    listed = []
    parts = 0
    for path, source in sources(arguments.corpus):
        parts += 1
        compared = (*html.LEADING, "image")
        ours = [(link.kind, link.url) for link in html.parse(source).links if link.kind in compared]
        theirs_listed, ours_listed = browser.links(source, ours)
        theirs, mine = Counter(map(tuple, theirs_listed)), Counter(map(tuple, ours_listed))
        # Only the browser's own of each kind of picture are listed there; ours hold srcset and style as well.
        for kind, _ in theirs.elements():
            found[kind] += 1
        for (kind, url), count in (theirs - mine).items():
            missed[kind] += count
            listed.append(f"missed    {kind:8} {path.name} {url[:140]!r}")
        for (kind, url), count in (mine - theirs).items():
            if kind != "image":
                invented[kind] += count
                listed.append(f"not there {kind:8} {path.name} {url[:140]!r}")
    browser.close()
    print("\n".join(listed[: arguments.shown]))
    print(f"{parts} HTML parts\n{'kind':10}{'browser':>9}{'missed':>8}{'more':>6}{'recall':>9}{'precision':>11}")
    worst = 1.0
    for kind in sorted(found):
        had = found[kind] - missed[kind]
        recall, precision = had / found[kind], had / ((had + invented[kind]) or 1)
        worst = min(worst, recall, precision) if found[kind] >= 200 else worst
        print(f"{kind:10}{found[kind]:9}{missed[kind]:8}{invented[kind]:6}{recall:9.2%}{precision:11.2%}")
    return 1 if worst < BAR else 0


if __name__ == "__main__":
    sys.exit(main())

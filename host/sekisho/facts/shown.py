"""The place that the words of a link name, if they name one: an address with or without its scheme."""

from __future__ import annotations

import re

from sekisho.mail import domain, text_links, url

MAX_WORDS = 500  # characters of them
# A name with a dot that is more often a file's than a site's: README.md, setup.py.
_FILES = frozenset(
    ["ai", "app", "bat", "cc", "cpp", "cs", "do", "exe", "id", "ini", "jar", "js", "la", "ls", "md", "ml", "mm", "mov", "pl", "pm", "ps", "py", "rs", "sc", "sh", "so", "ss", "st", "tf", "to", "ts", "vi", "zip"]
)  # fmt: skip
_NAME = r"(?:[\w\-]{1,63}\.){1,8}[^\W\d_]{2,24}\.?(?=[/:?#]|$)"


def place(text: str) -> str:
    """The registrable domain that a link's words name; "" when they name none, or more than one."""
    words = text.strip()[:MAX_WORDS]
    if "." not in words and "。" not in words and "．" not in words:
        return ""
    if not words.isascii():
        import unicodedata

        words = unicodedata.normalize("NFKC", words)
    found = {parsed.domain for one in text_links.find(words) if (parsed := url.parse(one)) is not None}
    if found:
        return found.pop() if len(found) == 1 else ""
    bare = words.strip("<>()[]«»\"' ").replace("。", ".")  # a browser takes both (UTS #46)
    if "@" in bare or not re.match(_NAME, bare) or re.search(r"\s", bare):
        return ""
    host = re.split(r"[/:?#]", bare, maxsplit=1)[0].lower()
    if host.rstrip(".").rpartition(".")[2] in _FILES and not host.startswith("www."):
        return ""
    return domain.registrable(host)

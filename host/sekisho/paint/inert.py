"""Foreign text made harmless for a terminal or a page: control, bidirectional and zero-width characters become visible."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and line end, bidirectional controls, zero-width and other invisible characters, line separators.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with every invisible or commanding character written out as ⟨U+202E⟩."""
    return UNSEEN.sub(lambda match: f"⟨U+{ord(match.group()):04X}⟩", text)

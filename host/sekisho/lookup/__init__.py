"""Question to answer: the modules that ask the world, one a kind of question (`world.KINDS`). Nothing here decides whether it may be asked.

Each module has `async def look_up(question, world) -> Answer` and raises NoAnswerError for everything that brings none.
What servers send is hostile: bounded in bytes and time, text stays text.
"""

from __future__ import annotations


class NoAnswerError(Exception):
    """No answer. `reason` as in questions.Failed; `source` who was asked; `retry_after` seconds after which it may be asked again."""

    def __init__(self, reason: str, source: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.source = source
        self.retry_after = retry_after

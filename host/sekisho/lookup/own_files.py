"""Files of the reader's own, named in the settings: lists of bad addresses, a database of places. Answered at once, nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sekisho.questions import Answer, Failed, Question, State
from sekisho.settings import Settings


class Known(Mapping[Question, State]):
    """What is known, and what the reader's files say when it is asked for. `unreadable`: names of files that cannot be used."""

    def __init__(self, known: Mapping[Question, State], settings: Settings) -> None:
        self._known = known
        self.unreadable: list[str] = []
        self._lists = []
        self._places = None
        if settings.lists:
            from sekisho.lookup import lists

            for path in settings.lists:
                try:
                    self._lists.append(lists.load(path))
                except lists.ListError:
                    self.unreadable.append(Path(path).name)
        if settings.atlas:
            from sekisho.lookup import own_atlas

            try:
                self._places = own_atlas.load(settings.atlas)
            except own_atlas.DatabaseError:
                self.unreadable.append(Path(settings.atlas).name)

    def __getitem__(self, question: Question) -> State:
        if question.kind not in ("lists", "place") or question in self._known:
            return self._known[question]
        found: Answer | None = None
        if question.kind == "lists" and self._lists:
            from sekisho.lookup import lists

            found = lists.answer(self._lists, question.name)
        elif question.kind == "place" and self._places is not None:
            found = self._places.answer(question.name)
        return found or Failed("no-server", "", "")

    def __iter__(self) -> Iterator[Question]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

"""What stands in the register for words."""

from __future__ import annotations

import _sqlite3 as sqlite3
from _blake2 import blake2b  # as hashlib gives it, without OpenSSL
from collections.abc import Iterable, Sequence

from sekisho.facts.edges import Edges, Passage, kind, peer, recipient
from sekisho.mail.received import Received
from sekisho.named import NamedTuple
from sekisho.register.damage import damaged

MARK = 6  # bytes
NOTHING = bytes(MARK)  # stands for what is not said


class Marks(NamedTuple):
    """What stands in the register for words: keyed hashes (BLAKE2, RFC 7693), apart for every kind of word."""

    key: bytes

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Marks:
        """With the key of that register."""
        (key,) = connection.execute("SELECT key FROM register").fetchone() or damaged("no key")
        return cls(key) if isinstance(key, bytes) and len(key) == 32 else damaged("no key")

    def __call__(self, what: str, word: str) -> bytes:
        data = word.encode("utf-8", "surrogatepass")
        return blake2b(data, digest_size=MARK, key=self.key, person=what.encode()).digest()

    def pack(self, passage: Passage) -> bytes:
        """A passage as it is kept: five marks."""
        return b"".join(self(what, word) if word else NOTHING for what, word in passage._asdict().items())

    def named(self, learnt: Edges, lines: Sequence[Received]) -> Edges:
        """Of edges in marks, what these lines name, in the lines' words: the walk looks at nothing else."""

        def known(marks: frozenset[str], what: str, words: Iterable[str]) -> frozenset[str]:
            return frozenset(word for word in words if word and self(what, word).hex() in marks)

        kinds = [(kind(line.by), line) for line in lines if line.by and line.ip]
        recipients = [recipient(line) for line in lines]
        return Edges(
            edges=known(learnt.edges, "kind", (name for name, _ in kinds)),
            inside=frozenset(
                (name, whose)
                for name, line in kinds
                if (self("kind", name).hex(), self("peer", whose := peer(line)).hex()) in learnt.inside
            ),
            filters=known(learnt.filters, "kind", (name for name, _ in kinds)),
            forwarders=known(learnt.forwarders, "ip", (line.ip for line in lines)),
            recipients=known(learnt.recipients, "recipient", (host for host, _ in recipients)),
            local_parts=known(learnt.local_parts, "local", (local for _, local in recipients)),
        )

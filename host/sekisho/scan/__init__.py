"""A mailbox on disk, read twice: first to learn which servers are its reader's own, then message by message.

What it teaches holds for its own messages alone, unless it is a Thunderbird profile and the reader wants it remembered. In
a profile every account learns apart, and its identities and incoming server are known from prefs.js. The register is never
read here: a scan says the same on every computer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from heapq import heapify, heappushpop

from sekisho import mailboxes, profile, session
from sekisho.facts.edges import Learner, chain
from sekisho.mail.received import Received
from sekisho.mailboxes import Stored
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.profile import Account
from sekisho.questions import Answer, Question
from sekisho.settings import Settings

if TYPE_CHECKING:
    from sekisho.register import Register


class Task(NamedTuple):
    """A message with what its analysis is to be given."""

    stored: Stored
    settings: Settings
    answers: dict[Question, Answer]
    account: str | None = None  # its key


class _Group:
    """The messages of one account, or those of none."""

    def __init__(self, settings: Settings, key: str | None = None) -> None:
        self.settings = settings
        self.key = key
        self.learner = Learner()
        self.newest: list[tuple[int, int, list[Received]]] = []  # a heap by the date of the topmost line

    def learn(self, lines: list[Received], keep: int) -> None:
        passages = chain(lines)
        self.learner.add(passages)
        if passages and keep:
            date = lines[0].date
            self._keep((date.epoch if date else 0, self.learner.mails, lines), keep)

    def _keep(self, message: tuple[int, int, list[Received]], keep: int) -> None:
        if len(self.newest) < keep:
            self.newest.append(message)
            if len(self.newest) == keep:
                heapify(self.newest)
        else:
            heappushpop(self.newest, message)


class Mailbox:
    """What lies at `path`: an mbox, a Maildir, a folder of .eml or a Thunderbird profile.

    `keep`: how many of an account's newest messages are kept in mind, for `remember`. What the reader set himself wins over
    what a profile says. Raises OSError where something can't be read.
    """

    def __init__(self, path: str, settings: Settings, keep: int = 0) -> None:
        self.path = path
        self.accounts = profile.accounts(path) if profile.is_profile(path) else []
        self._keep = keep
        self._nobody = _Group(settings)
        self._groups: dict[str, _Group] = {}  # by account id
        own = settings.own_addresses or tuple(
            dict.fromkeys(one for account in self.accounts for one in account.addresses)
        )
        for account in self.accounts:
            servers = settings.incoming_servers or ((account.server,) if account.server else ())
            self._groups[account.id] = _Group(
                settings._replace(own_addresses=own, incoming_servers=servers), account.key
            )
        self._places: dict[str, _Group] = {}  # by folder

    def learn(self) -> Iterator[int]:
        """Let every message teach; the number of messages read, after each."""
        for count, stored in enumerate(mailboxes.read(self.path), 1):
            self._group(stored.path).learn(session.trace(stored.source), self._keep)
            yield count

    def remember(self, register: Register) -> tuple[int, int]:
        """Teach the register what was kept in mind of each account that has a key: messages and accounts, up to its first trouble."""
        from sekisho.register import LONG_PATIENCE

        messages = accounts = 0
        for account in self.accounts:
            newest = sorted(self._groups[account.id].newest, key=lambda message: message[:2])
            if account.key and newest:
                register.teach(account.key, [lines for _, _, lines in newest], LONG_PATIENCE)
                if register.trouble:
                    break
                messages += len(newest)
                accounts += 1
        return messages, accounts

    def tasks(self) -> Iterator[Task]:
        """Every message again, in the order of `learn`."""
        learnt: dict[int, dict[Question, Answer]] = {}
        for stored in mailboxes.read(self.path):
            group = self._group(stored.path)
            if id(group) not in learnt:
                learnt[id(group)] = session.learnt(group.learner)
            yield Task(stored, group.settings, learnt[id(group)], group.key)

    def _group(self, path: str) -> _Group:
        """Whose a message is: the account's in whose folder it lies, the innermost one."""
        folder = os.path.dirname(path)
        found = self._places.get(folder)
        if found is None:
            place = os.path.normcase(os.path.abspath(folder)) + os.sep
            holding = [
                one for one in self.accounts if one.folder and place.startswith(os.path.normcase(one.folder) + os.sep)
            ]
            whose: Account | None = max(holding, key=lambda one: len(one.folder), default=None)
            found = self._places[folder] = self._groups[whose.id] if whose else self._nobody
        return found

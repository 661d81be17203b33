"""The native messaging host: JSON-RPC 2.0 over frames on standard input and output (PROTOCOL.md).

One thread reads and only files what it read; everything else happens in the main thread, in the order it came. So a
cancel is seen while an analysis runs, and only one thread ever writes. Look-ups run in a thread of their own
(lookup.workers) and put what they hear into the same queue.
"""

from __future__ import annotations

import sekisho.collecting  # first, so that what follows is not looked through for garbage
import sekisho.modules  # so that it comes from one file
import sekisho.patterns  # and its patterns need not be compiled

# isort: split
import os
import re
import sys
from _queue import Empty, SimpleQueue
from _thread import start_new_thread
from binascii import Error, a2b_base64, b2a_base64
from time import monotonic, sleep, time

import sekisho
from sekisho import collecting, folders, frames, session, settings
from sekisho.locales import spoken
from sekisho.mail.message import Message
from sekisho.named import TYPE_CHECKING, NamedTuple
from sekisho.panel.words import Words
from sekisho.questions import ALIKE, KNOWN, Answer, Failed, Question
from sekisho.report import as_json
from sekisho.tables import newer

MAX_MESSAGE = 256 << 20
MAX_CHUNK = 1 << 20  # raw bytes; the extension sends 384 KiB
MAX_PIECE = 384 << 10  # bytes of an attachment in one frame
MAX_JOBS = 32  # messages arriving at the same time
MAX_VISITS = 5  # links followed for one request
_UPDATE = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from sekisho.cli import main; sys.exit(main())"
MAX_LINES = 20  # of what `sekisho update` says
TICK = 5.0  # seconds after which an update that still runs is said to run
MAX_ACCOUNT = 200  # characters of the key of a mail account
MAX_PENDING = 64 << 20  # bytes read and not yet worked on; then the reader waits, and so does Thunderbird
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from subprocess import Popen
    from typing import Any, TypeGuard

    from sekisho.lookup.workers import Workers
    from sekisho.memory import Memory
    from sekisho.questions import State
    from sekisho.register import Register

PARSE, INVALID, METHOD, PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
PROTOCOL, ORDER, LARGE, BUSY, GONE, REGISTER = -32001, -32002, -32003, -32004, -32005, -32006
CANCELLED = -32800
MAX_MEMORIES = 200  # messages of which `campaign` and `note` can still be asked
MAX_KEPT, MAX_KEPT_BYTES = 4, 64 << 20  # messages kept for `ask_more`


class Heard(NamedTuple):
    """An answer to a question of the request `identity`, or what a file of it holds."""

    identity: Any
    question: Question
    state: Answer | Failed


class Refreshed(NamedTuple):
    """What `sekisho update` said in the end; `lines` is None while it runs."""

    identity: Any
    lines: list[str] | None


class RpcError(Exception):
    """An error that becomes a JSON-RPC error object."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


class Job:
    """A message on its way in."""

    def __init__(self, params: dict[str, Any]) -> None:
        size, expected = params.get("size"), params.get("expected_size")
        if not _whole(size):
            raise RpcError(PARAMS, "size must be the number of bytes that will be sent", {"field": "size"})
        if expected is not None and not _whole(expected):
            raise RpcError(PARAMS, "expected_size must be a number of bytes or null", {"field": "expected_size"})
        self.account = _account(params)
        self.visit = _visit(params)
        self.shown = _shown(params, self.visit)
        self.known = _known(params)
        if size > MAX_MESSAGE:
            raise RpcError(LARGE, f"the message is larger than {MAX_MESSAGE} bytes", {"limit": MAX_MESSAGE})
        self.size: int = size
        self.expected: int | None = expected
        chosen, privacy = params.get("settings"), params.get("privacy")
        # What is no object goes on as it is, so that it is refused for what it is.
        self.settings = _settings(
            {**(chosen or {}), "privacy": privacy} if privacy and isinstance(chosen or {}, dict) else chosen
        )
        self.data = bytearray()
        self.next = 0
        self.frames = 0


class Inquiry:
    """A message whose questions are being looked up, and whose files are being opened."""

    def __init__(self, live: session.Live, frames: int, memory: Memory | None) -> None:
        self.live = live
        self.frames = frames
        self.memory = memory
        self.taught = False


class Host:
    """The main thread's side: requests in, frames out."""

    def __init__(self, output: int, post: Callable[[Any], None] = lambda heard: None) -> None:
        self._output = output
        self._post = post  # from any thread: have `heard` called in this one
        self._jobs: dict[Any, Job] = {}
        self._inquiries: dict[Any, Inquiry] = {}
        self._kept: dict[Any, session.Live] = {}  # the last finished ones, for `ask_more`
        self._memories: dict[Any, Memory] = {}  # of the last messages, for `campaign` and `note`
        self._workers: tuple[tuple[Any, ...], Workers] | None = None
        self.cancelled: set[Any] = set()  # written by the reader, looked at between two steps of a job
        self.over = False
        self._opened: Register | None = None
        self._refreshing: Popen[str] | None = None

    def handle(self, value: Any) -> None:
        """One object that came in. Every fault becomes an error frame; only a broken pipe leaves."""
        identity = value.get("id") if isinstance(value, dict) else None
        if not isinstance(identity, (str, int)) or isinstance(identity, bool):
            identity = None
        try:
            self._dispatch(value, identity)
        except RpcError as error:
            self._error(identity, error)
        except BrokenPipeError:
            raise
        except Exception as error:  # the host must outlive its own faults; nothing of the mail goes into the answer
            self._error(
                identity, RpcError(INTERNAL, "a fault of the host; please report it", {"kind": type(error).__name__})
            )

    def broken(self, error: frames.FrameError) -> None:
        """A frame that could not be read."""
        self._error(None, RpcError(error.code, str(error)))

    def heard(self, heard: Heard) -> None:
        """A look-up has ended."""
        inquiry = self._inquiries.get(heard.identity)
        if inquiry is not None:
            inquiry.live.heard(heard.question, heard.state)

    def refreshed(self, said: Refreshed) -> None:
        """The update of the tables goes on, or has ended: then the tables are read anew."""
        if said.lines is None:
            self._notify("progress", {"id": said.identity, "stage": "updating", "done": 0, "total": 0})
            return
        from sekisho.tables import atlas, registries, suffixes

        self._refreshing = None
        for table in (atlas, suffixes, registries):
            table.reopen()
        self._result(said.identity, {"said": said.lines})

    def due(self) -> float | None:
        """When `tick` has something to do, in the time of monotonic; None: nothing is under way."""
        return min((inquiry.live.due() or 0.0 for inquiry in self._inquiries.values()), default=None)

    def tick(self) -> None:
        """Send the reports that are due."""
        now = monotonic()
        for identity, inquiry in list(self._inquiries.items()):
            due = inquiry.live.due()
            if due is None or due > now:
                continue
            self._step(identity, inquiry)

    def end(self) -> None:
        """The input has ended: nobody is asked any more, and what never arrived whole is said to be so."""
        for identity, inquiry in list(self._inquiries.items()):
            inquiry.live.cancel()
            self._follow(identity, inquiry)
        if self._refreshing is not None:
            self._refreshing.terminate()
        for identity in list(self._jobs):
            self._fail(
                identity,
                RpcError(ORDER, "the input ended before the message was whole", {"index": self._jobs[identity].next}),
            )

    def _dispatch(self, value: Any, identity: Any) -> None:
        if not isinstance(value, dict) or value.get("jsonrpc") != "2.0" or not isinstance(value.get("method"), str):
            raise RpcError(INVALID, "not a JSON-RPC 2.0 request")
        params = value.get("params")
        if params is None:
            params = {}
        if not isinstance(params, dict):
            raise RpcError(PARAMS, "params must be an object", {"field": "params"})
        method = value["method"]
        if method in ("chunk", "cancel") and identity is not None:
            raise RpcError(INVALID, "this is a notification and takes no id")
        if method == "chunk":
            self._chunk(params)
        elif method == "cancel":
            self._cancel(params)
        elif method not in (
            "hello",
            "analyse",
            "ask_more",
            "complaint",
            "settings",
            "export",
            "whole",
            "forget",
            "state",
            "doctor",
            "update",
            "campaign",
            "note",
            "shutdown",
        ):
            raise RpcError(METHOD, "this host does not know that method", {"method": method[:100]})
        elif identity is None:
            raise RpcError(INVALID, "this request needs an id, a number or a text")
        elif method == "analyse":
            self._analyse(identity, params)
        elif method == "ask_more":
            self._ask_more(identity, params)
        elif method == "complaint":
            self._complaint(identity, params)
        elif method == "hello":
            self._result(identity, _hello(params))
        elif method == "settings":
            self._result(identity, _checked(params.get("settings")))
        elif method == "export":
            self._export(identity, params)
        elif method == "whole":
            self._result(identity, self._paged(identity, frames.text(self._report(params.get("of")))))
        elif method == "campaign":
            self._result(identity, self._remembered(params).campaign())
        elif method == "note":
            self._result(identity, self._note(params))
        elif method == "forget":
            self._result(identity, {"forgotten": self._forget(_account(params))})
        elif method in ("state", "doctor"):
            self._result(identity, _care(method, _locale(params)))
        elif method == "update":
            self._update(identity, _locale(params))
        else:
            for waiting in [*self._jobs, *self._inquiries]:
                self._fail(waiting, RpcError(CANCELLED, "cancelled: the host was asked to leave"))
            self._result(identity, None)
            self.over = True

    def _analyse(self, identity: Any, params: dict[str, Any]) -> None:
        self._free(identity)
        self._jobs[identity] = Job(
            params
        )  # a cancel may have been read already: its mark stays, and the first chunk sees it

    def _chunk(self, params: dict[str, Any]) -> None:
        identity = params.get("id")
        job = self._jobs.get(identity) if isinstance(identity, (str, int)) else None
        if job is None:
            return  # its request has ended already (an error, a cancel): what still comes is dropped
        try:
            if identity in self.cancelled:
                raise RpcError(CANCELLED, "cancelled")
            self._take(job, params)
            if params.get("last") is True:
                self._finish(identity, job)
            elif job.next == 1:
                self._early(identity, job)
            else:
                progress = {"id": identity, "stage": "receiving", "done": len(job.data), "total": job.size}
                self._notify("progress", progress)
        except RpcError as error:
            self._fail(identity, error)
        except BrokenPipeError:
            raise
        except Exception as error:  # as in handle: this request's fault is this request's alone
            self._fail(
                identity, RpcError(INTERNAL, "a fault of the host; please report it", {"kind": type(error).__name__})
            )

    def _take(self, job: Job, params: dict[str, Any]) -> None:
        index, data = params.get("index"), params.get("data")
        if index != job.next or isinstance(index, bool):
            raise RpcError(ORDER, f"chunk {job.next} was expected", {"index": job.next})
        if not isinstance(data, str) or len(data) % 4 or not _BASE64.fullmatch(data):
            raise RpcError(ORDER, "the chunk is not base64", {"index": job.next})
        try:
            piece = a2b_base64(data)
        except Error as error:
            raise RpcError(ORDER, "the chunk is not base64", {"index": job.next}) from error
        if len(piece) > MAX_CHUNK:
            raise RpcError(LARGE, f"a chunk is larger than {MAX_CHUNK} bytes", {"limit": MAX_CHUNK})
        if len(job.data) + len(piece) > job.size:
            raise RpcError(ORDER, "more bytes came than were announced", {"index": job.next})
        job.data += piece
        job.next += 1

    def _free(self, identity: Any) -> None:
        if identity in self._jobs or identity in self._inquiries:
            raise RpcError(INVALID, "a request with this id is still running")
        if len(self._jobs) + len(self._inquiries) >= MAX_JOBS:
            raise RpcError(BUSY, f"more than {MAX_JOBS} messages at the same time", {"limit": MAX_JOBS})

    def _finish(self, identity: Any, job: Job) -> None:
        """The message is whole: reports follow until there is nothing more to come."""
        del self._jobs[identity]
        # bytes() of a bytearray copies; a message in one chunk is small, and a large one is copied twice in its life.
        message = Message(bytes(job.data), max(job.size, job.expected or 0))
        memory = self._memory(job)
        known = memory.recall(message) if memory else {}
        if job.known is not None:
            known[KNOWN] = Answer((job.known,), "extension", "")
        self._begin(identity, message, job.settings, known, job.visit, memory, job.frames, shown=job.shown)

    def _early(self, identity: Any, job: Job) -> None:
        """A report of the first bytes, while the rest is on its way."""
        expected = max(job.size, job.expected or 0)
        memory = self._memory(job)
        made = session.report(bytes(job.data), job.settings, expected, whole=False, memory=memory, shown=job.shown)
        if identity not in self.cancelled:
            job.frames += 1
            self._send(identity, made, job.settings)

    def _send(self, identity: Any, report: dict[str, Any], chosen: settings.Settings) -> None:
        more = Words(chosen.locale)("cut.more", count="{count}")
        self._write(frames.pack_report(_envelope("report", identity), report, more))
        collecting.as_usual()

    def _begin(
        self,
        identity: Any,
        message: Message,
        chosen: settings.Settings,
        known: dict[Any, Any],
        visit: frozenset[str],
        memory: Memory | None,
        frames: int = 0,
        *,
        shown: bool,
    ) -> None:
        def hear(question: Any, state: Any) -> None:
            self._post(Heard(identity, question, state))

        asking = chosen.privacy != "offline" or bool(visit)
        workers = self._workers_for(chosen) if asking else None
        live = session.Live(message, chosen, workers, hear, monotonic(), known, session.opener, visit, shown=shown)
        self._inquiries[identity] = Inquiry(live, frames, memory)
        if memory:
            self._memories.pop(identity, None)
            self._memories[identity] = memory
            while len(self._memories) > MAX_MEMORIES:
                del self._memories[next(iter(self._memories))]
        self._follow(identity, self._inquiries[identity])

    def _step(self, identity: Any, inquiry: Inquiry) -> None:
        """One more report; what goes wrong there is said of this request alone."""
        try:
            self._follow(identity, inquiry)
        except RpcError as error:
            self._fail(identity, error)
        except BrokenPipeError:
            raise
        except Exception as error:  # as in handle
            self._fail(
                identity, RpcError(INTERNAL, "a fault of the host; please report it", {"kind": type(error).__name__})
            )

    def _follow(self, identity: Any, inquiry: Inquiry) -> None:
        """One more look, and a report if it is time for one; with the last the request is answered."""
        if identity in self.cancelled:
            raise RpcError(CANCELLED, "cancelled")
        live = inquiry.live
        report = live.look(monotonic())
        if identity in self.cancelled:
            raise RpcError(CANCELLED, "cancelled")
        if report is None:
            return
        inquiry.frames += 1
        self._send(identity, report, live.settings)
        live.said()
        over = live.due() is None
        if over:
            del self._inquiries[identity]
            self._keep(identity, live)
            self._result(identity, {"sha256": report["message"]["sha256"], "frames": inquiry.frames})
        if inquiry.memory and live.analysis and (over or not inquiry.taught):
            # Once when the first report is out, for a reader may leave before the last, and once when all is known.
            inquiry.taught = True
            inquiry.memory.teach(live.analysis)

    def _keep(self, identity: Any, live: session.Live) -> None:
        self._kept.pop(identity, None)
        self._kept[identity] = live
        while len(self._kept) > MAX_KEPT or (
            len(self._kept) > 1 and sum(kept.message.size for kept in self._kept.values()) > MAX_KEPT_BYTES
        ):
            del self._kept[next(iter(self._kept))]

    def _ask_more(self, identity: Any, params: dict[str, Any]) -> None:
        """The message of an earlier request again, with what is known of it: at a level that allows more, with links followed, or with
        its panel."""
        self._free(identity)
        live = self._live(params.get("of"))
        visit, privacy = _visit(params), params.get("privacy")
        chosen = live.settings
        if privacy is not None:
            chosen = chosen._replace(privacy=_settings({"privacy": privacy}).privacy)
        memory = self._memories.get(params["of"])
        known = {**live.states, **(memory.recall(live.message) if memory else {})}  # more may have passed since
        self._begin(identity, live.message, chosen, known, visit, memory, shown=_shown(params, visit))

    def _live(self, of: Any) -> session.Live:
        """The message of an earlier request, finished or not."""
        running = self._inquiries.get(of) if isinstance(of, (str, int)) else None
        live = running.live if running else self._kept.get(of) if isinstance(of, (str, int)) else None
        if live is None:
            raise RpcError(
                GONE, "that message is no longer kept: send it again", {"of": of if isinstance(of, int) else None}
            )
        return live

    def _report(self, of: Any) -> dict[str, Any]:
        """The last report of an earlier request, with what its frame had no room for."""
        analysis = self._live(of).with_panel()
        if analysis is None:  # its first look ended in a fault
            raise RpcError(GONE, "there is no report of that message", {"of": of if isinstance(of, int) else None})
        made: dict[str, Any] = as_json(analysis.report)
        return made

    def _complaint(self, identity: Any, params: dict[str, Any]) -> None:
        """The letter to one of those whom a report names, with what is attached to it in pieces before."""
        from sekisho import letters

        live = self._live(params.get("of"))
        address, language, mask = params.get("recipient"), params.get("language"), params.get("mask", True)
        if not isinstance(address, str):
            raise RpcError(PARAMS, "recipient must be an address that the report names", {"field": "recipient"})
        if language not in letters.LANGUAGES:
            raise RpcError(PARAMS, f"language must be one of {', '.join(letters.LANGUAGES)}", {"field": "language"})
        if not isinstance(mask, bool):
            raise RpcError(PARAMS, "mask must be true or false", {"field": "mask"})
        campaign = _yes(params, "campaign")
        known: Mapping[Question, State] = live.known
        if campaign and (memory := self._memories.get(params["of"])) is not None:
            known = {**known, ALIKE: memory.kin()}
        draft = letters.draft(
            live.message, known, live.settings, address, language, mask, int(time()), campaign=campaign
        )
        if draft is None:
            raise RpcError(PARAMS, "the report does not name that recipient", {"field": "recipient"})
        data = draft.attached.data
        for index, at in enumerate(range(0, len(data), MAX_PIECE)):
            piece = b2a_base64(data[at : at + MAX_PIECE], newline=False).decode("ascii")
            self._notify(
                "attachment", {"id": identity, "index": index, "data": piece, "last": at + MAX_PIECE >= len(data)}
            )
        self._result(identity, draft.plain())

    def _workers_for(self, chosen: settings.Settings) -> Workers:
        """One set of workers for the process; another resolver or key makes another, and so does what a visit must leave alone."""
        own = (chosen.own_domains, chosen.own_addresses, chosen.incoming_servers)
        key = (chosen.resolver, chosen.safe_browsing_key, own)
        if self._workers is None or self._workers[0] != key:
            if self._workers is not None:
                self._workers[1].close()
            from sekisho.places import cache_folder, this_machine

            self._workers = (key, session.workers_for(chosen, cache_folder(this_machine())))
        return self._workers[1]

    def _update(self, identity: Any, locale: str) -> None:
        """`sekisho update` in a process of its own: it takes minutes and a gigabyte, and mail goes on being looked at."""
        import subprocess

        if self._refreshing is not None:
            raise RpcError(BUSY, "the tables are being updated already", {"limit": 1})
        try:
            process = subprocess.Popen(
                update_command(locale),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise RpcError(INTERNAL, "sekisho update cannot be started", {"kind": type(error).__name__}) from error
        self._refreshing = process

        def wait() -> None:
            while True:
                try:
                    said = process.communicate(timeout=TICK)[0]
                except subprocess.TimeoutExpired:
                    self._post(Refreshed(identity, None))
                    continue
                self._post(Refreshed(identity, [line for line in said.splitlines() if line.strip()][-MAX_LINES:]))
                return

        start_new_thread(wait, ())

    def _cancel(self, params: dict[str, Any]) -> None:
        """The reader has noted it already; a job that still waits for chunks ends here."""
        identity = params.get("id")
        if not isinstance(identity, (str, int)):
            raise RpcError(PARAMS, "id must be that of a request", {"field": "id"})
        inquiry = self._inquiries.get(identity)
        if inquiry is not None and params.get("report") is True:
            inquiry.live.cancel()
            self._step(identity, inquiry)
        elif inquiry is not None or identity in self._jobs:
            self._fail(identity, RpcError(CANCELLED, "cancelled"))
        self.cancelled.discard(identity)

    def _export(self, identity: Any, params: dict[str, Any]) -> None:
        from time import time

        from sekisho.paint.export import FORMATS, ExportError, export

        kind, report, publication = params.get("format"), params.get("report"), params.get("publication", False)
        if report is None and "of" in params:
            report = self._report(params["of"])
        if not isinstance(kind, str) or kind not in FORMATS:
            raise RpcError(PARAMS, f"format must be one of {', '.join(FORMATS)}", {"field": "format"})
        if not isinstance(report, dict):
            raise RpcError(PARAMS, "report must be a report object", {"field": "report"})
        if not isinstance(publication, bool):
            raise RpcError(PARAMS, "publication must be true or false", {"field": "publication"})
        given, locale = params.get("settings"), params.get("locale")
        chosen = _settings({"locale": locale, **given} if isinstance(given, dict) else given or {"locale": locale})
        try:
            kept = export(report, kind, chosen, int(time()), publication=publication)
        except ExportError as error:
            raise RpcError(PARAMS, str(error), {"field": "report"}) from error
        result = {"format": kind, "media_type": kept.media_type, "name": kept.name}
        self._result(identity, {**result, **self._paged(identity, kept.text)})

    def _paged(self, identity: Any, text: str) -> dict[str, Any]:
        """A text of a result, whatever its length: sent ahead in parts where it may not fit into one frame."""
        pieces = frames.parts(text)
        if len(pieces) == 1:
            return {"text": text, "parts": 1}
        for index, piece in enumerate(pieces):
            self._notify("part", {"id": identity, "index": index, "text": piece})
        return {"text": None, "parts": len(pieces)}

    def _fail(self, identity: Any, error: RpcError) -> None:
        self._jobs.pop(identity, None)
        inquiry = self._inquiries.pop(identity, None)
        if inquiry is not None:
            inquiry.live.cancel()
        self.cancelled.discard(identity)
        self._error(identity, error)

    def _result(self, identity: Any, result: Any) -> None:
        self._write(frames.pack({"jsonrpc": "2.0", "id": identity, "result": result}))

    def _notify(self, method: str, params: Any) -> None:
        self._write(frames.pack({"jsonrpc": "2.0", "method": method, "params": params}))

    def _memory(self, job: Job) -> Memory | None:
        days = job.settings.remember_days
        if not job.account or not days:
            return None
        from sekisho.memory import Memory

        return Memory(self._register, job.account, days)

    @property
    def _register(self) -> Register:
        """The register, made when the first message names its account."""
        if self._opened is None:
            from sekisho.folders import own_register
            from sekisho.register import Register

            self._opened = Register(own_register())
        return self._opened

    def _remembered(self, params: dict[str, Any]) -> Memory:
        of = params.get("of")
        memory = self._memories.get(of) if isinstance(of, (str, int)) else None
        if memory is None:
            raise RpcError(
                GONE, "that message is no longer kept: send it again", {"of": of if isinstance(of, int) else None}
            )
        return memory

    def _note(self, params: dict[str, Any]) -> dict[str, Any]:
        """Whom the reader told of this sender's mail."""
        from sekisho.questions import TOLD

        whom, on = params.get("told"), params.get("on", True)
        if whom not in TOLD:
            raise RpcError(PARAMS, f"told must be one of {', '.join(TOLD)}", {"field": "told"})
        if not isinstance(on, bool):
            raise RpcError(PARAMS, "on must be true or false", {"field": "on"})
        campaign = _yes(params, "campaign")
        if not self._remembered(params).told(whom, int(time()) if on else None, campaign):
            raise RpcError(REGISTER, "that could not be written down", {"reason": self._register.trouble or ""})
        return {"told": whom, "on": on, "campaign": campaign}

    def _forget(self, account: str | None) -> int:
        from sekisho.places import cache_folder, this_machine
        from sekisho.register import RegisterError

        try:
            if account is None:
                return session.forget(self._register, cache_folder(this_machine()))[0]
            return self._register.forget(account)
        except RegisterError as error:
            raise RpcError(REGISTER, "what was remembered could not be deleted", {"reason": str(error)}) from error

    def _error(self, identity: Any, error: RpcError) -> None:
        said: dict[str, Any] = {"code": error.code, "message": str(error)}
        if error.data is not None:
            said["data"] = error.data
        self._write(frames.pack({"jsonrpc": "2.0", "id": identity, "error": said}))

    def _write(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            view = view[os.write(self._output, view) :]


def serve(source: int, output: int) -> None:
    """Answer what comes in on descriptor `source` until it ends or `shutdown` is asked for."""
    inbox: SimpleQueue[tuple[Any, int]] = SimpleQueue()
    host = Host(output, lambda heard: inbox.put((heard, 0)))
    pending = [0, 0]  # bytes filed by the reader, bytes worked off by the main thread: each written by one of them only
    finished = object()

    def reader() -> None:
        while True:
            size = 0

            def receive(count: int) -> bytes:
                nonlocal size
                data = os.read(source, min(count, 1 << 20))
                size += len(data)
                return data

            try:
                value = frames.read(receive)
            except frames.FrameError as error:
                pending[0] += size
                inbox.put((error, size))
                if error.fatal:
                    break
                continue
            except OSError:
                break
            if value is None:
                break
            cancelled = _cancelled(value)
            if cancelled is not None:
                host.cancelled.add(cancelled)
            pending[0] += size
            inbox.put((value, size))
            while pending[0] - pending[1] > MAX_PENDING:
                sleep(0.002)
        inbox.put((finished, 0))

    start_new_thread(reader, ())
    while not host.over:
        due = host.due()
        if due is not None and due <= monotonic():
            host.tick()
            continue
        try:
            value, size = inbox.get(timeout=None if due is None else due - monotonic())
        except (Empty, ValueError):  # the moment has come, or has passed between the two looks at the clock
            continue
        pending[1] += size
        if value is finished:
            host.end()
            return
        if isinstance(value, Heard):
            host.heard(value)
        elif isinstance(value, Refreshed):
            host.refreshed(value)
        elif isinstance(value, frames.FrameError):
            host.broken(value)
        else:
            host.handle(value)


def update_command(locale: str) -> list[str]:
    """`sekisho update` by the interpreter and from the paths of this process: neither the folder that it stands in nor a variable of
    the environment has a word in what is loaded."""
    import json

    return [sys.executable, "-I", "-X", "utf8", "-c", _UPDATE, json.dumps(sys.path), "update", "--locale", locale]


def main() -> int:
    """Speak on the process' own standard input and output. What anything prints goes to standard error instead.

    Thunderbird gives the manifest and the extension as arguments; 1: it is another extension than ours."""
    if len(sys.argv) > 2 and sys.argv[2] != sekisho.EXTENSION_ID:
        print(f"this host serves {sekisho.EXTENSION_ID} alone", file=sys.stderr)
        return 1
    output = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(output, os.O_BINARY)
    newer.FOLDER = folders.own_tables()
    try:
        serve(0, output)
    except (BrokenPipeError, KeyboardInterrupt):
        return 0  # Thunderbird has gone, or somebody pressed Ctrl-C: nobody is left to tell
    return 0


def _hello(params: dict[str, Any]) -> dict[str, Any]:
    from sekisho import ages
    from sekisho.tables import atlas, rows, suffixes

    protocol, extension = params.get("protocol"), params.get("extension")
    if not _whole(protocol):
        raise RpcError(PARAMS, "protocol must be a number", {"field": "protocol"})
    locale = _locale(params)
    if protocol != sekisho.PROTOCOL:
        raise RpcError(
            PROTOCOL,
            f"this host speaks protocol {sekisho.PROTOCOL}, the extension {protocol}",
            {
                "protocol": sekisho.PROTOCOL,
                "host": sekisho.__version__,
                "extension_protocol": protocol,
                "extension": str(extension)[:50] if extension is not None else None,
                "advice": _advice(protocol > sekisho.PROTOCOL, locale),
                "command": "python3 install.py",
            },
        )
    return {
        "protocol": sekisho.PROTOCOL,
        "host": sekisho.__version__,
        "extension": str(extension)[:50] if extension is not None else None,
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "tables": {"atlas": atlas.as_of(), "suffixes": suffixes.as_of()},
        "problems": [
            *(problem for problem in (atlas.problem(locale), suffixes.problem(locale)) if problem),
            *rows.problems(locale),
        ],
        "old": ages.notice(int(time() // 86400), locale),
    }


def _advice(host_is_older: bool, locale: str) -> str:
    if locale == "ja":
        what = "ホスト側のプログラムが古いままです。" if host_is_older else "拡張機能のほうが古いままです。"
        return what + "Sekisho のフォルダーで次のコマンドを実行し、Thunderbird に新しい拡張機能を入れてください。"
    what = (
        "The host program is older than the extension. "
        if host_is_older
        else "The extension is older than the host program. "
    )
    return what + "Run this in Sekisho's folder and add the extension that it names to Thunderbird again."


def _read_settings(given: Any) -> tuple[settings.Settings, tuple[str, ...]]:
    try:
        return settings.read(given)
    except settings.SettingsError as error:
        field = f"settings.{error.name}" if error.name else "settings"
        raise RpcError(PARAMS, str(error), {"field": field}) from error


def _account(params: dict[str, Any]) -> str | None:
    """The key of a mail account in the extension's words."""
    account = params.get("account")
    if account is not None and (not isinstance(account, str) or len(account) > MAX_ACCOUNT):
        raise RpcError(
            PARAMS, f"account must be a text of at most {MAX_ACCOUNT} characters or null", {"field": "account"}
        )
    return account


def _known(params: dict[str, Any]) -> dict[str, Any] | None:
    """What the reader's address book says of the one address that From names."""
    known = params.get("known")
    if known is None:
        return None
    address, by = (known.get("address"), known.get("by")) if isinstance(known, dict) else (None, None)
    if not isinstance(address, str) or len(address) > MAX_ACCOUNT * 2 or by not in ([], ["address-book"]):
        raise RpcError(PARAMS, 'known must be {"address", "by": ["address-book"]} or null', {"field": "known"})
    return {"address": address, "by": by}


def _shown(params: dict[str, Any], visit: frozenset[str]) -> bool:
    """Whether the reports are to have a panel: links are followed from there alone."""
    return _yes(params, "panel", missing=True) or bool(visit)


def _yes(params: dict[str, Any], name: str, *, missing: bool = False) -> bool:
    """A parameter that is true or false, and `missing` where it is not there."""
    given = params.get(name, missing)
    if not isinstance(given, bool):
        raise RpcError(PARAMS, f"{name} must be true or false", {"field": name})
    return given


def _locale(params: dict[str, Any]) -> str:
    return spoken(str(params.get("locale") or ""))


def _care(method: str, locale: str) -> dict[str, Any]:
    """What the options page shows of this computer."""
    from sekisho import care

    if method == "doctor":
        return {"doctor": care.check_up(locale)}
    return {"data": care.data(locale), "register": care.register(locale)}


def _visit(params: dict[str, Any]) -> frozenset[str]:
    """The links that the reader wants followed, as the panel showed that they would be requested."""
    visit = params.get("visit")
    if visit is None:
        return frozenset()
    if not isinstance(visit, list) or len(visit) > MAX_VISITS or not all(isinstance(link, str) for link in visit):
        raise RpcError(PARAMS, f"visit must be a list of at most {MAX_VISITS} links", {"field": "visit"})
    return frozenset(visit)


def _checked(given: Any) -> dict[str, Any]:
    """What the host makes of settings, and what there is to choose from."""
    from sekisho.facts.checkpoint import own_organisations
    from sekisho.tables.blocklists import LISTS

    understood, ignored = _read_settings(given)
    files = [*understood.lists, *([understood.atlas] if understood.atlas else [])]
    return {
        "settings": understood._asdict(),
        "ignored": list(ignored),
        "own": sorted(own_organisations(understood)),
        "unreadable": [path for path in files if not (os.path.isfile(path) and os.access(path, os.R_OK))],
        "choices": {
            "settings": list(settings.OFFERED),
            "blocklists": [{"zone": one.zone, "subject": one.subject, "terms": one.terms} for one in LISTS],
        },
    }


def _settings(given: Any) -> settings.Settings:
    return _read_settings(given)[0]


def _cancelled(value: Any) -> Any:
    """The id that a well-formed `cancel` names, else None: what is marked here, `Host._cancel` takes away again.

    One that wants a last report is not marked: it has its turn like any request.
    """
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0" or value.get("method") != "cancel" or "id" in value:
        return None
    params = value.get("params")
    if not isinstance(params, dict) or params.get("report") is True:
        return None
    identity = params.get("id")
    return identity if isinstance(identity, (str, int)) else None


def _envelope(method: str, identity: Any) -> Any:
    return lambda report: {"jsonrpc": "2.0", "method": method, "params": {"id": identity, "report": report}}


def _whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0

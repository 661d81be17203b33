"""The command line: sekisho analyse | scan | export | findings | forget | doctor."""

from __future__ import annotations

import sekisho.collecting  # first, so that what follows is not looked through for garbage
import sekisho.modules  # so that it comes from one file
import sekisho.patterns  # and its patterns need not be compiled

# isort: split
import contextlib
import json
import os
import sys
from collections.abc import Callable, Sequence

import sekisho
from sekisho import collecting, folders
from sekisho.locales import ENGLISH, languages, spoken
from sekisho.named import TYPE_CHECKING
from sekisho.tables import newer

if TYPE_CHECKING:
    from typing import Any, NoReturn

USAGE, FAILED = 2, 1


class CliError(Exception):
    """Something could not be read or written; the message is the one line the user sees."""


def program() -> NoReturn:
    """The command of a terminal. Where nothing is under way that an orderly end would wait for, it leaves at once: taking apart
    what was loaded is a tenth of a short run."""
    status = main()
    if "threading" in sys.modules:
        sys.exit(status)
    with contextlib.suppress(OSError):  # whoever read it has gone
        sys.stderr.flush()
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Status 0: done, whatever was found; 2: usage; 1: could not read or write."""
    arguments = _parser().parse_args(argv)
    newer.FOLDER = folders.own_tables()
    if arguments.run is not _analyse:
        collecting.as_usual()
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except CliError as error:
        from sekisho.paint.inert import visible

        print(f"sekisho: {visible(str(error))}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        _silence()
        return FAILED  # whoever read our output has gone, and knows it
    except OSError as error:
        _silence()
        print(f"sekisho: standard output: {error.strerror or error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130


def _silence() -> None:
    """What could not be written stays in the buffer: Python must not try again when it leaves."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _parser() -> Any:
    from argparse import ArgumentParser, HelpFormatter

    def layout(prog: str) -> HelpFormatter:
        return HelpFormatter(prog, width=_columns() - 2)

    class Parser(ArgumentParser):
        """One that does not load `shutil` and all its compressions, to know for each argument how wide the terminal is."""

        def __init__(self, **given: Any) -> None:
            super().__init__(formatter_class=layout, **given)  # it is called, that is all

    parser = Parser(
        prog="sekisho", description="Who really sent this mail, by which road it came, where its links lead."
    )
    parser.add_argument("--version", action="version", version=f"sekisho {sekisho.__version__}")
    # With `prog` argparse need not lay out a usage line for it now.
    commands = parser.add_subparsers(metavar="command", required=True, prog="sekisho")

    analyse = commands.add_parser("analyse", help="analyse messages and show the panel")
    analyse.add_argument("files", nargs="+", metavar="FILE", help="a raw message; - is standard input")
    analyse.add_argument(
        "--visit",
        action="append",
        default=[],
        metavar="link:N",
        help="follow this link of the message from here: its owner sees your address, and a one-time link may be used up",
    )
    analyse.set_defaults(run=_analyse)
    scan = commands.add_parser(
        "scan", help="analyse every message of an mbox, a Maildir, a folder of .eml or a Thunderbird profile"
    )
    scan.add_argument("paths", nargs="+", metavar="PATH")
    scan.add_argument(
        "--remember",
        action="store_true",
        help="let a Thunderbird profile's mail teach Sekisho in Thunderbird, too: which servers are your own, what passed, how senders write",
    )
    scan.add_argument("--jobs", type=int, metavar="N", help="processes that look at messages (default: one a core)")
    scan.add_argument("--output", metavar="FILE", help="with --json: the reports' file, instead of standard output")
    scan.add_argument(
        "--resume", metavar="FILE", help="note what is done in this file, and go on from there after an interruption"
    )
    scan.add_argument("--csv", metavar="FILE", help="write a table of all messages, for a spreadsheet")
    scan.add_argument(
        "--html", metavar="FILE", help="write an overview: campaigns, networks, countries, months, the worst"
    )
    scan.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="let the workers of this Dask scheduler look at the messages: they are sent there whole",
    )
    scan.set_defaults(run=_scan, refuse=scan.error)
    for command in (analyse, scan):
        command.add_argument("--json", action="store_true", help="one report object a line")
        _common(command)
        command.add_argument("--answers", metavar="FILE", help="known answers to questions, as JSON")
    export = commands.add_parser("export", help="a message's report as a document, on standard output")
    export.add_argument("file", metavar="FILE")
    export.add_argument("--format", choices=("html", "markdown", "json", "stix"), required=True)
    export.add_argument(
        "--publication",
        action="store_true",
        help="for strangers to read: without your addresses, names, domains and servers, without marks in links",
    )
    _common(export)
    export.set_defaults(run=_export, answers=None)
    findings = commands.add_parser("findings", help="everything that can be found, and what it means")
    findings.add_argument("--json", action="store_true")
    findings.add_argument("--locale", choices=languages(), default=None)
    findings.set_defaults(run=_findings)
    forget = commands.add_parser("forget", help="delete everything that Sekisho has remembered of your mail")
    forget.add_argument("--locale", choices=languages(), default=None)
    forget.set_defaults(run=_forget)
    update = commands.add_parser(
        "update",
        help="fetch newer tables (public suffixes, registries' servers, the atlas of addresses) from their publishers",
    )
    update.add_argument("--locale", choices=languages(), default=None)
    update.add_argument("--settings", metavar="FILE", help="settings as JSON; `resolver` counts")
    update.set_defaults(run=_update, privacy=None)
    doctor = commands.add_parser("doctor", help="what is right with this installation, and how to mend what is not")
    doctor.add_argument("--locale", choices=languages(), default=None)
    doctor.set_defaults(run=_doctor)
    return parser


def _columns() -> int:
    """The width of the terminal, as argparse reckons it."""
    with contextlib.suppress(ValueError):
        if (said := int(os.environ.get("COLUMNS", ""))) > 0:
            return said
    with contextlib.suppress(AttributeError, ValueError, OSError):  # no terminal, or none any more
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    return 80


def _common(command: Any) -> None:
    command.add_argument("--privacy", choices=("offline", "resolver", "registry", "sender"), default=None)
    command.add_argument(
        "--locale", choices=languages(), default=None, help="language of the sentences (default: yours)"
    )
    command.add_argument("--settings", metavar="FILE", help="settings as JSON")


def _analyse(arguments: Any) -> int:
    settings, answers = _settings(arguments), _answers(arguments)
    if not arguments.json and not settings.time_zone:  # a report for others does not say where its reader is
        settings = settings._replace(time_zone=_time_zone())
    looked_up = _look_ups(settings, bool(arguments.visit))
    for path in arguments.files:
        source = _read(path)
        visit = _to_visit(path, source, settings, arguments.visit) if arguments.visit else []
        report = looked_up(source, settings, answers, *([visit] if visit else []))
        if arguments.json:
            _line(report)
        else:
            _panel(report)
        collecting.as_usual()
    return 0


def _to_visit(path: str, source: bytes, settings: Any, wanted: Sequence[str]) -> list[str]:
    """The requests for the links of those numbers; each is said before it is made."""
    from sekisho import session
    from sekisho.paint.inert import visible

    offered = session.visitable(source, settings)
    out = []
    for place in wanted:
        if place not in offered:
            raise CliError(f"{path}: {place} cannot be followed")
        _progress(visible(f"{place}: requesting {offered[place]}") + "\n")
        out.append(offered[place])
    return out


def _look_ups(settings: Any, visiting: bool = False) -> Callable[..., dict[str, Any]]:
    """How a message's last report is made of its bytes, its settings and the answers that are known: at once, or when
    its files have been opened and everybody has answered who may be asked at this level."""
    from sekisho import session

    workers = None
    if settings.privacy != "offline" or visiting:
        from sekisho.places import cache_folder, this_machine

        workers = session.workers_for(settings, cache_folder(this_machine()))

    def last(source: bytes, settings: Any, answers: Any, visit: Sequence[str] = ()) -> dict[str, Any]:
        report: dict[str, Any] = {}
        for report in session.reports(source, settings, workers, answers, session.opener, visit):
            lookups = report["lookups"]
            if workers:
                _progress(f"{lookups['asked'] - lookups['waiting']} of {lookups['asked']} look-ups")
        return report

    return last


def _scan(arguments: Any) -> int:
    from sekisho import session
    from sekisho.scan import command

    settings, given = _settings(arguments), _answers(arguments)
    workers = None
    if settings.privacy != "offline":
        from sekisho.places import cache_folder, this_machine

        workers = session.workers_for(settings, cache_folder(this_machine()))
    register, keep = _register() if arguments.remember else (None, 0)
    command.run(arguments, settings, given, workers, register, keep)
    if register and register.trouble:
        raise CliError(f"not everything could be remembered: {register.path}: {register.trouble}")
    return 0


def _register() -> tuple[Any, int]:
    """The register of the user who runs this, and how many messages of an account it keeps."""
    from sekisho.folders import own_register
    from sekisho.register import Register
    from sekisho.register.lessons import MAX_LESSONS

    return Register(own_register()), MAX_LESSONS


def _forget(arguments: Any) -> int:
    from sekisho import places, session
    from sekisho.register import RegisterError, look

    register, _ = _register()
    size = None
    try:
        with contextlib.suppress(RegisterError):  # one that cannot be read is deleted all the same
            size = look(register.path)
        messages, answers = session.forget(register, places.cache_folder(places.this_machine()))
    except RegisterError as error:
        raise CliError(f"{register.path}: {error}") from error
    accounts = size.accounts if size else 0
    japanese = (arguments.locale or _locale()) == "ja"
    if messages:
        print(
            f"忘れました: {messages:,} 通のメール({accounts} アカウント)について覚えていたこと。"
            if japanese
            else f"Forgotten: what was remembered of {messages:,} messages of {accounts} accounts."
        )
    else:
        print("メールから覚えたことは、ありませんでした。" if japanese else "Nothing was remembered of any mail.")
    if answers:
        print(
            f"忘れました: 問い合わせへの回答 {answers:,} 件。"
            if japanese
            else f"Forgotten: {answers:,} answers to look-ups."
        )
    return 0


def _export(arguments: Any) -> int:
    import time

    from sekisho.paint.export import export

    settings = _settings(arguments)
    report = _look_ups(settings)(_read(arguments.file), settings, None)
    kept = export(report, arguments.format, settings, int(time.time()), publication=arguments.publication)
    sys.stdout.write(kept.text)
    return 0


def _findings(arguments: Any) -> int:
    from sekisho.checks import modules, text_of

    locale = arguments.locale or _locale()
    for module in modules():
        check = module.check
        if arguments.json:
            texts = {name: text._asdict() for name, text in check.texts.items()}
            _line({"id": check.id, "severity": check.severity, "texts": texts})
        else:
            text = text_of(check, locale)
            print(f"{check.id} ({check.severity})\n  {text.title}\n  {text.why}\n")
    return 0


def _update(arguments: Any) -> int:
    import asyncio
    import time

    from sekisho import update
    from sekisho.lookup.resolver import Resolver
    from sekisho.lookup.transport import Transport

    settings = _settings(arguments)

    async def refreshed() -> list[update.Outcome]:
        transport = Transport(Resolver(settings.resolver).addresses)
        today = time.strftime("%Y-%m-%d", time.gmtime())
        from pathlib import Path  # 6 ms, and no other command needs it

        return await update.refresh(transport, Path(folders.own_tables()), today)

    outcomes = asyncio.run(refreshed())
    for outcome in outcomes:
        print(update.sentence(outcome, settings.locale))
    kept = [outcome for outcome in outcomes if outcome.state == "kept"]
    if kept:
        raise CliError(f"{len(kept)} of {len(outcomes)} tables could not be refreshed; the old ones stay in use")
    return 0


def _doctor(arguments: Any) -> int:
    from sekisho import doctor

    status: int = doctor.main(["--locale", arguments.locale or _locale()])
    return status


def _settings(arguments: Any) -> Any:
    from sekisho.settings import SettingsError, read

    given: dict[str, Any] = {"locale": _locale()}
    if arguments.settings:
        loaded = _json(arguments.settings)
        if not isinstance(loaded, dict):
            raise CliError(f"{arguments.settings}: settings must be a JSON object")
        given.update(loaded)
    given.update({name: getattr(arguments, name) for name in ("locale", "privacy") if getattr(arguments, name)})
    try:
        return read(given)[0]
    except SettingsError as error:
        raise CliError(f"{arguments.settings}: {error}") from error


def _time_zone() -> tuple[tuple[int, int], ...]:
    """How this computer's clock has stood to UTC since 1995: `settings.time_zone`."""
    from time import localtime, time

    def east(moment: int) -> int:
        return localtime(moment).tm_gmtoff // 60

    day = 86400
    first, last = 9131 * day, int(time()) + 366 * day
    changes = [(first, east(first))]
    for begin in range(first, last, 28 * day):
        low, high = begin, min(begin + 28 * day, last)
        if east(high) != changes[-1][1]:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if east(middle) == changes[-1][1] else (low, middle)
            changes.append((high, east(high)))
    return tuple(changes)


def _answers(arguments: Any) -> Any:
    if not arguments.answers:
        return {}
    from sekisho.session import AnswersError, read_answers

    try:
        return read_answers(_json(arguments.answers))
    except AnswersError as error:
        raise CliError(f"{arguments.answers}: {error}") from error


def _locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return spoken(value)
    return ENGLISH


def _read(path: str) -> bytes:
    try:
        if path == "-":
            return sys.stdin.buffer.read()
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CliError(f"{path}: {error.strerror or error}") from error


def _json(path: str) -> Any:
    try:
        return json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise CliError(f"{path}: not JSON ({error})") from error


def _line(value: Any) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _panel(report: dict[str, Any]) -> None:
    from sekisho.paint.terminal import paint

    paint(report)


def _progress(text: str) -> None:
    # One line that is written over on a terminal; elsewhere only the last word of it is worth keeping.
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)
    elif text.endswith("\n"):
        print(text, end="", file=sys.stderr)


if __name__ == "__main__":
    program()

"""What a program puts off while it starts is there when it is asked for."""

from __future__ import annotations

import base64
import json
import struct
import subprocess
import sys

from workbench import HOST, SAMPLES


def said(program: str, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """A Python program with the package in its path."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True, env={"PYTHONPATH": str(HOST)})


def test_the_parser_is_loaded_without_logging() -> None:
    """Its logger is a real one as soon as it is used, and so is everything else in the module that it took for `logging`."""
    program = (
        "import sys\n"
        "from sekisho.mail import html\n"
        "html.parse('<p>a</p>')\n"
        "print('logging' in sys.modules)\n"
        "from selectolax import lexbor\n"
        "lexbor.logger.error('heard %d', 1)\n"
        "import logging\n"
        "print(type(logging).__name__, lexbor.logging.WARNING == logging.WARNING, lexbor.logger.parent is logging.getLogger())\n"
    )
    done = said(program)
    assert b"False\nmodule True True\n" == done.stdout.replace(b"\r", b"")
    assert b"heard 1\n" == done.stderr.replace(b"\r", b"")


def test_a_logging_that_is_there_is_left_there() -> None:
    program = (
        "import logging\nfrom sekisho.mail.html import lexbor\nimport sys\nprint(sys.modules['logging'] is logging)\n"
    )
    assert b"True" == said(program).stdout.strip()


def test_garbage_is_looked_for_as_usual_from_the_first_report_on() -> None:
    command = (
        "import gc\n"
        "usual = gc.get_threshold()\n"
        "from sekisho import cli\n"
        "begun = gc.get_threshold()\n"
        "import sys\n"
        "cli.main(['analyse', '--json', sys.argv[1]])\n"
        "print(begun[0] > 10 * usual[0], gc.get_threshold() == usual, file=sys.stderr)\n"
    )
    assert b"True True" == said(command, str(SAMPLES[0])).stderr.strip()
    host = (
        "import gc, sys\n"
        "usual = gc.get_threshold()\n"
        "from sekisho import native\n"
        "begun = gc.get_threshold()\n"
        "sys.argv[:] = ['sekisho']\n"
        "native.main()\n"
        "print(begun[0] > 10 * usual[0], gc.get_threshold() == usual, file=sys.stderr)\n"
    )
    mail = SAMPLES[0].read_bytes()
    given = b""
    for request in (
        {"id": 1, "method": "analyse", "params": {"size": len(mail), "privacy": "offline"}},
        {"method": "chunk", "params": {"id": 1, "index": 0, "data": base64.b64encode(mail).decode(), "last": True}},
    ):
        body = json.dumps({"jsonrpc": "2.0", **request}).encode()
        given += struct.pack("=I", len(body)) + body
    assert b"True True" == said(host, given=given).stderr.strip()


def test_a_command_that_leaves_at_once_has_said_everything() -> None:
    """Into a pipe, with the status of its end."""
    command = [sys.executable, "-m", "sekisho", "analyse", "--json", *map(str, SAMPLES), "no such file"]
    done = subprocess.run(command, capture_output=True, check=False, env={"PYTHONPATH": str(HOST)})
    assert 1 == done.returncode
    assert len(SAMPLES) == len([json.loads(line) for line in done.stdout.splitlines()])
    assert done.stderr.startswith(b"sekisho: no such file: ")

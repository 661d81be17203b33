"""The mail chain's process: `python -m lab.inside FOLDER`, as chain.travel starts it, alone in its namespaces."""

from __future__ import annotations

import json
import os
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any

from . import mailservers
from .chain import ALPHA, CLIENT, DELTA, FINAL, HELD, LIAR, PASSWORD, RECIPIENT, SENDER, SERVERS, Sending

HERE = Path("/run/lab")  # the folder of the test, where every user may go
NAMES = "192.0.2.53"  # the name server's address
USERS = ("postfix", "postdrop", "Debian-exim", "opensmtpd", "opensmtpq", "smmta", "smmsp")
FIRST_USER = 60901  # beyond those of Debian and of people
PATIENCE = 20.0  # seconds
STARTED: dict[str, subprocess.Popen[bytes]] = {}
POINTERS = {CLIENT[0]: CLIENT[1], **dict(SERVERS), DELTA[0]: LIAR[1]}


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)


def until(what: str, true: Callable[[], Any]) -> Any:
    """What the call gives, as soon as it is true."""
    last = time.monotonic() + PATIENCE
    while not (value := true()):
        ended = {name: process.returncode for name, process in STARTED.items() if process.poll() is not None}
        if ended:
            raise RuntimeError(f"{what}: ended with status {ended}")
        if time.monotonic() > last:
            raise TimeoutError(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.02)
    return value


# ---- The place


def make_place(folder: Path, packages: list[str]) -> None:
    """The network, and folders of the machine with the servers' files laid over them: what is written there is gone afterwards."""
    run("mount", "--make-rprivate", "/")
    addresses = (NAMES, CLIENT[0], *(address for address, _ in SERVERS))
    batch = "".join(f"address add {address}/32 dev lo\n" for address in addresses)
    subprocess.run(["ip", "-batch", "-"], input=f"link set lo up\n{batch}".encode(), check=True)
    socket.sethostname("lab")
    keep = os.open(folder, os.O_PATH)
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    HERE.mkdir()
    run("mount", "--bind", f"/proc/self/fd/{keep}", HERE, pass_fds=(keep,))
    for number, path in enumerate(("usr", "etc", "var/spool", "var/lib")):
        upper, work = Path(f"/run/upper{number}"), Path(f"/run/work{number}")
        upper.mkdir()
        work.mkdir()
        lower = ":".join(f"{package}/{path}" for package in (*packages, "") if Path(f"{package}/{path}").is_dir())
        run("mount", "-t", "overlay", "-o", f"lowerdir={lower},upperdir={upper},workdir={work}", "overlay", f"/{path}")
    etc = {
        "resolv.conf": f"nameserver {NAMES}\n",
        "hosts": "127.0.0.1 localhost\n",
        "nsswitch.conf": "hosts: files dns\npasswd: files\ngroup: files\n",
        "passwd": Path("/etc/passwd").read_text("utf-8"),
        "group": Path("/etc/group").read_text("utf-8"),
    }
    for number, user in enumerate(USERS, FIRST_USER):
        if not re.search(rf"^{user}:", etc["passwd"], re.MULTILINE):
            etc["passwd"] += f"{user}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n"
        if not re.search(rf"^{user}:", etc["group"], re.MULTILINE):
            etc["group"] += f"{user}:x:{number}:\n"
    for name, text in etc.items():
        file = Path("/etc", name)
        file.unlink(missing_ok=True)  # a symbolic link may lead out of /etc
        file.write_text(text, "utf-8")


def start_names() -> None:
    """The name server of that network."""
    zones = {"example": "".join(f"{name}. A {address}\n" for address, name in (CLIENT[:2], *SERVERS, LIAR))}
    zones["example"] += f"final.example. MX 10 {FINAL[1]}.\nalpha.example. MX 10 {ALPHA[1]}.\n"
    for address, name in POINTERS.items():
        first, second, third, last = address.split(".")
        origin = f"{third}.{second}.{first}.in-addr.arpa"
        zones[origin] = zones.get(origin, "") + f"{last} PTR {name}.\n"
    place = HERE / "names"
    place.mkdir()
    for origin, records in zones.items():
        head = "$TTL 60\n@ SOA ns.example. host.example. 1 60 60 60 60\n@ NS ns.example.\n"
        (place / f"{origin}.zone").write_text(head + records, "ascii")
    listed = "".join(f"- domain: {origin}\n" for origin in zones)
    (place / "knot.conf").write_text(
        f"server:\n  listen: {NAMES}@53\n  rundir: {place}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n"
        f"log:\n- target: stderr\n  any: info\ndatabase:\n  storage: {place}\ntemplate:\n- id: default\n  storage: {place}\n"
        f'  file: "%s.zone"\n  zonefile-sync: -1\n  journal-content: none\nzone:\n{listed}',
        "utf-8",
    )
    start("names", "/usr/sbin/knotd", "-c", place / "knot.conf")
    until("name server ready", lambda: listens(NAMES, 53))


def start(name: str, *command: str | Path) -> None:
    """A server in the foreground; it ends with the namespace."""
    with (HERE / f"{name}.log").open("wb") as log:
        STARTED[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def listens(address: str, port: int, greeting: bytes = b"") -> bool:
    try:
        with socket.create_connection((address, port), 1) as out:
            return out.recv(len(greeting)) == greeting
    except OSError:
        return False


# ---- The mails


def send(sending: Sending, authority: Path) -> str:
    """The id that the first server gave it."""
    port = 587 if sending.login else 25
    header = (
        f"Date: {formatdate()}\r\nFrom: Hanako <{SENDER}>\r\nTo: <{RECIPIENT}>\r\n"
        f"Subject: {sending.name}\r\nMessage-ID: <{sending.name}@alpha.example>\r\n"
    )
    with smtplib.SMTP(ALPHA[0], port, CLIENT[2], PATIENCE, (CLIENT[0], 0)) as client:
        if sending.login:
            client.starttls(context=ssl.create_default_context(cafile=authority))
            client.login(SENDER, PASSWORD)
        client.ehlo_or_helo_if_needed()
        for code, said in (client.mail(HELD if sending.hold else SENDER), client.rcpt(RECIPIENT)):
            assert code == 250, said
        above = sending.above.replace("{now}", formatdate())
        code, said = client.data(f"{above}{header}\r\nHello.\r\n".encode("ascii"))
        assert code == 250, said
    return said.decode("ascii").rpartition(" ")[2]


def log(name: str) -> str:
    path = HERE / name
    return path.read_text("utf-8", "replace") if path.exists() else ""


def ids(first: str, message_id: str) -> list[str]:
    """The five queue ids, each from the log of the server that gave or was told it."""

    def find(name: str, pattern: str) -> str:
        found: re.Match[str] = until(f"{message_id} in {name}", lambda: re.search(pattern, log(name)))
        return found[1]

    beta = find("alpha/log", rf" {first}: .*status=sent \(250 OK id=([^ )]+)\)")
    gamma = find("beta/mainlog", rf" {beta} => .*C=\"250 2\.0\.0:? ?(\w+) ")
    delta = find("gamma.log", rf"evpid={gamma}\w* .*result=\"Ok\" stat=\"250 2\.0\.0 (\w+) ")
    final = find("final/log", rf"cleanup\[\d+\]: (\w+): message-id=<{re.escape(message_id)}>")
    return [first, beta, gamma, delta, final]


def delivered(message_id: str) -> tuple[float, bytes] | None:
    """When the mail came into the mailbox, and its bytes."""
    for path in (HERE / "final/mail/box/new").glob("*"):
        message = path.read_bytes()
        if f"Message-ID: <{message_id}>".encode() in message:
            return path.stat().st_mtime, message
    return None


def send_all(sendings: list[Sending], authority: Path) -> dict[str, dict[str, Any]]:
    """All mails, those to be held first; and each of these released in its time. What is known of each thereafter."""
    told: dict[str, dict[str, Any]] = {}
    for sending in sorted(sendings, key=lambda one: -one.hold):
        begun = time.time()
        told[sending.name] = {"first": send(sending, authority), "begun": begun, "sent": time.time(), "released": None}
    for sending in sorted((one for one in sendings if one.hold), key=lambda one: one.hold):
        one = told[sending.name]
        time.sleep(max(0.0, one["sent"] + sending.hold - time.time()))
        one["released"] = time.time()
        run("/usr/sbin/postsuper", "-c", HERE / "alpha/conf", "-H", one["first"])
        run("/usr/sbin/postqueue", "-c", HERE / "alpha/conf", "-f")  # else it would go with the next look at the queue
    return told


def main(folder: Path) -> None:
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    make_place(folder, plan["packages"])
    start_names()
    alpha = mailservers.alpha(HERE, HERE / plan["certificate"], HERE / plan["key"])
    mailservers.start_postfix("alpha", HERE, alpha, start)
    mailservers.start_postfix("final", HERE, mailservers.final(HERE), start)
    mailservers.start_exim(HERE, start)
    mailservers.start_opensmtpd(HERE, start)
    mailservers.start_sendmail(HERE, start)
    for address, name in SERVERS:
        until(f"{name} ready", partial(listens, address, 25, b"220 "))
    told = send_all([Sending(**one) for one in plan["sendings"]], HERE / plan["authority"])
    (HERE / "box").mkdir()
    for name, one in told.items():
        message_id = f"{name}@alpha.example"
        one["delivered"], message = until(f"{message_id} delivered", partial(delivered, message_id))
        one["ids"] = ids(one.pop("first"), message_id)
        (HERE / "box" / name).write_bytes(message)
    (HERE / "travelled.json").write_text(json.dumps(told, indent=1), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

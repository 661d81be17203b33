"""Nothing goes to the network while mails are selected and analysed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from .conftest import skip, without
from .mails import SAYS, samples
from .reader import Reader

CALLS = re.compile(r"AF_INET|AF_NETLINK|sin6?_addr|connect\(|sendto\(|bind\(")

# Every channel of Thunderbird that opens, whoever asked for it, kept in the window of the test's own scripts.
WATCH = """
win.sekishoOpened = [];
win.sekishoObserver = {observe: channel => {
  channel.QueryInterface(Ci.nsIHttpChannel);
  win.sekishoOpened.push(channel.URI.spec);
}};
Services.obs.addObserver(win.sekishoObserver, "http-on-opening-request");
"""
UNWATCH = """
Services.obs.removeObserver(win.sekishoObserver, "http-on-opening-request");
return win.sekishoOpened;
"""


def analyse_all(reader: Reader) -> None:
    """Select every sample and have each one's panel opened."""
    for name, mail in samples().items():
        reader.select(mail)
        reader.displayed(mail)
        reader.run("await until('looked at', () => marks().every(one => one?.title.includes(args[0])))", SAYS[name])
        reader.click_display_button()
        reader.until_done()
        assert reader.report()["message"]["sha256"] == mail.sha256
        reader.close_panels()


def test_thunderbird_has_nobody_to_ask(reader: Reader, alone: bool) -> None:
    """All of this suite runs where no address but its own can be reached, and works."""
    if not alone:
        skip("this machine gives no network namespace (it needs root)")
    pid = reader.thunderbird.pid
    routes = Path(f"/proc/{pid}/net/route").read_text("ascii").splitlines()[1:]
    devices = [line.split(":")[0].strip() for line in Path(f"/proc/{pid}/net/dev").read_text("ascii").splitlines()[2:]]
    assert (routes, devices) == ([], ["lo"])
    reader.open_folder("Inbox", 4)
    reader.unload()
    analyse_all(reader)
    [host] = reader.home.hosts()
    assert Path(f"/proc/{host}/ns/net").readlink() == Path(f"/proc/{pid}/ns/net").readlink()


def test_host_makes_no_network_call(reader: Reader, tmp_path: Path) -> None:
    """From its start to its end the host opens no socket to the network, and connects to nothing."""
    if "strace" in without():
        skip("SEKISHO_TESTS_WITHOUT names strace")
    assert shutil.which("strace"), "sudo apt-get install strace"
    probe = subprocess.run(["strace", "-qq", "-o", str(tmp_path / "probe"), "true"], capture_output=True, check=False)
    if probe.returncode:
        skip(f"strace may not trace here: {probe.stderr.decode('utf-8', 'replace').strip()}")
    log = tmp_path / "calls"
    reader.open_folder("Inbox", 4)
    reader.unload()
    with reader.home.traced(log):
        analyse_all(reader)
        reader.unload()
    assert log.exists(), "the host was not started through the traced launcher"
    calls = log.read_text("utf-8", "replace").splitlines()
    assert not [line for line in calls if CALLS.search(line)], calls
    # the same trace sees a program that does use the network
    other = tmp_path / "other"
    script = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"
    command = ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(other), "python3", "-c", script]
    subprocess.run(command, check=True)
    assert [line for line in other.read_text("utf-8", "replace").splitlines() if CALLS.search(line)]


def test_thunderbird_opens_no_connection(reader: Reader) -> None:
    """While mails are selected and analysed, no HTTP channel opens in Thunderbird."""
    reader.open_folder("Inbox", 4)
    reader.unload()
    reader.run(WATCH)
    try:
        analyse_all(reader)
    finally:
        opened = reader.run(UNWATCH)
    assert opened == []


def test_panel_page_may_load_nothing_from_outside(reader: Reader) -> None:
    """The panel's content security policy forbids every request: a mail's text could bring none about."""
    reader.open_folder("Inbox", 4)
    reader.select(samples()["kagoya"])
    reader.marked("!", SAYS["kagoya"])
    reader.click_display_button()
    reader.until_done()
    refused = reader.run(
        """
        return await within(panels().at(-1), `
          const refused = [];
          document.addEventListener("securitypolicyviolation", event => refused.push(event.violatedDirective));
          await fetch("http://127.0.0.1:9/").catch(() => {});
          const image = new Image();
          const failed = new Promise(resolve => { image.onerror = resolve; });
          image.src = "http://127.0.0.1:9/x.png";
          await failed;
          return refused;`);
        """
    )
    assert [directive.partition("-")[0] for directive in refused] == ["connect", "img"]

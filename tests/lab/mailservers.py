"""The configurations of the chain's mail servers: each takes what comes and hands it to the next."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from .chain import ALPHA, BETA, CLIENT, DELTA, FINAL, GAMMA, HELD, PASSWORD, SENDER

Start = Callable[..., None]

POSTFIX = """compatibility_level = 3.6
queue_directory = {place}/spool
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {place}/log
maillog_file_prefixes = {place}
inet_interfaces = {address}
inet_protocols = ipv4
smtp_bind_address = {address}
myhostname = {name}
mydestination =
alias_maps =
alias_database =
"""


def alpha(folder: Path, certificate: Path, key: Path) -> str:
    """The sender's server: relays for the client's line, and for who logs in on the submission port."""
    place = folder / "alpha"
    return (
        POSTFIX.format(place=place, address=ALPHA[0], name=ALPHA[1])
        + f"""mynetworks = {CLIENT[0]}/32
relayhost = [{BETA[0]}]
smtpd_sender_restrictions = check_sender_access inline:{{{HELD}=HOLD}}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_received_header = yes
"""
    )


QUEUES = dict.fromkeys(("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming"), 0o700)
QUEUES |= {"saved": 0o700, "trace": 0o700, "private": 0o700, "maildrop": 0o730, "public": 0o710, "pid": 0o755}
GROUPS = {"maildrop": "postdrop", "public": "postdrop", "pid": "root"}
SUBMISSION = """587 inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_authenticated_header=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
"""


def final(folder: Path) -> str:
    """The reader's server, with one mailbox."""
    place = folder / "final"
    return (
        POSTFIX.format(place=place, address=FINAL[0], name=FINAL[1])
        + f"""mynetworks = 127.0.0.0/8
virtual_mailbox_domains = final.example
virtual_mailbox_base = {place}/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""
    )


def start_postfix(name: str, folder: Path, configuration: str, start: Start) -> None:
    place = folder / name
    for part in ("conf", "spool", "data", "mail"):
        (place / part).mkdir(parents=True)
    shutil.chown(place / "data", "postfix")
    shutil.chown(place / "mail", 65534)
    # what `postfix start` would make in three seconds
    for queue, mode in QUEUES.items():
        (place / "spool" / queue).mkdir()
        (place / "spool" / queue).chmod(mode)
        shutil.chown(place / "spool" / queue, "postfix" if queue != "pid" else "root", GROUPS.get(queue))
    (place / "conf/main.cf").write_text(configuration, "utf-8")
    master = Path("/usr/share/postfix/master.cf.dist").read_text("utf-8")
    master = re.sub(r"^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)", r"\1n\2", master, flags=re.MULTILINE)  # nothing in a chroot
    (place / "conf/master.cf").write_text(master + (SUBMISSION if name == "alpha" else ""), "utf-8")
    if name == "alpha":
        _make_login()
    start(name, "/usr/lib/postfix/sbin/master", "-c", place / "conf", "-d")


def _make_login() -> None:
    """The sender's account, in the database that Cyrus SASL looks into unless told otherwise."""
    database = Path("/etc/sasldb2")
    user, _, realm = SENDER.partition("@")
    command = ["/usr/sbin/saslpasswd2", "-c", "-p", "-f", str(database), "-u", realm, user]
    subprocess.run(command, input=PASSWORD.encode("ascii"), check=True)
    shutil.chown(database, "postfix")


EXIM = f"""keep_environment =
primary_hostname = {BETA[1]}
spool_directory = @place@/spool
log_file_path = @place@/%slog
local_interfaces = {BETA[0]}
daemon_smtp_ports = 25
tls_advertise_hosts =
acl_smtp_rcpt = accept
acl_smtp_data = accept
host_lookup = *
never_users =
begin acl
accept:
  accept
begin routers
relay:
  driver = manualroute
  route_list = * {GAMMA[0]}
  transport = out
  self = send
begin transports
out:
  driver = smtp
  interface = {BETA[0]}
  allow_localhost
  hosts_try_dane =
begin retry
* * F,1m,1s
"""


def start_exim(folder: Path, start: Start) -> None:
    place = folder / "beta"
    (place / "spool").mkdir(parents=True)
    for path in (place, place / "spool"):
        shutil.chown(path, "Debian-exim", "Debian-exim")
    configuration = place / "conf"
    configuration.write_text(EXIM.replace("@place@", str(place)), "ascii")
    trusted = Path("/etc/exim4/trusted_configs")
    trusted.parent.mkdir(exist_ok=True)
    trusted.write_text(f"{configuration}\n", "utf-8")
    start("beta", "/usr/sbin/exim4", "-C", configuration, "-bdf", "-q1s")


def start_opensmtpd(folder: Path, start: Start) -> None:
    place = folder / "gamma"
    place.mkdir()
    Path("/var/spool/smtpd").mkdir(mode=0o711, exist_ok=True)
    Path("/var/lib/opensmtpd/empty").mkdir(parents=True, exist_ok=True)
    (place / "smtpd.conf").write_text(
        f"listen on {GAMMA[0]} port 25 hostname {GAMMA[1]}\n"
        f'action "onward" relay host smtp://{DELTA[0]}:25 src {GAMMA[0]} helo {GAMMA[1]}\n'
        f'match from any for any action "onward"\n',
        "ascii",
    )
    start("gamma", "/usr/sbin/smtpd", "-d", "-f", place / "smtpd.conf")


SENDMAIL = f"""divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)
VERSIONID(`lab')
OSTYPE(`debian')
DOMAIN(`debian-mta')
define(`confDOMAIN_NAME',`{DELTA[1]}')
define(`QUEUE_DIR',`@place@/queue')
define(`confPID_FILE',`@place@/pid')
define(`SMART_HOST',`[{FINAL[0]}]')
FEATURE(`no_default_msa')
FEATURE(`promiscuous_relay')
FEATURE(`accept_unresolvable_domains')
define(`confCLIENT_OPTIONS',`Family=inet,Addr={DELTA[0]}')
define(`confDONT_PROBE_INTERFACES',`True')
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=25, Addr={DELTA[0]}')
MAILER(smtp)
"""


def start_sendmail(folder: Path, start: Start) -> None:
    place = folder / "delta"
    (place / "queue").mkdir(parents=True)
    shutil.chown(place / "queue", "smmta", "smmta")
    (place / "sendmail.mc").write_text(SENDMAIL.replace("@place@", str(place)), "ascii")
    made = subprocess.run(
        ["/usr/bin/m4", "-I/usr/share/sendmail/cf", place / "sendmail.mc"], capture_output=True, check=True
    ).stdout.decode("ascii")
    # files that are not there, and folders whose group may write
    made = re.sub(r"^O (AliasFile|StatusFile|HelpFile|HostStatusDirectory)=.*$", "", made, flags=re.MULTILINE)
    made = re.sub(r"^O DontBlameSendmail=.*$", "O DontBlameSendmail=groupwritabledirpathsafe", made, flags=re.MULTILINE)
    (place / "sendmail.cf").write_text(made, "ascii")
    start("delta", "/usr/libexec/sendmail/sendmail", f"-C{place}/sendmail.cf", "-bD", "-q1s")

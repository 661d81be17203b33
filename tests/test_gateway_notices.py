"""The notices of mail gateways, and what the names of viruses mean."""

import json

import pytest
from workbench import SAMPLES, report_of, report_of_source

from sekisho.tables import gateway_notices, virus_names

NOTICES = [
    # as delivered, in the first article
    ("The file [inline-589-1550.html] has been detected containing virus [HTML/Phishing.70A5!tr], and has been removed.", "inline-589-1550.html", "HTML/Phishing.70A5!tr", "Fortinet"),
    # FortiOS: replacement message "virus" of mail
    ('Dangerous Attachment has been Removed.  The file "a.zip" has been removed because of a virus.  It was infected with the "W32/Agent.A!tr" virus.  File quarantined as: "".', "a.zip", "W32/Agent.A!tr", "Fortinet"),
    # InterScan, as a provider shows it
    ("------------------ [Virus Warning Message] -------------\nFound virus WORM_KLEZ.H in file a.exe\nThe uncleanable file a.exe is moved to Quarantine directory\n", "a.exe", "WORM_KLEZ.H", "Trend Micro"),
    ("ScanMail for Microsoft Exchange has removed an attachment.\nAttachment: a.doc\nVirus: TROJ_AGENT.AB\nAction: Deleted\n", "a.doc", "TROJ_AGENT.AB", "Trend Micro"),
    # Microsoft's Malware Alert Text.txt, as published
    ("Malware was detected in one or more attachments included with this email message. \nAction: All attachments have been removed.\nPlan-Draft.xlsm\t W97M.Empstage\n", "Plan-Draft.xlsm", "W97M.Empstage", "Microsoft"),
    ("WARNING: ESET Mail Security found the following:\norder.zip - ZIP - order.exe - a variant of Win32/Kryptik.ABCD trojan - deleted\n", "order.zip", "Win32/Kryptik.ABCD", "ESET"),
    ("order.zip - Win32/Kryptik.ABCD トロイの木馬 - 削除されました\n", "order.zip", "Win32/Kryptik.ABCD", "ESET"),
    ("The file order.zip was infected with HEUR:Trojan.Win32.Agent.gen and has been deleted by Kaspersky Anti-Virus.", "order.zip", "HEUR:Trojan.Win32.Agent.gen", "Kaspersky"),
    ("The attachment order.zip was found to be infected with the virus Mal/Phish-A and has been removed by Sophos PureMessage.", "order.zip", "Mal/Phish-A", "Sophos"),
    ("McAfee GroupShield\nThe file order.zip was infected with W97M/Downloader.abc and was removed.", "order.zip", "W97M/Downloader.abc", "McAfee"),
    ('The attachment "order.zip" has been removed because it contained the virus: Trojan.Gen.2 (Barracuda Email Security)', "order.zip", "Trojan.Gen.2", "Barracuda"),
    ("Proofpoint Protection Server: the attachment order.zip was infected with the virus Win.Trojan.Agent-123-0 and has been deleted.", "order.zip", "Win.Trojan.Agent-123-0", "Proofpoint"),
    ('This is a message from the MailScanner E-Mail Virus Protection Service\nThe original e-mail attachment "order.zip"\nwas believed to be infected by a virus and has been\nreplaced by this warning message.\nAt Thu Aug 15 22:55:53 2019 the virus scanner said:\n   ClamAVModule: order.exe was infected: Win.Trojan.Agent-1\n', "order.zip", "Win.Trojan.Agent-1", "MailScanner"),
    ("VIRUS ALERT\nOur content checker found\n    virus: Win.Test.EICAR_HDB-1\nin an email to you. The message has been quarantined as: virus-abc (amavisd-new)\n", "", "Win.Test.EICAR_HDB-1", "amavis"),
    ("A virus was found: Win.Test.EICAR_HDB-1\n\nScanner detecting a virus: ClamAV-clamd\n\nContent type: Virus\nThe message has been quarantined as: virus-abc\n", "", "Win.Test.EICAR_HDB-1", "amavis"),
    ("The attachment order.zip was removed because it contained a virus named Win.Trojan.Agent-1 (Barracuda)", "order.zip", "Win.Trojan.Agent-1", "Barracuda"),
    # Symantec, as a provider shows it, in both languages
    ("受信されたメールにウイルスを検出しました。感染ファイルは削除しました。\n感染ファイル名: 見積書.zip\n\nウイルス名: Trojan.Gen.2\n(Symantec)\n", "見積書.zip", "Trojan.Gen.2", "Symantec"),
    ("infected file name: a.zip\nvirus name: W32.Klez.H@mm\nThe file was deleted.\n", "a.zip", "W32.Klez.H@mm", ""),
    ("■ファイル名:請求書.xls\n■ウイルス名:X97M/Agent.A\n■処理:削除\nトレンドマイクロ InterScan", "請求書.xls", "X97M/Agent.A", "Trend Micro"),
    ("添付ファイル「見積書.zip」はウイルス「Trojan.Example/Gen」が検出されたため削除しました。", "見積書.zip", "Trojan.Example/Gen", ""),
    ("添付ファイル「請求書.zip」からマルウェア JS/Agent.ABC が検出されたため隔離しました。(カスペルスキー)", "請求書.zip", "JS/Agent.ABC", "Kaspersky"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "file", "virus", "product"), NOTICES, ids=range(len(NOTICES)))
def test_a_notice_names_file_virus_and_product(text: str, file: str, virus: str, product: str) -> None:
    """Each product's sentence is read, whatever line ends it has, once."""
    for written in (text, text.replace("\n", "\r\n"), f"Hello,\n\n{text}\n\nRegards"):
        (found,) = [notice for notice in gateway_notices.find(written) if notice.virus]
        assert (file, virus, product) == (found.file, found.virus, found.product)


NAMES = [
    ("HTML/Phishing.70A5!tr", "phishing", "html", ""),
    ("XF/CoinMiner.Z!tr", "miner", "excel", ""),
    ("Trojan:Win32/Emotet.A!ml", "trojan", "windows", "Emotet"),
    ("TROJ_POWLOAD.AB", "downloader", "", "POWLOAD"),
    ("Trojan.W97M.Empstage", "trojan", "word", "Empstage"),
    ("Mal/Phish-A", "phishing", "", ""),
    ("Win32/TrojanDownloader.Zurgop.A", "downloader", "windows", "Zurgop"),
    ("Trojan-Downloader.JS.Nemucod", "downloader", "script", "Nemucod"),
    ("HEUR:Trojan-Spy.Win32.Noon.gen", "spy", "windows", "Noon"),
    ("Win.Trojan.Zusy-123-0", "trojan", "windows", "Zusy"),
    ("Eicar-Test-Signature", "test", "", ""),
    ("W32.Klez.H@mm", "worm", "windows", "Klez"),
    ("Ransom:Win32/Ryuk", "ransomware", "windows", "Ryuk"),
    ("Exploit.CVE-2017-11882.Gen", "exploit", "", ""),
    ("LNK/Agent.AB", "", "shortcut", ""),
    ("Trojan.GenericKD.1", "trojan", "", ""),
    ("", "", "", ""),
    ("/" * 9000, "", "", ""),
]


@pytest.mark.parametrize(("name", "kind", "platform", "family"), NAMES)
def test_a_name_says_what_it_stands_for(name: str, kind: str, platform: str, family: str) -> None:
    """The vendors' schemes are read for kind, platform and family."""
    assert (kind, platform, family) == virus_names.meaning(name)


def test_the_articles_notice_says_all_that_is_in_it() -> None:
    """File, virus, maker, what the name stands for, that no harm is done, and a page to read on."""
    (sample,) = [path for path in SAMPLES if path.stem == "virus-notice"]
    report = report_of(sample)
    (finding,) = [one for one in report["findings"] if one["id"] == "removed-by-gateway"]
    panel = json.dumps(report["panel"])

    assert "phishing page; HTML" in finding["why"]
    assert "Fortinet" in finding["why"]
    assert "no harm is done" in panel
    assert "https://www.fortiguard.com/search?q=HTML%2FPhishing.70A5%21tr" in panel


def test_a_notice_that_took_a_files_place_marks_it() -> None:
    """The attachment that is the notice says so; a notice in the body marks nothing."""
    notice = "The file [a.html] has been detected containing virus [HTML/Phishing.1!tr], and has been removed.\r\n"
    source = (
        'From: a@shop.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: text/plain; name=a.html.txt\r\n"
        f"Content-Disposition: attachment; filename=a.html.txt\r\n\r\n{notice}--b--\r\n"
    )
    (file,) = report_of_source(source.encode())["attachments"]

    assert {"file": "a.html", "virus": "HTML/Phishing.1!tr", "product": "Fortinet", "threat": "phishing"}.items() <= file["removed_by_gateway"].items()  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    ["The file [", "添付ファイル", "attachment a.b was removed ", "Found virus a in file b.c ", "virus name: a.b\n", "a.b - ",
     "Malware was detected in one or more attachments\nAll attachments have been removed\na.b\tC.d\n", "original e-mail attachment \"a\" removed "],
)  # fmt: skip
def test_hostile_repetition_stays_linear(piece: str) -> None:
    """A text made of the beginnings of notices is read to its end."""
    assert len(gateway_notices.find((piece * (100_000 // len(piece) + 1)) + " removed 削除")) <= 50

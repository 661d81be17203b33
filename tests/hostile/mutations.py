"""Mails made worse: bytes changed, cut, doubled, swapped, and the tokens that parsers stumble over put in."""

from random import Random

TOKENS = (
    *(b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b" ", b"\t", b"\n ", b"\x1b$B", b"\x1b(B", b"\x1b$", b"\xff", b"\x80"),
    *(b"(", b")", b"<", b">", b'"', b"\\", b"[", b"]", b"{", b"}", b";", b":", b",", b"@", b"%", b"=", b"?=", b"=?", b"&#"),
    *(b"=?utf-8?q?", b"=?utf-8?B?", b"=?iso-2022-jp?B?GyRC?=", b"=?x?x?x?=", b"=?utf7?q?+AGE-?=", b';a*0*="', b";charset=", b"%zz"),
    *(b"Received: ", b"Received: from a ([", b"From: ", b"To: ", b"Date: ", b"Subject: ", b"Content-Type: ", b"List-Id: "),
    *(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"--b\n", b"--b--", b"Content-Type: message/rfc822\n\n"),
    *(b"Content-Type: text/html\n\n", b"Content-Transfer-Encoding: base64\n\n", b"Content-Transfer-Encoding: x-uue\n\nbegin 644 x\n"),
    *(b"<!--", b"-->", b"<![CDATA[", b"<a href=", b'<a href="http://', b"<table><td>", b"<base href=//x>", b"&#x110000;", b"<svg>"),
    *(b"http://", b"https://www.amazon.co.jp.", b"//[::1]:", b"http://0x7f.1/", b"http://a@b@", b"{EMAIL64}", b"%7B", b"xn--", b"http://\xe3\x81\x82"),
    *(b"[IPv6:", b"[203.0.113.1]", b"999.999.999.999", b"::ffff:1.2.3.4", b"; 99 Foo 99999 99:99:99 +9999", b"1 Jan 2024 00:00:00 +0000"),
    *("添付ファイル".encode(), "は、ウイルス".encode(), "。".encode(), "\u202e".encode(), "\ufeff".encode(), b"has been removed"),
    *("メール".encode("iso2022_jp"), "メール".encode("cp932"), "メール".encode("euc_jp"), "ｶﾞ".encode("cp932")),
)  # fmt: skip
MAX_SIZE = 200_000


def mutated(random: Random, source: bytes, other: bytes, steps: int) -> bytes:
    """`source` after some changes; `other` is a mail that pieces are taken from."""
    data = bytearray(source)
    for _ in range(steps):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 1, 2, 5, 20, 100, 1000)))
        kind = random.randrange(9)
        if kind == 0:
            data[at:end] = b""
        elif kind == 1:
            data[at:at] = data[at:end] * random.choice((1, 2, 10, 50))
        elif kind == 2:
            data[at:end] = bytes(random.randrange(256) for _ in range(end - at))
        elif kind == 3:
            begin = random.randrange(len(other) + 1)
            data[at:end] = other[begin : begin + random.choice((1, 10, 100, 1000))]
        elif kind == 4:
            data[at:at] = random.choice(TOKENS) * random.choice((1, 1, 1, 2, 10, 200))
        elif kind == 5:
            data[at:at] = b"".join(random.choice(TOKENS) for _ in range(random.randrange(1, 12)))
        elif kind == 6 and random.random() < 0.3:
            del data[at:]
        elif kind == 7:
            data = bytearray(bytes(data).replace(b"\n", random.choice((b"\r\n", b"\r", b"\n"))))
        elif data and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        del data[MAX_SIZE:]
    return bytes(data)

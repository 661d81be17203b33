"""What a server wrote down of a message's papers: Authentication-Results (RFC 8601 §2.2), its ARC form (RFC 8617 §4.1.1) and
Received-SPF (RFC 7208 §9.1), read as they are found, not as they should be.

Whose word it is stands in facts/authentication: anybody can write such a field. So reading is lenient, and says where it
had to be: a field with `doubts` can be shown, but nothing may rest on it, for its writer may have been made to write it (an
envelope sender is the sender's choice and stands in it).
"""

from __future__ import annotations

import re
from functools import lru_cache

from sekisho.named import NamedTuple

MAX_TEXT = 16_384  # characters of a field; real ones have up to 5,000
MAX_TOKENS = 600  # words, comments and borders of a field; real ones have up to 120
MAX_RESULTS = 60  # of a field
MAX_PROPERTIES = 30  # of a result
MAX_VALUE = 400  # characters of a value, a reason or a comment
MAX_DEPTH = 30  # of comments inside comments
_BORDER = re.compile(r'[ \t\r\n;(")]')
_PIECE = re.compile(r"([^ \t\r\n;(]+)|\(([^()\\]*)\)|[;(]")  # a word, a comment that holds none, or what stands alone
_BLANK = " \t\r\n"
# RFC 8601 §2.7 and IANA's registry of methods, with what Microsoft, Fastmail and sendmail's filters add.
METHODS = frozenset(
    ["auth", "arc", "bimi", "compauth", "dara", "dkim", "dkim-adsp", "dkim-atps", "dmarc", "dnswl", "domainkeys", "iprev", "rrvs", "sender-id", "smime", "spf", "vbr"]
)  # fmt: skip


class Property(NamedTuple):
    """ptype.property=value (RFC 8601 §2.3); `ptype` "" where the writer left it out (action=none)."""

    ptype: str
    name: str
    value: str

    @property
    def key(self) -> str:
        return f"{self.ptype}.{self.name}" if self.ptype else self.name


class Result(NamedTuple):
    """One method's result; `start:end` is its place in the field's text."""

    method: str  # lower case
    version: str  # of the method; "" where none is written
    result: str  # lower case
    reason: str
    properties: tuple[Property, ...]
    comment: str
    start: int
    end: int

    def value(self, *keys: str) -> str:
        """The first value that is there of these properties."""
        return next((one.value for key in keys for one in self.properties if one.key == key), "")


class Results(NamedTuple):
    """One field. `authserv_id` as it is written, "" where there is none; `doubts`: codes for what is not as it should be.

    | doubt | what |
    |---|---|
    | too-long | cut, or more than anybody writes |
    | quotes | an open quote or comment, or quotes around what looks like structure |
    | id | something stands where the name of the server should stand alone |
    | version | of a form that nobody knows (RFC 8601 §2.2 has 1) |
    | no-semicolon | two results without a border |
    | said-twice | a property twice in one result |
    | encoded | an encoded word (RFC 2047), which has no meaning here |
    """

    authserv_id: str
    version: str
    none: bool
    results: tuple[Result, ...]
    instance: int | None  # i= of an ARC field
    doubts: tuple[str, ...]
    start: int  # the place of authserv_id in the text
    end: int


class _Token(NamedTuple):
    kind: str  # word | comment | ;
    text: str
    start: int
    end: int
    quoted: bool


def read(text: str, arc: bool = False) -> Results:
    """A field's unfolded text. `arc`: it begins with an instance (i=1;). Linear; nothing raises."""
    return _read(text[: MAX_TEXT + 1], arc)


@lru_cache(8)  # the topmost is asked for the peer's address and for the sender's papers
def _read(text: str, arc: bool) -> Results:
    tokens, doubts = _tokens(text[:MAX_TEXT])
    if len(text) > MAX_TEXT:
        doubts.append("too-long")
    instance = None
    if arc:
        border = next((place for place, token in enumerate(tokens) if token.kind == ";"), len(tokens))
        joined = "".join(token.text for token in tokens[: min(border, 3)] if token.kind == "word")
        number = joined[2:] if joined[:2].lower() == "i=" else ""
        instance = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else None
        tokens = tokens[border + 1 :]
    clauses = _clauses(tokens)
    first = clauses[0] if clauses else []
    words = [token for token in first if token.kind == "word"]
    identity, version, start, end = "", "", 0, 0
    none = False
    if words and not _is_result(words[0]):
        identity, start, end = words[0].text[:MAX_VALUE], words[0].start, words[0].end
        clauses = clauses[1:]
        if words[0].text.startswith("=?"):
            doubts.append("encoded")
        elif len(words) > 1:
            version = words[1].text[:10]
            if not (version.isascii() and version.isdecimal()):
                version = ""
                # Yahoo! JAPAN's and sparkpost's servers say something of their own there.
                doubts += [] if all("=" in word.text for word in words[1:]) else ["id"]
            elif int(version) != 1 or len(words) > 2:
                doubts.append("version")
        if "=" in identity and not identity.startswith("=?"):
            doubts.append("id")
    results: list[Result] = []
    for clause in clauses:
        none = _read_clause(clause, results, doubts) or none
        if len(results) > MAX_RESULTS:
            doubts.append("too-long")
            break
    found = tuple(results[:MAX_RESULTS])
    return Results(identity, version, none and not found, found, instance, tuple(dict.fromkeys(doubts)), start, end)


def _is_result(word: _Token) -> bool:
    """Whether the first word is a result already: the writer has no name (Microsoft's servers)."""
    method, sign, _ = word.text.partition("=")
    return bool(sign) and method.partition("/")[0].lower() in METHODS


def _tokens(text: str) -> tuple[list[_Token], list[str]]:
    """Words (quoted strings are part of one, unquoted), comments and semicolons."""
    return (None if '"' in text else _plain_tokens(text)) or _tokens_with_care(text)


_made = tuple.__new__  # past the constructor, which costs as much as all else that is done for a token


def _plain_tokens(text: str) -> tuple[list[_Token], list[str]] | None:
    """The same of a text without quotes; None where a comment holds another, or is never closed."""
    tokens: list[_Token] = []
    doubts: list[str] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        if len(tokens) >= MAX_TOKENS:
            doubts.append("too-long")
            break
        word, comment = match.groups()
        if word is not None:
            if ")" in word:
                doubts.append("quotes")
            tokens.append(_made(_Token, ("word", word, start, end, False)))
        elif comment is not None:
            tokens.append(_made(_Token, ("comment", comment[:MAX_VALUE], start, end, False)))
        elif match[0] == ";":
            tokens.append(_made(_Token, (";", ";", start, end, False)))
        else:
            return None
    return tokens, doubts


def _tokens_with_care(text: str) -> tuple[list[_Token], list[str]]:
    """The same of a text with quotes, or comments inside comments."""
    tokens: list[_Token] = []
    doubts: list[str] = []
    at, size = 0, len(text)
    quotes = True  # an open quote makes all quotes plain characters
    while at < size:
        char = text[at]
        if char in _BLANK:
            at += 1
        elif len(tokens) >= MAX_TOKENS:
            doubts.append("too-long")
            break
        elif char == ";":
            tokens.append(_Token(";", char, at, at + 1, False))
            at += 1
        elif char == "(":
            end = _comment_end(text, at)
            if end < 0:
                doubts.append("quotes")
                end = size
            inside = text[at + 1 : end - 1]
            if inside.count('"') % 2:
                doubts.append("quotes")  # one quotation mark inside, one outside: who wrote the bracket?
            tokens.append(_Token("comment", inside[:MAX_VALUE], at, end, False))
            at = end
        else:
            start, parts, quoted = at, list[str](), False
            while at < size and text[at] not in " \t\r\n;(":
                if text[at] == '"' and quotes:
                    end = _quote_end(text, at)
                    if end < 0:
                        doubts.append("quotes")
                        quotes = False
                        continue
                    inside = text[at + 1 : end - 1]
                    if any(sign in inside for sign in ";()"):
                        doubts.append("quotes")
                    parts.append(_unescaped(inside))
                    quoted = True
                    at = end
                    continue
                if text[at] == ")":
                    doubts.append("quotes")
                border = _BORDER.search(text, at + 1)
                following = border.start() if border else size
                parts.append(text[at:following])
                at = following
            tokens.append(_Token("word", "".join(parts), start, at, quoted))
    return tokens, doubts


def _comment_end(text: str, start: int) -> int:
    """Behind the bracket that closes the comment at `start`; -1 where none does."""
    close = text.find(")", start)
    if close >= 0 and text.find("(", start + 1, close) < 0 and text.find("\\", start, close) < 0:
        return close + 1  # none in it, as in most
    depth, at = 0, start
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif char == "(":
            depth += 1
            if depth > MAX_DEPTH:
                return -1
        elif char == ")":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return -1


def _quote_end(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == '"':
            return at + 1
        at += 1
    return -1


def _unescaped(inside: str) -> str:
    if "\\" not in inside:
        return inside
    out, at = [], 0
    while at < len(inside):
        at += inside[at] == "\\"
        out.append(inside[at : at + 1])
        at += 1
    return "".join(out)


def _clauses(tokens: list[_Token]) -> list[list[_Token]]:
    clauses: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == ";":
            clauses.append([])
        else:
            clauses[-1].append(token)
    # Blanks around the sign: put together what belongs together.
    return [_joined(clause) for clause in clauses if clause]


def _joined(clause: list[_Token]) -> list[_Token]:
    out: list[_Token] = []
    for token in clause:
        last = out[-1] if out else None
        if (
            last is not None
            and (token.text[:1] == "=" or last.text[-1:] == "=")
            and last.kind == token.kind == "word"
            and not last.quoted
            and len(last.text) < MAX_VALUE
        ):
            opened = last.text.endswith("=") and last.text.count("=") == 1
            key = token.text.partition("=")[0]
            another = "=" in token.text and ("." in key or key.lower() in METHODS or key in ("reason", "action"))
            if token.text.startswith("=") or (opened and not another):
                out[-1] = _Token("word", last.text + token.text, last.start, token.end, token.quoted)
                continue
        out.append(token)
    return out


def _read_clause(clause: list[_Token], results: list[Result], doubts: list[str]) -> bool:
    """Append the result that a clause holds, or add to the one before; whether it says that there is none."""
    method = version = outcome = reason = ""
    properties: list[Property] = []
    said: dict[str, str] = {}
    comments: list[str] = []
    start, end = clause[0].start, clause[-1].end
    none = False
    for token in clause:
        if token.kind == "comment":
            comments.append(token.text)
            continue
        name, sign, value = token.text.partition("=")
        lower = name.lower()
        ptype, dot, what = lower.partition(".")
        if not sign:
            none = none or (lower == "none" and not method)
            continue  # Microsoft repeats its name in the middle; a word alone says nothing
        if dot or lower in ("action", "reason", "from", "arc_overridden_status") or (method and lower not in METHODS):
            value = value[:MAX_VALUE]
            if lower == "reason" and not value.isdecimal():
                reason = value
            elif len(properties) < MAX_PROPERTIES:
                made = Property(ptype, what, value) if dot else Property("", lower, value)
                if said.setdefault(made.key, value) != value:
                    doubts.append("said-twice")
                properties.append(made)
            else:
                doubts.append("too-long")
            continue
        if method:
            doubts.append("no-semicolon")
            results.append(_result(method, version, outcome, reason, properties, comments, start, token.start))
            reason, properties, said, comments, start = "", [], {}, [], token.start
        method, _, version = lower.partition("/")
        method, version, outcome = method[:40], version[:10], value[:40].lower()
    if method:
        results.append(_result(method, version, outcome, reason, properties, comments, start, end))
    elif properties and results:
        # "dkim=permerror (bad sig); header.i=@shop.example" (Yahoo! JAPAN): it belongs to what stands before it.
        last = results[-1]
        if any(one.key == made.key and one.value != made.value for one in last.properties for made in properties):
            doubts.append("said-twice")
        results[-1] = last._replace(properties=(*last.properties, *properties)[:MAX_PROPERTIES], end=end)
    return none


def _result(
    method: str,
    version: str,
    outcome: str,
    reason: str,
    properties: list[Property],
    comments: list[str],
    start: int,
    end: int,
) -> Result:
    comment = " ".join(" ".join(comments).split())[:MAX_VALUE]
    return Result(method, version, outcome, reason, tuple(properties), comment, start, end)


class ReceivedSpf(NamedTuple):
    """Received-SPF (RFC 7208 §9.1): result, comment, and its pairs by lower-case name; `receiver` as it is written."""

    result: str
    comment: str
    pairs: dict[str, str]
    doubts: tuple[str, ...]

    @property
    def receiver(self) -> str:
        """Who says so: `receiver=`, or the name before the colon in the comment (Google, Microsoft)."""
        named = self.pairs.get("receiver", "")
        if named:
            return named
        name, sign, _ = self.comment.partition(":")
        return name if sign and " " not in name and "." in name else ""

    @property
    def result_of_its_own(self) -> Result:
        """The same as one result of an Authentication-Results field."""
        names = (("smtp", "mailfrom", "envelope-from"), ("smtp", "helo", "helo"), ("", "client-ip", "client-ip"))
        properties = tuple(Property(ptype, name, self.pairs[key]) for ptype, name, key in names if self.pairs.get(key))
        return Result("spf", "", self.result, "", properties, self.comment, 0, 0)


def read_spf(text: str) -> ReceivedSpf:
    """A Received-SPF field's text. Linear; nothing raises."""
    tokens, doubts = _tokens(text[:MAX_TEXT])
    clauses = _clauses(tokens)
    words = [token for clause in clauses for token in clause if token.kind == "word"]
    comments = [token.text for clause in clauses for token in clause if token.kind == "comment"]
    result = words[0].text.lower()[:40] if words and "=" not in words[0].text else ""
    pairs: dict[str, str] = {}
    for word in words[1 : MAX_RESULTS + 1]:
        name, sign, value = word.text.partition("=")
        if sign and pairs.setdefault(name.lower()[:40], value[:MAX_VALUE]) != value[:MAX_VALUE]:
            doubts.append("said-twice")
    return ReceivedSpf(result, " ".join(comments)[:MAX_VALUE], pairs, tuple(dict.fromkeys(doubts)))

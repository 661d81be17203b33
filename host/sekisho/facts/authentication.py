"""What Authentication-Results fields say (RFC 8601), and whether they were written by somebody who counts.

Nothing is verified here yet: a result is shown as reported, with who reported it. It is trusted only when its authserv-id
is exactly one that the reader named; equality of names, never a part of one.
"""

from __future__ import annotations

import re

from sekisho.mail.message import Message
from sekisho.report import Authentication, ReportedResults
from sekisho.settings import Settings

MAX_FIELDS = 20
MAX_RESULTS = 40
# Strings: `re` compiles them when the first mail has such a field.
_COMMENT = r"\([^()]{0,2000}\)"
_RESULT = r"(?i)\b(spf|dkim|dmarc|arc|dkim-adsp|sender-id|iprev|auth|bimi|compauth)\s*=\s*([a-z]{2,20})\b"
_PROPERTY = r"(?i)\b((?:smtp|header|policy)\.[a-z\-]{1,30})\s*=\s*(\"[^\"]{0,300}\"|[^\s;]{1,300})"


def read(message: Message, settings: Settings) -> Authentication:
    """The reported results, topmost first. `verified` is empty: this version believes nobody and verifies nothing."""
    reported = []
    for field in message.header.all("authentication-results")[:MAX_FIELDS]:
        clauses = re.sub(_COMMENT, " ", field.text[:8192]).split(";")
        words = clauses[0].split()
        authserv_id = words[0].lower() if words and "=" not in words[0] else ""
        results = []
        for clause in clauses[:MAX_RESULTS]:
            match = re.search(_RESULT, clause)
            if match:
                properties = {name.lower(): value.strip('"') for name, value in re.findall(_PROPERTY, clause)}
                results.append(
                    {"method": match.group(1).lower(), "result": match.group(2).lower(), "properties": properties}
                )
        reported.append(ReportedResults(authserv_id, authserv_id in settings.trusted_authserv_ids, tuple(results)))
    return Authentication(tuple(reported), {"spf": {}, "dkim": [], "dmarc": {}, "arc": {}})

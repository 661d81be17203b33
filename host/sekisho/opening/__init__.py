"""The second stage: files of a message are opened in a process of their own, after the first report.

A reader is a module here whose name is the `reader` of tables.file_types and the `type` of a question of the kind `opened`.
It has `read(data: bytes) -> list[dict]`: records (PROTOCOL.md, "Files that were opened") of what it saw. It runs in the
child alone, which has no network, no files to write and little memory, and may be killed at any moment: a reader may
import what it likes and raise what it likes, and the parent hears why nothing came.

| record | what it says |
|---|---|
| {"members": [...]} | what is inside, in the order it stands |
| {"findings": [...]} | codes of what was seen |
| {"kind": ...} | one thing that an image, a PDF or an Office file holds or does: `records.py` has the kinds |
"""

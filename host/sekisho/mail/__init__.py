"""What the bytes say: one module a kind of text, its types beside its parser. Nothing here raises on a mail."""

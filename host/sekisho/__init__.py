"""Sekisho: who really sent this mail, by which road it came, where its links lead."""

__version__ = "0.1.0"
PROTOCOL = 1
EXTENSION_ID = "sekisho@sekisho.example"

"""Sekisho in a real Thunderbird, used as a person uses it: real clicks and keys on a virtual screen."""

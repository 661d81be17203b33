"""English, which stands in for what a language lacks."""

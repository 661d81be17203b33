"""Read-only knowledge: what the world looks like, each table dated, its source and licence beside it."""

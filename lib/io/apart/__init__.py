"""Readers of other formats, run in a process of their own: a damaged or hostile file may crash, hang or eat memory
there, and the session goes on. Nothing of lib is imported here, and nothing is written to disk: bytes come and go
through pipes."""

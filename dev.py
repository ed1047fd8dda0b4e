"""Tablée's commands; standard library only."""

"""Annotations: masks that people accepted, stored exactly once."""

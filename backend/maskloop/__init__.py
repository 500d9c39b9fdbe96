"""Maskloop's server: projects, images, embeddings, annotations and their export."""

from importlib.metadata import version

__version__ = version("maskloop")

"""Maskloop's server: projects, images, embeddings, annotations and their export."""

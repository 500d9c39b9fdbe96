"""The port to the network: embeddings, computed once and kept. The only importer of `sam` in the server."""

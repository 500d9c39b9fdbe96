"""Segment Anything in PyTorch (Kirillov et al. 2023, arXiv 2304.02643); knows nothing of the server."""

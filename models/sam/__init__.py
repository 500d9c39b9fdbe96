"""Segment Anything in PyTorch (Kirillov et al. 2023, arXiv 2304.02643); knows nothing of the server."""

import os

# Torch asks once, at its first tensor, whether large tensors shall lie in huge pages (Linux). The encoder makes new
# maps of up to 64 MiB at every layer; without this a fifth of its CPU time goes to faulting them in, 4 KiB at a time.
os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")

"""Whether embeddings should travel compressed: what gzip makes of them, as they are and with their bytes sorted.

Sorted: the low bytes of all numbers, then the high ones, which hold the exponents and so repeat. The server does
neither; docs/decisions/0011 says why.
"""

import gzip
from collections.abc import Callable

import numpy as np

from maskloop.inference.encoder import make_encoder
from maskloop.inference.model import find_model
from maskloop.inference.store import STORED_TYPE, Embedding
from maskloop.settings import Settings
from tests.bench.masks import NAMES, photo
from tests.bench.report import Row, interleave, timed

LEVEL = 1  # higher ones take longer, and save a hundredth more
ROUNDS = 5


def measure() -> list[Row]:
    settings = Settings(device="cpu")
    encoder = make_encoder(find_model(settings), settings.weights_dir)
    embeddings = [encoder.encode(encoder.prepare(photo(name))).astype(STORED_TYPE) for name in NAMES]
    return [*_rows("gzip", as_it_is, embeddings), *_rows("bytes sorted, gzip", sorted_bytes, embeddings)]


def as_it_is(embedding: Embedding) -> bytes:
    return embedding.tobytes()


def sorted_bytes(embedding: Embedding) -> bytes:
    return np.ascontiguousarray(embedding.view(np.uint8).reshape(-1, 2).T).tobytes()


def _rows(name: str, arrange: Callable[[Embedding], bytes], embeddings: list[Embedding]) -> list[Row]:
    packed = [gzip.compress(arrange(embedding), LEVEL) for embedding in embeddings]
    size, whole = np.mean([len(data) for data in packed]), embeddings[0].nbytes
    packing, unpacking = interleave(
        [lambda: gzip.compress(arrange(embeddings[0]), LEVEL), lambda: gzip.decompress(packed[0])], ROUNDS
    )
    return [
        Row(f"embedding, {name}", "bytes", float(size), peer="as served", peer_median=whole, runs=len(packed)),
        timed(f"embedding, {name}: to compress", packing),
        timed(f"embedding, {name}: to decompress", unpacking),
    ]

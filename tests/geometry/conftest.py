import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pycocotools import mask as coco

FRONTEND = Path(__file__).parents[2] / "frontend"
PROGRAM = "src/geometry/testing/serve.ts"

Bitmap = NDArray[np.bool_]


class Browser:
    """The browser's mask algebra, run by Node: one request a line, one answer a line. Bitmaps are (h, w) bool."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, operation: str, size: tuple[int, int], *masks: Bitmap, **values: object) -> Any:
        """The answer as it comes: `size` is (h, w)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {
            "operation": operation,
            "size": {"height": size[0], "width": size[1]},
            "masks": [encode(mask) for mask in masks],
            "values": values,
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def edit(self, operation: str, *masks: Bitmap, **values: object) -> Bitmap:
        """The mask that an operation on others gives."""
        return decode(self.ask(operation, masks[0].shape, *masks, **values))


def encode(bitmap: Bitmap) -> dict[str, object]:
    """(h, w) bool -> COCO compressed RLE, by pycocotools."""
    rle = coco.encode(np.asfortranarray(bitmap, dtype=np.uint8))
    return {"size": rle["size"], "counts": str(rle["counts"], "ascii")}


def decode(mask: dict[str, Any]) -> Bitmap:
    """A stored mask -> (h, w) bool, by pycocotools; its box and area must be those that pycocotools finds."""
    segmentation = mask["segmentation"]
    assert mask["bbox"] == coco.toBbox(segmentation).tolist()
    assert mask["area"] == coco.area(segmentation)
    return np.asarray(coco.decode(segmentation), dtype=np.bool_)


@pytest.fixture(scope="session")
def algebra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Built from the sources once, then one process for all tests."""
    build = tmp_path_factory.mktemp("algebra")
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    options = ["--outDir", build, "--emptyOutDir", "--logLevel", "error"]
    subprocess.run([vite, "build", "--ssr", PROGRAM, *options], cwd=FRONTEND, check=True)
    (build / "package.json").write_text('{"type": "module"}')
    command = ["node", build / "serve.js"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Browser(process)
        assert process.stdin is not None
        process.stdin.close()

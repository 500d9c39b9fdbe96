"""How many clicks the package's decoder needs as it is: `python -m tests.bench.clicks PATH`, PATH as for evaluate.

It chooses one of its four masks by itself; its logits are the mask prompt of the next click. Everything else (encoder,
annotator, enlarging) is as when ours is evaluated. Not a part of `make bench`: the project has no such data.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from maskloop.settings import Settings
from sam.click_rule import Logits
from sam.clicker import Click
from sam.datasets import read_dataset
from sam.evaluate import Answer, SamSegmenter, TokenRule, evaluate, figures
from sam.predictor import mask_tensors, point_tensors
from sam.sam import Sam
from sam.zoo import load
from tests.support.peer import DECODER

THE_ONLY_MASK = (0,)
RULE = TokenRule("package", "its own choice of mask; previous logits", THE_ONLY_MASK, THE_ONLY_MASK, with_prior=True)


class PackageSegmenter(SamSegmenter):
    """Our encoder, the package's decoder."""

    def __init__(self, sam: Sam) -> None:
        super().__init__(sam)
        self._decoder = onnxruntime.InferenceSession(DECODER)

    def answer(self, clicks: Sequence[Click], box: npt.ArrayLike | None, prior: Logits | None) -> Answer:
        embedding, frame = self._current()
        points = [click.point for click in clicks] or None
        coords, labels = point_tensors(frame, points, [int(click.foreground) for click in clicks] or None, box)
        mask, has_mask = mask_tensors(prior, self._sam.config.decoder.mask_size)
        tensors = {
            "image_embeddings": embedding,
            "point_coords": coords,
            "point_labels": labels,
            "mask_input": mask,
            "has_mask_input": has_mask,
        }
        feeds = {name: tensor.numpy() for name, tensor in tensors.items()}
        size = np.array([frame.height, frame.width], np.float32)
        wanted = ["low_res_masks", "iou_predictions"]
        logits, ious = self._decoder.run(wanted, {**feeds, "orig_im_size": size})  # (1,1,256,256), (1,1)
        return Answer(logits[0], ious[0])


def main(path: Path) -> None:
    settings = Settings()
    segmenter = PackageSegmenter(load(settings.model, settings.weights_dir).sam)
    curves = [curve for photo in evaluate(read_dataset(path), segmenter, [RULE]) for curve in photo[RULE.name]]
    print(figures(curves))  # noqa: T201 - what was asked for


if __name__ == "__main__":
    main(Path(sys.argv[1]))

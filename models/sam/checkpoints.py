"""Our checkpoint: the state dict of `Sam` and where it came from, in one safetensors file. Nothing is unpickled."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from sam.config import ARCHITECTURES
from sam.errors import CheckpointError
from sam.sam import Sam

State = Mapping[str, Tensor]

ABOUT = "sam"  # the key of the file's metadata


def save_checkpoint(state: State, path: Path, architecture: str, source: str) -> None:
    """Check `state` against `architecture`, then write it. `source`: what it was made of, for file and errors."""
    check_state(state, architecture, source)
    tensors = {name: tensor.contiguous() for name, tensor in state.items()}
    with replacing(path) as temporary:
        about = json.dumps({"architecture": architecture, "source": source})
        save_file(tensors, temporary, {ABOUT: about})  # one key: the library writes several in random order
        temporary.chmod(0o644)  # the library makes it private; the account that serves may be another one


def load_checkpoint(path: Path, device: str | torch.device = "cpu") -> Sam:
    """A network ready to use (evaluation mode, no gradients)."""
    state, architecture = read_checkpoint(path)
    check_state(state, architecture, str(path))
    sam = Sam(ARCHITECTURES[architecture])
    sam.load_state_dict(dict(state), strict=True)
    return sam.to(device).eval().requires_grad_(requires_grad=False)


def read_checkpoint(path: Path) -> tuple[dict[str, Tensor], str]:
    """The tensors of a file and the name of their architecture."""
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT, "{}"))
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is not a dict
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no such file; `maskloop models pull` makes it") from None
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path}: not a readable safetensors file ({error}); delete it and pull again") from error
    architecture = about.get("architecture")
    if architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise CheckpointError(f"{path}: its metadata says architecture {architecture!r}; known are {known}")
    return state, architecture


def check_state(state: State, architecture: str, origin: str) -> None:
    """Every tensor of the architecture, in its shape, and no other; else say which of `origin`'s are wrong."""
    wanted = tensors_of(architecture)
    missing = sorted(wanted.keys() - state.keys())
    surplus = sorted(state.keys() - wanted.keys())
    reshaped = [
        f"{name} {tuple(state[name].shape)} in place of {tuple(tensor.shape)}"
        for name, tensor in wanted.items()
        if name in state and state[name].shape != tensor.shape
    ]
    complaints = [f"{what}: {_few(names)}" for what, names in _named(missing, surplus, reshaped) if names]
    if complaints:
        raise CheckpointError(f"{origin}: not the weights of {architecture}. " + "; ".join(complaints))


def recognise(state: State, origin: str) -> str:
    """The architecture that has just these tensors in these shapes: a released file does not say what it is."""
    shapes = {name: tensor.shape for name, tensor in state.items()}
    for architecture in ARCHITECTURES:
        if shapes == {name: tensor.shape for name, tensor in tensors_of(architecture).items()}:
            return architecture
    raise CheckpointError(f"{origin}: its tensors fit none of the known architectures ({', '.join(ARCHITECTURES)})")


def tensors_of(architecture: str) -> State:
    """The state dict of an architecture: names and shapes without memory, for ViT-H would take 2.5 GB."""
    with torch.device("meta"):
        return Sam(ARCHITECTURES[architecture]).state_dict()


def _named(missing: list[str], surplus: list[str], reshaped: list[str]) -> list[tuple[str, list[str]]]:
    return [("missing", missing), ("not expected", surplus), ("of another shape", reshaped)]


def _few(names: list[str], most: int = 5) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def digest_tensors(state: State, prefix: str) -> str:
    """SHA-256 over names, types, shapes and values of the tensors whose name starts with `prefix`, in name order."""
    digest = hashlib.sha256()
    for name in sorted(name for name in state if name.startswith(prefix)):
        tensor = state[name].contiguous().cpu()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, renamed to `path` at the end: readers see the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

"""Our checkpoint: the state dict of `Sam` and where it came from, in one safetensors file. Nothing is unpickled."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from sam.config import ARCHITECTURES
from sam.errors import CheckpointError
from sam.files import replacing
from sam.sam import Sam

State = Mapping[str, Tensor]

RANDOM_FILLS = (nn.init.kaiming_uniform_, nn.init.uniform_, nn.init.normal_)

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
    with Unfilled():
        sam = Sam(ARCHITECTURES[architecture])
    sam.load_state_dict(dict(state), strict=True)
    return sam.to(device).eval().requires_grad_(requires_grad=False)


def read_checkpoint(path: Path) -> tuple[dict[str, Tensor], str]:
    """The tensors of a file and the name of their architecture."""
    state, architecture = read_safetensors(path)
    if architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise CheckpointError(f"{path}: its metadata says architecture {architecture!r}; known are {known}")
    return state, architecture


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], str | None]:
    """The tensors of any safetensors file, and the architecture that it names if we wrote it."""
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {}).get(ABOUT, "{}"))
            return {name: file.get_tensor(name) for name in file.keys()}, about.get("architecture")  # noqa: SIM118
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no such file; `maskloop models pull` makes it") from None
    except (SafetensorError, OSError, ValueError, AttributeError) as error:  # the last two: another program's metadata
        raise CheckpointError(f"{path}: not a readable safetensors file ({error}); delete it and pull again") from error


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
    fitting = [
        architecture
        for architecture in ARCHITECTURES
        if shapes == {name: tensor.shape for name, tensor in tensors_of(architecture).items()}
    ]
    if not fitting:
        raise CheckpointError(f"{origin}: its tensors fit none of the known architectures ({', '.join(ARCHITECTURES)})")
    if len(fitting) > 1:
        raise CheckpointError(f"{origin}: its tensors fit {' and '.join(fitting)}; say which with --architecture")
    return fitting[0]


class Unfilled(TorchFunctionMode):
    """Parameters made inside stay as memory is: ViT-H would draw 640 million random numbers, all to be overwritten."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return None if func in RANDOM_FILLS else func(*args, **(kwargs or {}))


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
        digest.update(tensor.numpy().data)
    return digest.hexdigest()

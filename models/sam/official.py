"""The layout of the released checkpoints (`sam_vit_b_01ec64.pth`, `mobile_sam.pt`...), read into our own.

Two differences matter. Theirs keeps batch normalisation beside each of TinyViT's convolutions, ours folds it in; and
theirs keeps one embedding table of one row for each kind of point and token, ours one table. The rest is names.
"""

import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sam.errors import CheckpointError

State = dict[str, Tensor]

BATCH_NORM_EPS = 1e-5

WRAPPERS = ("model", "state_dict", "model_state_dict")  # where training programs put the network beside their own state

# In the released file but of no use here: the classifier that TinyViT was distilled with, counters, an index.
UNUSED = re.compile(r"image_encoder\.(norm_head|head)\.|.*\.(num_batches_tracked|attention_bias_idxs)$")

RENAMES = (  # applied in this order, each to every name
    ("image_encoder.layers.", "image_encoder.stages."),
    ("image_encoder.pos_embed", "image_encoder.position"),
    ("patch_embed.proj.", "patch_embed."),
    ("patch_embed.seq.0.c.", "patch_embed.conv1."),
    ("patch_embed.seq.2.c.", "patch_embed.conv2."),
    ("downsample.conv1.c.", "downsample.project."),
    ("downsample.conv2.c.", "downsample.depthwise."),
    ("downsample.conv3.c.", "downsample.mix."),
    (".conv1.c.", ".widen."),
    (".conv2.c.", ".depthwise."),
    (".conv3.c.", ".narrow."),
    (".local_conv.c.", ".local."),
    (".attn.attention_biases", ".attention.offset_bias"),
    (".attn.rel_pos_h", ".attention.row_offsets"),
    (".attn.rel_pos_w", ".attention.column_offsets"),
    (".attn.proj.", ".attention.project."),
    (".attn.", ".attention."),
    (".mlp.norm.", ".mlp.0."),
    (".mlp.fc1.", ".mlp.1."),
    (".mlp.fc2.", ".mlp.2."),
    ("pe_layer.positional_encoding_gaussian_matrix", "position.frequencies"),
    ("output_upscaling.", "upscaling."),
    ("output_hypernetworks_mlps.", "mask_heads."),
    ("iou_prediction_head.", "iou_head."),
    (".final_attn_token_to_image.", ".final_token_to_image."),
    (".norm_final_attn.", ".final_norm."),
    (".cross_attn_token_to_image.", ".token_to_image."),
    (".cross_attn_image_to_token.", ".image_to_token."),
    (".self_attn.", ".self_attention."),
    (".q_proj.", ".query."),
    (".k_proj.", ".key."),
    (".v_proj.", ".value."),
    (".out_proj.", ".out."),
    (".mlp.lin1.", ".mlp.layers.0."),
    (".mlp.lin2.", ".mlp.layers.1."),
)

POINT_EMBEDDINGS = (  # in the order of PointLabel
    "prompt_encoder.not_a_point_embed.weight",
    "prompt_encoder.point_embeddings.0.weight",
    "prompt_encoder.point_embeddings.1.weight",
    "prompt_encoder.point_embeddings.2.weight",
    "prompt_encoder.point_embeddings.3.weight",
)
OUTPUT_TOKENS = ("mask_decoder.iou_token.weight", "mask_decoder.mask_tokens.weight")
NO_MASK = "prompt_encoder.no_mask_embed.weight"


def read_official(path: Path) -> State:
    """A released PyTorch checkpoint -> our state. Tensors only: anything else in the file is refused, never run.

    A network that was tuned further and saved beside an optimizer's state, or out of a parallel wrapper, is read too.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other versions of pickle: it reads them, or fails
            # Mapped, not read: of ViT-H's 2.5 GB, memory then holds what is being worked on.
            state = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except FileNotFoundError:
        raise CheckpointError(f"{path}: there is no such file") from None
    except Exception as error:  # whatever bytes that are no pickle make of the reader
        raise CheckpointError(
            f"{path}: not a PyTorch file of plain tensors ({_reason(error)}). If a training program wrote it, let it "
            "save its network's state dict alone; else download it again."
        ) from error
    state = unwrap(state)
    if not isinstance(state, Mapping) or not all(map(_is_entry, state, state.values())):
        raise CheckpointError(f"{path}: holds no state dict of tensors; is it a released SAM checkpoint?")
    return from_official(state, str(path))


def _is_entry(name: object, value: object) -> bool:
    return isinstance(name, str) and isinstance(value, Tensor)


def _reason(error: Exception) -> str:
    """In a line: PyTorch's own text goes on to tell how to load the file in spite of it, running what it says."""
    unsupported = re.search(r"Unsupported [^\n]*?(?=\. |\n|$)|Trying to [^\n]*?(?=\. |\n|$)", str(error))
    return unsupported[0] if unsupported else type(error).__name__


def unwrap(content: Any) -> Any:
    """What a file holds, less what training programs put around the network."""
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if isinstance(content, Mapping) and content and all(str(name).startswith("module.") for name in content):
        content = {str(name).removeprefix("module."): value for name, value in content.items()}
    return content


def from_official(state: Mapping[str, Tensor], origin: str) -> State:
    """Tensors under their released names -> under ours. `origin` is named in errors."""
    # Some are tuned and kept in half precision.
    tensors = {name: tensor.float() for name, tensor in state.items() if not UNUSED.match(name)}
    try:
        tensors = fold_batch_norms(tensors, origin)
        labels = torch.cat([_take(tensors, name, origin) for name in POINT_EMBEDDINGS])
        tokens = torch.cat([_take(tensors, name, origin) for name in OUTPUT_TOKENS])
    except RuntimeError as error:
        raise CheckpointError(f"{origin}: its tensors' shapes do not fit together ({error})") from error
    merged = {
        "prompt_encoder.label_embedding.weight": labels,
        "prompt_encoder.no_mask_embedding": _take(tensors, NO_MASK, origin).flatten(),
        "mask_decoder.output_tokens": tokens,
    }
    return merged | {rename(name): tensor for name, tensor in tensors.items()}


def rename(name: str) -> str:
    """A released name -> ours."""
    for theirs, ours in RENAMES:
        name = name.replace(theirs, ours)
    return name


def fold_batch_norms(state: State, origin: str) -> State:
    """`X.c.weight` and `X.bn.*` -> `X.c.weight` and `X.c.bias` that do the same at inference."""
    folded = {name: tensor for name, tensor in state.items() if ".bn." not in name}
    for norm in sorted({name.rpartition(".bn.")[0] for name in state if ".bn." in name}):
        weight, gain, shift, mean, variance = (
            _take(dict(state), f"{norm}.{part}", origin)
            for part in ("c.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var")
        )
        scale = gain / torch.sqrt(variance + BATCH_NORM_EPS)  # (C_out,)
        folded[f"{norm}.c.weight"] = weight * scale[:, None, None, None]
        folded[f"{norm}.c.bias"] = shift - mean * scale
    return folded


def _take(state: State, name: str, origin: str) -> Tensor:
    if name not in state:
        raise CheckpointError(f"{origin}: the tensor {name} is missing; is it a released SAM checkpoint?")
    return state.pop(name)

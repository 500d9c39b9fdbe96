"""Checkpoints as Meta and MobileSAM released them, which a machine may not have: written by the inverse of loading."""

import itertools
from collections.abc import Callable

import torch
from torch import Tensor

from sam.config import SamConfig, TinyViTConfig, ViTConfig
from sam.official import BATCH_NORM_EPS

State = dict[str, Tensor]

VIT_NAMES = {
    "image_encoder.position": "image_encoder.pos_embed",
    "image_encoder.patch_embed.": "image_encoder.patch_embed.proj.",
    ".attention.row_offsets": ".attn.rel_pos_h",
    ".attention.column_offsets": ".attn.rel_pos_w",
    ".attention.project.": ".attn.proj.",
    ".attention.qkv.": ".attn.qkv.",
    ".mlp.layers.0.": ".mlp.lin1.",
    ".mlp.layers.1.": ".mlp.lin2.",
}


def released_state(state: State, config: SamConfig) -> State:
    """Our state -> names and tensors as `torch.save` wrote them; TinyViT's statistics are of our own invention."""
    encoder = released_vit(state) if isinstance(config.encoder, ViTConfig) else released_tinyvit(state, config.encoder)
    return encoder | released_prompt_encoder(state) | released_mask_decoder(state)


def released_vit(state: State) -> State:
    names = {name: name for name in state if name.startswith("image_encoder.")}
    for ours, theirs in VIT_NAMES.items():
        names = {name: released.replace(ours, theirs) for name, released in names.items()}
    return {released: state[name] for name, released in names.items()}


def released_tinyvit(state: State, config: TinyViTConfig) -> State:
    released: State = {}
    random = torch.Generator().manual_seed(7)

    def conv(theirs: str, ours: str) -> None:
        weight, bias = state[f"image_encoder.{ours}.weight"], state[f"image_encoder.{ours}.bias"]
        gain, variance = (torch.rand(2, len(bias), generator=random) + 0.5).unbind()
        mean = torch.randn(len(bias), generator=random)
        scale = gain / torch.sqrt(variance + BATCH_NORM_EPS)
        prefix = f"image_encoder.{theirs}"
        released[f"{prefix}.c.weight"] = weight / scale[:, None, None, None]
        released[f"{prefix}.bn.weight"] = gain
        released[f"{prefix}.bn.bias"] = bias + mean * scale
        released[f"{prefix}.bn.running_mean"] = mean
        released[f"{prefix}.bn.running_var"] = variance
        released[f"{prefix}.bn.num_batches_tracked"] = torch.tensor(1)

    def copy(theirs: str, ours: str) -> None:
        for part in ("weight", "bias"):
            released[f"image_encoder.{theirs}.{part}"] = state[f"image_encoder.{ours}.{part}"]

    conv("patch_embed.seq.0", "patch_embed.conv1")
    conv("patch_embed.seq.2", "patch_embed.conv2")
    for stage, depth in enumerate(config.depths):
        for block in range(depth):
            released_block(stage, block, conv, copy)
        if stage < len(config.strides):
            for theirs, ours in (("conv1", "project"), ("conv2", "depthwise"), ("conv3", "mix")):
                conv(f"layers.{stage}.downsample.{theirs}", f"stages.{stage}.downsample.{ours}")
    for name in [name for name in state if name.endswith(".attention.offset_bias")]:
        prefix = name.removesuffix(".attention.offset_bias").replace(".stages.", ".layers.")
        released[f"{prefix}.attn.attention_biases"] = state[name]
        released[f"{prefix}.attn.attention_bias_idxs"] = torch.zeros(1, dtype=torch.long)
    for layer in (0, 2):
        released[f"image_encoder.neck.{layer}.weight"] = state[f"image_encoder.neck.{layer}.weight"]
        copy(f"neck.{layer + 1}", f"neck.{layer + 1}")
    classifier = {"norm_head.weight": 320, "norm_head.bias": 320, "head.bias": 1000}
    released |= {f"image_encoder.{name}": torch.ones(size) for name, size in classifier.items()}
    return released | {"image_encoder.head.weight": torch.ones(1000, 320)}


def released_block(stage: int, block: int, conv: Callable[[str, str], None], copy: Callable[[str, str], None]) -> None:
    theirs, ours = f"layers.{stage}.blocks.{block}", f"stages.{stage}.blocks.{block}"
    if stage == 0:
        for name in (("conv1", "widen"), ("conv2", "depthwise"), ("conv3", "narrow")):
            conv(f"{theirs}.{name[0]}", f"{ours}.{name[1]}")
        return
    conv(f"{theirs}.local_conv", f"{ours}.local")
    for name in (("norm", "norm"), ("qkv", "qkv"), ("proj", "project")):
        copy(f"{theirs}.attn.{name[0]}", f"{ours}.attention.{name[1]}")
    for name in (("norm", "0"), ("fc1", "1"), ("fc2", "2")):
        copy(f"{theirs}.mlp.{name[0]}", f"{ours}.mlp.{name[1]}")


def released_prompt_encoder(state: State) -> State:
    labels = state["prompt_encoder.label_embedding.weight"]
    released = {
        "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix": state["prompt_encoder.position.frequencies"],
        "prompt_encoder.not_a_point_embed.weight": labels[:1],
        "prompt_encoder.no_mask_embed.weight": state["prompt_encoder.no_mask_embedding"][None],
    }
    released |= {f"prompt_encoder.point_embeddings.{i}.weight": labels[i + 1 : i + 2] for i in range(4)}
    return released | {name: tensor for name, tensor in state.items() if ".mask_downscaling." in name}


def released_mask_decoder(state: State) -> State:
    tokens = state["mask_decoder.output_tokens"]
    released = {"mask_decoder.iou_token.weight": tokens[:1], "mask_decoder.mask_tokens.weight": tokens[1:]}
    attention = {"query": "q_proj", "key": "k_proj", "value": "v_proj", "out": "out_proj"}
    blocks = {
        **{f"layers.{i}.self_attention": f"layers.{i}.self_attn" for i in (0, 1)},
        **{f"layers.{i}.token_to_image": f"layers.{i}.cross_attn_token_to_image" for i in (0, 1)},
        **{f"layers.{i}.image_to_token": f"layers.{i}.cross_attn_image_to_token" for i in (0, 1)},
        "final_token_to_image": "final_attn_token_to_image",
    }
    modules = {f"{ours}.{o}": f"{theirs}.{t}" for ours, theirs in blocks.items() for o, t in attention.items()}
    modules |= {f"layers.{i}.mlp.layers.{j}": f"layers.{i}.mlp.lin{j + 1}" for i in (0, 1) for j in (0, 1)}
    modules |= {f"layers.{i}.norm{j}": f"layers.{i}.norm{j}" for i in (0, 1) for j in (1, 2, 3, 4)}
    modules |= {"final_norm": "norm_final_attn"}
    modules = {f"transformer.{ours}": f"transformer.{theirs}" for ours, theirs in modules.items()}
    modules |= {f"upscaling.{i}": f"output_upscaling.{i}" for i in (0, 1, 3)}
    modules |= {f"iou_head.layers.{i}": f"iou_prediction_head.layers.{i}" for i in range(3)}
    for mask, i in itertools.product(range(4), range(3)):
        modules[f"mask_heads.{mask}.layers.{i}"] = f"output_hypernetworks_mlps.{mask}.layers.{i}"
    for ours, theirs in modules.items():
        for part in ("weight", "bias"):
            released[f"mask_decoder.{theirs}.{part}"] = state[f"mask_decoder.{ours}.{part}"]
    return released

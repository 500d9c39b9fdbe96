"""A released checkpoint, which this machine may not have, is written here by the inverse of what loading does."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from sam.checkpoints import load_checkpoint, save_checkpoint
from sam.config import ARCHITECTURES, TinyViTConfig
from sam.errors import CheckpointError
from sam.official import BATCH_NORM_EPS, read_official
from sam.sam import Sam

State = dict[str, Tensor]

ENCODER = TinyViTConfig()


def released_state(state: State) -> State:
    """Our state -> names and tensors as `torch.save` wrote them into mobile_sam.pt; statistics of its own invention."""
    random = torch.Generator().manual_seed(7)
    return released_encoder(state, random) | released_prompt_encoder(state) | released_mask_decoder(state)


def released_encoder(state: State, random: torch.Generator) -> State:
    released: State = {}

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
    for stage, depth in enumerate(ENCODER.depths):
        for block in range(depth):
            released_block(stage, block, conv, copy)
        if stage < len(ENCODER.strides):
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


@pytest.fixture
def released_file(sam: Sam, tmp_path: Path) -> Path:
    path = tmp_path / "mobile_sam.pt"
    torch.save(released_state(sam.state_dict()), path)
    return path


def test_a_released_checkpoint_becomes_the_same_network(released_file: Path, sam: Sam, tmp_path: Path) -> None:
    save_checkpoint(read_official(released_file), tmp_path / "own.safetensors", "mobile_sam", source="a test")
    loaded = load_checkpoint(tmp_path / "own.safetensors")
    random = torch.Generator().manual_seed(3)
    image = torch.randn(1, 3, 1024, 1024, generator=random)
    mask = torch.randn(1, 1, 256, 256, generator=random)
    prompt = (torch.tensor([[[300.0, 200.0], [0.0, 0.0]]]), torch.tensor([[1.0, -1.0]]), mask, torch.ones(1))
    with torch.inference_mode():
        for ours, theirs in zip(sam(image, *prompt), loaded(image, *prompt), strict=True):
            torch.testing.assert_close(theirs, ours, atol=1e-3, rtol=0)


def test_every_tensor_comes_back_and_none_besides(released_file: Path, sam: Sam) -> None:
    state = read_official(released_file)
    expected = sam.state_dict()
    assert state.keys() == expected.keys()
    for name, tensor in expected.items():
        torch.testing.assert_close(
            state[name], tensor, atol=1e-4, rtol=1e-4, msg=lambda text, name=name: f"{name}: {text}"
        )


@pytest.mark.parametrize(
    "name",
    [
        "prompt_encoder.no_mask_embed.weight",
        "mask_decoder.iou_token.weight",
        "image_encoder.layers.1.blocks.0.local_conv.bn.running_var",
    ],
)
def test_a_missing_tensor_is_named(name: str, sam: Sam, tmp_path: Path) -> None:
    state = released_state(sam.state_dict())
    del state[name]
    torch.save(state, tmp_path / "short.pt")
    with pytest.raises(CheckpointError, match=f"short.pt: the tensor {name} is missing"):
        read_official(tmp_path / "short.pt")


def test_a_pickle_that_would_run_code_is_refused_unrun(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    torch.save({"image_encoder.head.bias": Trap()}, tmp_path / "trap.pt")
    with pytest.raises(CheckpointError, match=r"trap.pt: not a PyTorch file of plain tensors"):
        read_official(tmp_path / "trap.pt")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"not a checkpoint at all"], ids=["empty", "text"])
def test_a_file_that_is_no_checkpoint_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "junk.pt").write_bytes(content)
    with pytest.raises(CheckpointError, match=r"junk.pt: not a PyTorch file"):
        read_official(tmp_path / "junk.pt")


def test_the_default_architecture_is_the_one_written_here() -> None:
    assert ARCHITECTURES["mobile_sam"].encoder == ENCODER

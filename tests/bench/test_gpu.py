"""The measurement of a card, rehearsed on the CPU with a network that is small."""

import torch

from sam.config import PromptDecoderConfig, SamConfig, ViTConfig
from tests.bench import gpu

SMALL = SamConfig(
    ViTConfig(image_size=32, dim=16, depth=2, heads=2, global_blocks=(1,)),
    PromptDecoderConfig(image_size=32, grid_size=2),
)


def test_without_a_card_one_line_says_so(monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu.measure() == []
    assert capsys.readouterr().out == "Skipped: torch finds no NVIDIA card here.\n"


def test_both_are_measured_in_both_precisions_alone_and_in_batches(monkeypatch):
    monkeypatch.setattr(gpu, "find_spec", lambda _: None)
    monkeypatch.setattr(gpu, "BATCHES", (1, 2))
    monkeypatch.setattr(gpu, "ROUNDS", 2)
    rows = gpu.speed("small", SMALL, torch.device("cpu"))
    assert [row.what.partition(", batch")[0] for row in rows] == [
        *["small, single precision"] * 2,
        *["small, half precision"] * 2,
    ]
    assert all(row.median > 0 and row.peer_median > 0 for row in rows)


def test_a_batch_that_memory_cannot_hold_ends_the_search(monkeypatch):
    def refuse(_: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
        if len(images) > 2:
            raise torch.cuda.OutOfMemoryError
        return images

    subject = gpu.Subject(torch.nn.Identity(), refuse, torch.device("cpu"), side=4)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    assert subject.best_batch() in (1, 2)

"""What can go wrong with weights and inputs. Every message says what was wrong, with what, and what to do."""


class SamError(Exception):
    """The root: catch this to catch everything that this package raises on purpose."""


class InputError(SamError, ValueError):
    """An image, an embedding or a prompt of the wrong shape, type or range."""


class CheckpointError(SamError):
    """A file of weights that cannot be read, or does not hold the tensors of its architecture."""


class ZooError(SamError):
    """A model that is unknown, not pulled, damaged, or whose source cannot be had."""


ELSEWHERE = "Without a network: download it on another machine and run `maskloop models import FILE` here."

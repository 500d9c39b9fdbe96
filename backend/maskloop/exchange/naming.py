"""File names: of the images inside an export, and of the export itself."""

import re
from pathlib import PurePosixPath
from urllib.parse import quote

OWN_SUFFIX_LENGTH = 16
_LOOKS_SUFFIXED = re.compile(rf"-[0-9a-f]{{{OWN_SUFFIX_LENGTH}}}$")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u2028-\u202e\u2066-\u2069]+')
LONGEST_NAME = 100


def unique_file_name(file_name: str, digest: str, place: int) -> str:
    """The image's name in the file. place: 0 for the first image of that name, 1 for the second, ...

    The first keeps its name; later ones get the start of their own digest. Names that already look so get it as well,
    and so a name that someone chose cannot be another's.
    """
    path = PurePosixPath(file_name)
    if place == 0 and not _LOOKS_SUFFIXED.search(path.stem.lower()):
        return file_name
    return f"{file_name.removesuffix(path.suffix)}-{digest[:OWN_SUFFIX_LENGTH]}{path.suffix}"


def attachment(name: str, suffix: str) -> str:
    """Content-Disposition of a download called name + suffix: plain ASCII, and the true name as RFC 5987 has it."""
    stem = _UNSAFE.sub("_", name)[:LONGEST_NAME].strip(". ") or "project"
    ascii_stem = re.sub(r"[^\x20-\x7e]+|%", "_", stem)
    disposition = f'attachment; filename="{ascii_stem}{suffix}"'
    return disposition if ascii_stem == stem else f"{disposition}; filename*=UTF-8''{quote(stem + suffix, safe='')}"

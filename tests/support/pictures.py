"""Pictures of the application for the documentation, small enough to live in the repository."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.support.server import REPOSITORY

IMAGES = REPOSITORY / "docs" / "images"
MAX_BYTES = 150_000
QUALITIES = (85, 75, 65, 55, 45)


def keep(page: Page, path: Path) -> None:
    """What the page shows, as WebP: as good as it can be within the limit. Raises where nothing is small enough."""
    shown = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    encoded = (_webp(shown, quality) for quality in QUALITIES)
    content = next((content for content in encoded if len(content) <= MAX_BYTES), None)
    if content is None:
        raise ValueError(f"{path.name} would have more than {MAX_BYTES:,} bytes: show less")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _webp(image: Image.Image, quality: int) -> bytes:
    content = io.BytesIO()
    image.save(content, "WEBP", quality=quality, method=6)
    return content.getvalue()


def require_chinese_font() -> None:
    """Without one, Chromium draws boxes: then there is no picture to take."""
    lister = shutil.which("fc-list")
    fonts = subprocess.run([lister, ":lang=zh-cn"], stdout=subprocess.PIPE, check=True).stdout if lister else b""
    if not fonts.strip():
        sys.exit("No Chinese font is installed. On Debian and Ubuntu: apt-get install fontconfig fonts-wqy-microhei")

"""What can be configured: environment variables MASKLOOP_*, read once, never changed afterwards."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class Settings(BaseSettings):
    """Every setting has the name of its environment variable without the prefix, in lower case."""

    model_config = SettingsConfigDict(env_prefix="MASKLOOP_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        default=Path(".maskloop"), description="Folder of everything that is kept: database, images."
    )
    database_url: str | None = Field(
        default=None,
        description="postgresql://user:password@host/name. Without it, an embedded PostgreSQL in the data folder.",
    )
    store_url: str | None = Field(
        default=None,
        description="Where image files and embeddings are kept, such as s3://bucket/prefix. Default: data folder.",
    )

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 is every network this machine is in."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names, comma-separated, under which people reach the server, beside localhost and HOST.",
    )

    device: Literal["auto", "cpu", "cuda"] = Field(default="auto", description="Where the image encoder runs.")
    weights_dir: Path = Field(
        default=Path("models/weights"), description="Folder of checkpoints and exported decoders."
    )
    bundled_weights_dir: Path | None = Field(
        default=None, description="Weights that came with the installation; they appear in WEIGHTS_DIR as links."
    )
    model: str = Field(default="mobile_sam", description="Name of the model in the zoo.")
    inline_worker: bool = Field(
        default=True, description="Run background jobs inside the server, without `maskloop worker`."
    )

    embedding_timeout: float = Field(
        default=60, gt=0, description="Longest, in seconds, that a request waits for an embedding."
    )
    job_heartbeat: float = Field(
        default=30, gt=0, description="Seconds of silence after which a worker's jobs go to another."
    )

    max_upload_bytes: int = Field(default=256 * 1024**2, gt=0, description="Largest image file accepted, in bytes.")
    max_image_pixels: int = Field(default=400_000_000, gt=0, description="Most pixels of an image, width times height.")

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    frontend_dir: Path = Field(default=Path("frontend/dist"), description="Folder of the built browser application.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _only_postgresql(cls, value: str | None) -> str | None:
        if not value:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme not in {"postgresql", "postgres", "postgresql+asyncpg"}:
            raise ValueError("must start with postgresql:// (PostgreSQL is the only database Maskloop speaks)")
        return f"postgresql://{rest}"

    @model_validator(mode="after")
    def _store_has_scheme(self) -> Self:
        if self.store_url and not urlsplit(self.store_url).scheme:
            raise ValueError("store_url must be a URL such as s3://bucket/prefix or file:///folder")
        return self

    @property
    def trusted_hosts(self) -> list[str]:
        """Names the Host header may carry: a page on another name must not reach us by rebinding its DNS."""
        own = () if self.host in {"0.0.0.0", "::"} else (self.host,)  # noqa: S104 - compared, not bound
        return [*LOOPBACK_NAMES, *own, *self.allowed_hosts]

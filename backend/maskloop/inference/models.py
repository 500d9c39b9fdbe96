"""The models there are, and which of them are here. Weights that arrive while the program runs are seen at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from maskloop.errors import DomainError, InvalidError, UnavailableError
from maskloop.inference.bundled import link_bundled
from maskloop.inference.model import Device, ServedModel, choose_device
from maskloop.jobs.pulling import Pull, PullProgress
from maskloop.settings import Settings
from maskloop.tables import Encoders
from sam import zoo as sam_zoo
from sam.errors import SamError
from sam.manifest import MANIFEST
from sam.progress import Progress
from sam.zoo import Listing, ModelFiles

Stamp = tuple[int, int]
"""Time of change (ns) and inode of a model's manifest, which is written last and replaced, never changed in place."""


class ModelMissingError(UnavailableError):
    """The server runs, but without this model's weights."""

    code = "model_missing"


class UnknownModelError(InvalidError):
    """There is no model of that name."""

    code = "unknown_model"


class PullFailedError(DomainError):
    """A model cannot be had."""

    code = "pull_failed"


class Zoo(Protocol):
    """What is asked of `sam.zoo`."""

    def installed(self, weights_dir: Path) -> list[str]: ...
    def catalogue(self, weights_dir: Path) -> list[Listing]: ...
    def verify(self, name: str, weights_dir: Path) -> ModelFiles: ...
    def pull(self, name: str, weights_dir: Path, on_progress: Progress) -> ModelFiles: ...


@dataclass(frozen=True)
class Look:
    """What was found in the weights folder: the model, or why it cannot be served."""

    stamp: Stamp
    found: ServedModel | str


@dataclass(frozen=True)
class Models:
    """The registry of models by name. A model's files are verified when it is first asked for, and when they changed;
    after that an answer costs one look at each manifest's time of change."""

    weights_dir: Path
    default: str
    """Name of the model of projects that chose none."""
    device: Device
    zoo: Zoo = sam_zoo
    _looks: dict[str, Look] = field(default_factory=dict)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, settings: Settings) -> "Models":
        link_bundled(settings)
        return cls(settings.weights_dir, settings.model, choose_device(settings.device))

    async def listings(self) -> Sequence[Listing]:
        """What can be pulled, then what was imported; whether one is here, `look` says."""
        return await asyncio.to_thread(self.zoo.catalogue, self.weights_dir)

    async def listing(self, name: str) -> Listing:
        """Raises UnknownModelError with the names there are."""
        listings = {listing.name: listing for listing in await self.listings()}
        if name not in listings:
            raise UnknownModelError(f"There is no model {name}; there are: {', '.join(listings)}.")
        return listings[name]

    async def look(self, name: str) -> ServedModel | str | None:
        """The model; why its files cannot be served; None where it is not here."""
        stamp = self._stamp(name)
        if stamp is None:
            return None
        if (known := self._looks.get(name)) and known.stamp == stamp:
            return known.found
        async with self._looking:
            known = self._looks.get(name)
            if known is None or known.stamp != stamp:
                known = self._looks[name] = Look(stamp, await asyncio.to_thread(self._verify, name))
            return known.found

    async def here(self) -> list[ServedModel]:
        """Every model that can be served."""
        found = [await self.look(name) for name in self.zoo.installed(self.weights_dir)]
        return [model for model in found if isinstance(model, ServedModel)]

    async def encoders(self) -> Encoders:
        """The encoder of each model that is here; None names the server's default."""
        digests: dict[str | None, str] = {model.name: model.encoder_digest for model in await self.here()}
        return {None: digests[self.default], **digests} if self.default in digests else digests

    async def get(self, name: str | None) -> ServedModel:
        """The model of a project that has this one; None is the default. Raises ModelMissingError, which says what to
        do."""
        wanted = name or self.default
        found = await self.look(wanted)
        if isinstance(found, ServedModel):
            return found
        reason = found or f"The weights of {wanted} are not here."
        raise ModelMissingError(
            f"{reason} Run `maskloop models pull {wanted}`, or choose another model in the project's settings."
        )

    async def with_encoder(self, digest: str) -> ServedModel | None:
        """The model that has this encoder."""
        return next((model for model in await self.here() if model.encoder_digest == digest), None)

    async def with_decoder(self, digest: str) -> ServedModel | None:
        """The model that has this decoder."""
        return next((model for model in await self.here() if model.decoder_digest == digest), None)

    def _stamp(self, name: str) -> Stamp | None:
        try:
            found = (self.weights_dir / f"{name}{MANIFEST}").stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _verify(self, name: str) -> ServedModel | str:
        try:
            return ServedModel(name, self.device, self.zoo.verify(name, self.weights_dir))
        except SamError as error:
            return _sentence(error)


def puller(models: Models) -> Pull:
    """Makes a model ready on a thread: it is fetched, verified, converted, and its decoder exported."""

    async def pull(name: str, progress: PullProgress) -> None:
        try:
            await asyncio.to_thread(models.zoo.pull, name, models.weights_dir, progress.note)
        except SamError as error:
            raise PullFailedError(_sentence(error)) from error

    return pull


def _sentence(error: SamError) -> str:
    """Messages of the zoo end as they like; people read one sentence after another."""
    text = str(error).strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."

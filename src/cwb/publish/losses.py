"""Is a report that was just built worse than the present one? By what their manifests and findings have.

Worse: a pack could not be built; nothing of a whole source is left; or a pack or a number is gone though inputs and code are
the same. Where inputs or code have changed, what is gone with them is reported and the new one is put in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cwb.base.errors import PackError
from cwb.evidence.record import NAME, read_records
from cwb.publish.manifest import Manifest, read_manifest


@dataclass(frozen=True)
class Lost:
    """What the present report has and the new one has not: `worse` keeps the present one, `gone` is only reported."""

    worse: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def lost(present: Path, new: Path) -> Lost:
    """Compare two reports of a period by their folders; a present report that cannot be read has only what it is: there."""
    now, _ = read_manifest(new)
    then, _ = read_manifest(present)
    if now is None or not present.exists():
        return Lost()
    if then is None:
        return Lost(tuple(f"{name} could not be built" for name in now.not_built))
    had, has = ({notebook.name for notebook in one.notebooks} for one in (then, now))
    worse = [f"{name} could not be built" for name in sorted(had - has) if name in now.not_built]
    gone = [f"{name} is not in it" for name in sorted(had - has) if name not in now.not_built]
    worse += [f"no file of the source {name} is left" for name in sorted(_sources(then) - _sources(now))]
    if not worse:
        gone += _numbers_gone(present, new)
    if _is_of_the_same(then, now):
        return Lost((*worse, *gone))
    return Lost(tuple(worse), tuple(gone))


def _sources(manifest: Manifest) -> set[str]:
    return {file.source for file in manifest.inputs if file.sha256}


def _is_of_the_same(then: Manifest, now: Manifest) -> bool:
    """Whether two reports are of the same settings, files and code."""
    return (then.settings, then.inputs, then.made_by) == (now.settings, now.inputs, now.made_by)


def _numbers_gone(present: Path, new: Path) -> Iterable[str]:
    try:
        known = {
            finding.key: finding.label for finding in read_records(present / NAME) if finding.value is not None
        }
        still = {finding.key for finding in read_records(new / NAME) if finding.value is not None}
    except PackError:
        return
    labels = sorted({label for key, label in known.items() if key not in still})
    if labels:
        more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
        yield f"not known any more: {', '.join(labels[:5])}{more}"

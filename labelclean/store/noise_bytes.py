"""A noise estimate as bytes: its arrays as compressed npz, without pickle."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from labelclean.errors import StoreError
from labelclean.results import NoiseEstimate

__all__ = ["noise_from_bytes", "noise_to_bytes"]


def noise_to_bytes(noise: NoiseEstimate) -> bytes:
    """Return the estimate as bytes."""
    target = io.BytesIO()
    np.savez_compressed(
        target,
        confident_joint=noise.confident_joint,
        joint=noise.joint,
        noise_matrix=noise.noise_matrix,
        inverse_noise_matrix=noise.inverse_noise_matrix,
        class_priors=noise.class_priors,
        n_label_errors=np.int64(noise.n_label_errors),
    )
    return target.getvalue()


def noise_from_bytes(content: bytes) -> NoiseEstimate:
    """Return the estimate that ``noise_to_bytes`` packed; raises StoreError on anything else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return NoiseEstimate(
                confident_joint=arrays["confident_joint"],
                joint=arrays["joint"],
                noise_matrix=arrays["noise_matrix"],
                inverse_noise_matrix=arrays["inverse_noise_matrix"],
                class_priors=arrays["class_priors"],
                n_label_errors=int(arrays["n_label_errors"]),
            )
    except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise StoreError(
            "The stored noise estimate must be whole; it is damaged.", fix="Run the audit again."
        ) from error

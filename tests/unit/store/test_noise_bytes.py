"""A noise estimate as bytes."""

from __future__ import annotations

import io
from dataclasses import fields

import numpy as np
import pytest

from labelclean.errors import StoreError
from labelclean.results import NoiseEstimate
from labelclean.store.noise_bytes import noise_from_bytes, noise_to_bytes


def estimate() -> NoiseEstimate:
    """Return an estimate over two classes."""
    return NoiseEstimate(
        confident_joint=np.array([[8, 2], [0, 10]]),
        joint=np.array([[0.4, 0.1], [0.0, 0.5]]),
        noise_matrix=np.array([[1.0, 1 / 6], [0.0, 5 / 6]]),
        inverse_noise_matrix=np.array([[0.8, 0.2], [0.0, 1.0]]),
        class_priors=np.array([0.4, 0.6]),
        n_label_errors=2,
    )


def test_an_estimate_comes_back_as_it_was() -> None:
    """Every array has the same values and type, bit for bit."""
    before = estimate()

    after = noise_from_bytes(noise_to_bytes(before))

    for field in fields(before):
        np.testing.assert_array_equal(getattr(after, field.name), getattr(before, field.name), err_msg=field.name)
    assert after.confident_joint.dtype == np.int64
    assert type(after.n_label_errors) is int


def test_bytes_that_would_run_code_are_refused() -> None:
    """Nothing is unpickled, whoever wrote the database."""
    target = io.BytesIO()
    np.savez_compressed(target, confident_joint=np.array([{"a": 1}], dtype=object))

    with pytest.raises(StoreError, match="damaged"):
        noise_from_bytes(target.getvalue())


@pytest.mark.parametrize("content", [b"", b"no archive", noise_to_bytes(estimate())[:-40]])
def test_damaged_bytes_are_a_store_error(content: bytes) -> None:
    """Bytes that are no whole archive say so."""
    with pytest.raises(StoreError, match="damaged") as caught:
        noise_from_bytes(content)

    assert caught.value.fix == "Run the audit again."


def test_an_archive_without_an_array_is_a_store_error() -> None:
    """An array that is missing is damage too."""
    target = io.BytesIO()
    np.savez_compressed(target, joint=np.eye(2))

    with pytest.raises(StoreError, match="damaged"):
        noise_from_bytes(target.getvalue())

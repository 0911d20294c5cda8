"""Every dialogue talks to 127.0.0.1 in the clear."""

from tests.paging.conftest import straight_and_in_the_clear

__all__ = ["straight_and_in_the_clear"]

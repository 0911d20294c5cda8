"""What every test of the board needs."""

from tests.paging.conftest import straight_and_in_the_clear

__all__ = ["straight_and_in_the_clear"]

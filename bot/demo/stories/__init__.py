"""The stories of the tour, one a file."""

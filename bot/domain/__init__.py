"""What a ticket is and what may happen to it. Pure: no clock, no randomness, no network, no vendor."""

"""The stand-ins, driven by the vendors' real clients."""

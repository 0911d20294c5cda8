"""The playground in a browser: one page with everybody's screens, on which a newcomer plays the whole desk."""

"""A Slack workspace with one installed app: Web API, Events API, interactivity, Socket Mode."""

"""The configuration: config.toml, the policies it names and the environment, read once and checked whole."""

from bot.config.load import Board, Bot, Config, load
from bot.config.policies import load_policy
from bot.config.problems import ConfigError, Problem

__all__ = ["Board", "Bot", "Config", "ConfigError", "Problem", "load", "load_policy"]

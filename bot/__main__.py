"""`python -m bot` and the `standby` command."""

from bot.cli import app


def main() -> None:
    """Run the operator's shell."""
    app()


if __name__ == "__main__":
    main()

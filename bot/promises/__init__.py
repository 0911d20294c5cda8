"""What the operator's policy commands look up and say; bot/policy_shell.py has the commands."""

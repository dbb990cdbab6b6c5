"""The error that a user can mend."""


class InputError(Exception):
    """Something given from outside is not usable: its message says what, and what to do."""

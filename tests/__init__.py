import genre  # noqa: F401 - one instruction set, before numpy is imported

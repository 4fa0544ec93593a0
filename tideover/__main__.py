"""`python -m tideover` is the same as `tideover`."""

from tideover.cli import main

if __name__ == "__main__":
    main()

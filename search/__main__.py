"""`python -m search`: the same as `magpie`."""

from search.commands import main

if __name__ == "__main__":
    main()

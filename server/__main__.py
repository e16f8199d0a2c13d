"""`python -m server` is the `crowdheritage` command."""

from server.cli import main

main()

"""Start with `python3 -m labelclean`, also from a fresh clone where nothing is installed yet."""

import sys

from labelclean import bootstrap

if __name__ == "__main__":
    bootstrap.enter("labelclean", sys.argv[1:])

    from labelclean.cli import main

    main()

"""python -m sekisho"""

import sys

from sekisho.cli import main

if __name__ == "__main__":  # a process of a scan imports this, too, under another name
    sys.exit(main())

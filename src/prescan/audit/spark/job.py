"""What `spark-submit` is given: it must be a file, and its folder must hold nothing the standard library has too."""

import sys

from prescan.audit.spark import main

if __name__ == "__main__":
    sys.exit(main())

"""Entry point of `python3 dev …`; all it does is make `dev` importable."""

import sys
from pathlib import Path

# Run as a folder, Python puts the folder itself first; its modules would then shadow
# others of the same name. As a package they cannot.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from dev.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

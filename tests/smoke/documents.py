"""Write the clients that `run.py` uses: `python documents.py FOLDER [HTTP]`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COPIES = 30  # of a document, for the models of all of them to be many
PROJECT = """
[tool.venuekit]
specs = "specs"
output = "venues"
http = "{http}"
"""


def venuekit(*arguments: str) -> None:
    """Run the command; what it warns of is the documents' own."""
    subprocess.run([sys.executable, "-m", "venuekit", *arguments, "-q"], check=True)


def many_models() -> str:
    """A document of many schemas: copies of one, which share what is nobody's own."""
    text = (ROOT / "tests" / "clients" / "many_models.yaml").read_text(encoding="utf-8")
    whole = yaml.safe_load(text)
    own = "|".join(set(whole["components"]["schemas"]) - {"Address", "Size"})
    for copy in range(2, COPIES):
        other = re.sub(rf"(?<=[/ ])({own})(?=[':])", rf"\g<1>{copy}", text)
        other = other.replace("tags: [", f"tags: [copy{copy}_").replace("  /", f"  /copy{copy}/")
        found = yaml.safe_load(other.replace("operationId: ", f"operationId: copy{copy}_"))
        whole["paths"].update(found["paths"])
        whole["components"]["schemas"].update(found["components"]["schemas"])
    return json.dumps(whole)


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
    if http == "httpx":
        (folder / "many.json").write_text(many_models(), encoding="utf-8")
        many = folder / "cases" / "many_models"
        venuekit("generate", "--spec", str(folder / "many.json"), "--out", str(many))
        assert (many / "models" / "shared.py").is_file()
    for packages in ("venues", "cases"):
        if (folder / packages).is_dir():
            (folder / packages / "__init__.py").touch()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "httpx")

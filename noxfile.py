"""The checks of this repository, each a session: `nox -s lint types tests`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.10"
nox.options.sessions = ["lint", "types", "tests", "check"]
nox.options.error_on_missing_interpreters = True
nox.options.reuse_existing_virtualenvs = True

# The Python that runs nox: no other is asked for.
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
ROOT = Path(__file__).parent


@nox.session(python=PYTHON)
def lint(session: nox.Session) -> None:
    """Our code by ruff, the generated code by black."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("black", "--check", "--quiet", "generated")


@nox.session(python=PYTHON)
def types(session: nox.Session) -> None:
    """The strict checkers over the generator, the clients and their callers."""
    session.install("-e", ".[dev]")
    session.run("pyright", "--pythonpath", _python(session))
    callers = ("--pythonpath", _python(session), "--project", "tests/typing")
    session.run("pyright", *callers)
    config = ("--config-file", "tests/typing/mypy.ini")
    session.run("mypy", *config, "tests/typing", "generated/venue_clients")
    # The desk is vendored with the clients, and runs on their Python.
    session.run("pyright", "--pythonpath", _python(session), "--pythonversion", "3.10", "facade")
    session.run("mypy", *config, "facade/venue_desk")


@nox.session(python=PYTHON)
def tests(session: nox.Session) -> None:
    """All tests; `nox -s tests -- --update` rewrites what the cases expect."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-n", "auto", "--dist", "loadfile", *session.posargs)


@nox.session(python=PYTHON)
def fuzz(session: nox.Session) -> None:
    """All that the tests only sample: every injection, and long runs over broken documents."""
    session.install("-e", ".[dev]")
    patient = ("-o", "faulthandler_timeout=3600")  # a share of them takes some ten minutes
    session.run("pytest", "--long", *patient, "tests/hostile", *session.posargs)


@nox.session(python=PYTHON)
def generate(session: nox.Session) -> None:
    """Bring the committed clients up to date."""
    session.install("-e", ".")
    session.run("venuekit", "generate", "-v", *session.posargs)


@nox.session(python=PYTHON)
def check(session: nox.Session) -> None:
    """The committed clients are what would be generated."""
    session.install("-e", ".")
    session.run("venuekit", "check", *session.posargs)


@nox.session(python=PYTHON)
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it, and use it and its clients outside of the checkout."""
    page = next((ROOT / "specs" / "alpaca_trading" / "pages").iterdir())
    with tempfile.TemporaryDirectory() as folder:
        session.install("build")
        session.run("python", "-m", "build", "--outdir", f"{folder}/dist", str(ROOT))
        [built] = Path(folder, "dist").glob("*.whl")
        session.run("python", "-m", "venv", f"{folder}/venv")
        scripts = Path(folder, "venv", "Scripts" if sys.platform == "win32" else "bin")
        python, venuekit = str(scripts / "python"), str(scripts / "venuekit")
        session.chdir(folder)
        session.run(python, "-m", "pip", "install", "--quiet", str(built), external=True)
        arguments = ("--spec", str(page), "--out", "clients/paper")
        session.run(venuekit, "generate", *arguments, external=True)
        session.run(venuekit, "check", *arguments, external=True)
        session.run(python, "-c", "import clients.paper as p; p.Client", external=True)
        session.run(python, "-c", "import venue_clients.deltadefi as d; d.Client", external=True)
        Path("shop").mkdir()
        Path("shop", "__init__.py").touch()
        for arguments in (("venue_desk", "--into"), ("--check",), ("--update",)):
            session.run(venuekit, "vendor", *arguments, "shop", external=True)
        session.run(python, "-c", "import shop.venue_desk as d; d.Desk", external=True)


@nox.session(python=PYTHON)
def corpus(session: nox.Session) -> None:
    """Make, import, type-check and use a client of every document of the corpus."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "tests.corpus", *session.posargs)


@nox.session(python=PYTHON)
def spellings(session: nox.Session) -> None:
    """Compare every document of the corpus with itself in other words."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "tests.corpus.spellings", *session.posargs)


@nox.session(python=PYTHON)
def bench(session: nox.Session) -> None:
    """Measure against other generators and bare httpx; prints ratios, fails never."""
    session.install("-e", ".[dev]")
    session.run("python", "benchmarks/run.py", *session.posargs)


# deltadefi is installed without what it needs: that wants a C library, and only for its wallet.
SDKS = ("alpaca-py==0.44.0", "clearstreet==0.11.0", "py-clob-client==0.34.6")
SDKS += ("py-clob-client-v2==1.2.1", "requests", "websockets")


@nox.session(python=PYTHON)
def sdks(session: nox.Session) -> None:
    """Record what the vendors' own SDKs send; the tests compare the desk's requests with it."""
    session.install(*SDKS)
    session.install("--no-deps", "deltadefi==1.1.1")
    session.run("python", "tests/facade/sdks/record.py")


@nox.session(python=PYTHON)
def picture(session: nox.Session) -> None:
    """Draw docs/images/demo.svg again."""
    session.install("-e", ".")
    session.run("python", "docs/images/draw.py")


@nox.session(python=PYTHON)
def pydantic(session: nox.Session) -> None:
    """Use generated clients on every minor version of pydantic that they support."""
    session.install("-e", ".")
    minors = [f"pydantic>=2.{minor}.0,<2.{minor + 1}" for minor in range(10, 15)]
    for version in ("pydantic==2.10.0", *minors):
        _smoke(session, sys.executable, "httpx", version)


@nox.session(python=PYTHON)
def pythons(session: nox.Session) -> None:
    """Use them on every Python that they support; `-- PATH ...` names interpreters."""
    session.install("-e", ".")
    names = session.posargs or [f"python3.{minor}" for minor in range(10, 14)]
    missing = [name for name in names if shutil.which(name) is None]
    for name in names:
        if name not in missing:
            _smoke(session, name, "httpx", "pydantic")
    if missing:
        session.error(f"not found: {', '.join(missing)}; name them: nox -s pythons -- PATH ...")


@nox.session(python=PYTHON)
def httpx2(session: nox.Session) -> None:
    """Use the five clients as they are made for httpx2."""
    session.install("-e", ".")
    _smoke(session, sys.executable, "httpx2", "pydantic")


def _smoke(session: nox.Session, interpreter: str, http: str, pydantic: str) -> None:
    """Make clients, and use them where nothing but `http` and pydantic is installed."""
    with tempfile.TemporaryDirectory() as folder:
        session.run("python", "tests/smoke/documents.py", f"{folder}/made", http, silent=True)
        session.run(interpreter, "-m", "venv", f"{folder}/venv", external=True)
        scripts = "Scripts" if sys.platform == "win32" else "bin"
        python = str(Path(folder, "venv", scripts, "python"))
        install = ("-m", "pip", "install", "--quiet", http, pydantic)
        session.run(python, *install, external=True)
        session.run(python, "-W", "ignore", "tests/smoke/run.py", f"{folder}/made", external=True)


def _python(session: nox.Session) -> str:
    return str(Path(session.bin) / "python")

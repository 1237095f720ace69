"""`python3 -m config.bootstrap [--dev]`: make .venv, install the pinned packages into it, and write
the settings of a first run.

Only the standard library: this runs before anything is installed. A second run finds its stamp and
does nothing.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import venv
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
NEEDED_MB = 4000
CAUSES = {
    "No space left on device": "The disk is full. Free some space and run the same command again.",
    "Temporary failure in name resolution": (
        "There is no network. The packages come from PyPI; connect and run the same command again."
    ),
    "Network is unreachable": (
        "There is no network. The packages come from PyPI; connect and run the same command again."
    ),
    "NewConnectionError": (
        "PyPI could not be reached. Check the network or the proxy and run the same command again."
    ),
    "(from versions: none)": (
        "PyPI could not be reached, or has no such package for this machine. Check the network and"
        " run the same command again."
    ),
    "Connection refused": (
        "PyPI could not be reached. Check the network or the proxy and run the same command again."
    ),
    "command 'gcc' failed": (
        "A package must be compiled here and there is no compiler. Install one: apt-get install gcc"
        " make python3-dev"
    ),
    "No such file or directory: 'gcc'": (
        "A package must be compiled here and there is no compiler. Install one: apt-get install gcc"
        " make python3-dev"
    ),
    "No such file or directory: 'make'": (
        "A package must be compiled here and make is missing. Install it: apt-get install gcc make"
        " python3-dev"
    ),
}


def main(words: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  this file is the one that must say so
        stop(
            f"Halftone needs Python 3.11 or later; this is {sys.version.split()[0]}. Install"
            " python3.11 and run: make PYTHON=python3.11 demo"
        )
    write_settings()
    requirements = BASE / ("requirements-dev.txt" if "--dev" in words else "requirements.txt")
    stamp = VENV / f".{requirements.stem}-{_digest(requirements)}"
    if stamp.exists():
        return
    if shutil.disk_usage(BASE).free < NEEDED_MB * 1024**2 and not VENV.exists():
        stop(
            f"The packages need about {NEEDED_MB // 1000} GB and the disk has less. Free some space"
            " and run the same command again."
        )
    make_venv()
    install(requirements)
    stamp.touch()


def _digest(requirements: Path) -> str:
    texts = [path.read_bytes() for path in sorted(BASE.glob("requirements*.txt"))] + [
        requirements.name.encode()
    ]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:16]


def write_settings() -> None:
    """Settings for this machine alone, once: a random key, plain http, loopback."""
    path = BASE / "var" / "halftone.env"
    if path.exists() or os.environ.get("SECRET_KEY"):
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lines = (
        "# Settings of the demo on this machine. In production they come from the environment.",
        f"SECRET_KEY={secrets.token_urlsafe(48)}",
    )
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write("\n".join((*lines, "HTTPS=no", "ALLOWED_HOSTS=127.0.0.1,localhost", "")))


def make_venv() -> None:
    if (VENV / "bin" / "python").exists():
        return
    say("Making .venv …")
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError:
        stop(
            "Python's venv module is not whole on this machine. Install it: apt-get install"
            " python3-venv"
        )


def install(requirements: Path) -> None:
    """pip, with one line that says how far it is, and one that says why not."""
    total = sum("==" in line for line in _pinned_lines(requirements))
    say(f"Installing up to {total} packages, some minutes the first time …")
    command = [
        str(VENV / "bin" / "pip"),
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
        "-r",
        str(requirements),
    ]
    lines, n = [], 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already")):
                n += 1
                progress(
                    f"  {min(n, total)} of {total} "
                    f" {line.split()[1 if line.startswith('Coll') else 2][:40]}"
                )
            elif line.startswith("Installing collected"):
                progress("  writing them to .venv …")
            elif line.startswith("  Building wheel"):
                progress(f"  compiling {line.split()[3]} …")
    if pip.returncode:
        log = BASE / "var" / "install.log"
        log.write_text("".join(lines), encoding="utf-8")
        known = (advice for sign, advice in CAUSES.items() if any(sign in line for line in lines))
        stop(next(known, f"pip could not install the packages. All it said is in {log}"))
    progress("")
    say("Packages are in place.")


def _pinned_lines(requirements: Path) -> list[str]:
    """Those of the file and of the files it names with -r."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return lines + [
        more for line in lines if line.startswith("-r ") for more in _pinned_lines(BASE / line[3:])
    ]


def say(text: str) -> None:
    print(text, flush=True)


def progress(text: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif "writing" in text or "compiling" in text or " 25 of" in text or " 75 of" in text:
        say(text)


def stop(text: str) -> None:
    print(f"\n{text}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])

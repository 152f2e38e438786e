"""Packs programs that are built into what the Registries take: a zip for each platform, the manifest and the sums of all.

Usage: pack.py PROGRAMS OUTPUT [SBOM]

PROGRAMS has a folder for each target of Rust, such as x86_64-unknown-linux-musl, with the program in it. OUTPUT is made anew.
SBOM is what cargo-cyclonedx wrote. The same programs give the same bytes: entries are in one order, at one time and with one
mode, and nothing names the folder where they were built. Prints the path of the sums.
"""

import hashlib
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

NAME = "terraform-provider-ddrofs"

# What a release may be built for, in the Registries' words.
PLATFORMS = {
    "aarch64-apple-darwin": "darwin_arm64",
    "aarch64-unknown-linux-gnu": "linux_arm64",
    "aarch64-unknown-linux-musl": "linux_arm64",
    "x86_64-apple-darwin": "darwin_amd64",
    "x86_64-pc-windows-msvc": "windows_amd64",
    "x86_64-unknown-linux-gnu": "linux_amd64",
    "x86_64-unknown-linux-musl": "linux_amd64",
}

# The first time that a zip can name. No clock is asked, so that two builds are one.
TIME = (1980, 1, 1, 0, 0, 0)

MANIFEST = {"version": 1, "metadata": {"protocol_versions": ["5.0"]}}

ROOT = Path(__file__).resolve().parent.parent


def main(programs, output, sbom=None):
    version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.M)[1]
    output = Path(output)
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    release = f"{NAME}_{version}"
    for platform, program in found(Path(programs)).items():
        write_zip(output / f"{release}_{platform}.zip", version, program)
    write(output / f"{release}_manifest.json", json.dumps(MANIFEST, indent=2) + "\n")
    if sbom:
        write(output / f"{release}_sbom.cdx.json", without_folder(Path(sbom).read_text(encoding="utf-8")))
    sums = output / f"{release}_SHA256SUMS"
    write(sums, "".join(f"{digest(file)}  {file.name}\n" for file in sorted(output.iterdir())))
    print(sums)


def found(programs):
    """The programs by platform, in one order."""
    by_platform = {}
    for folder in sorted(programs.iterdir()):
        platform = PLATFORMS.get(folder.name)
        if platform is None:
            stop(f"{folder.name} is no target that a release is built for: {', '.join(sorted(PLATFORMS))}")
        if platform in by_platform:
            stop(f"{folder.name} and {by_platform[platform].parent.name} are both for {platform}: keep one of them")
        program = folder / (f"{NAME}.exe" if platform.startswith("windows_") else NAME)
        if not program.is_file():
            stop(f"{folder} has no {program.name}")
        by_platform[platform] = program
    if not by_platform:
        stop(f"{programs} has no program: `make binary` builds one")
    return dict(sorted(by_platform.items()))


def write_zip(path, version, program):
    entries = {
        "LICENSE": (ROOT / "LICENSE", 0o644),
        f"{NAME}_v{version}{program.suffix}": (program, 0o755),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, (file, mode) in sorted(entries.items()):
            entry = zipfile.ZipInfo(name, TIME)
            entry.create_system = 3  # Unix, wherever this runs: only there a mode means something.
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, file.read_bytes())


def without_folder(text):
    """An SBOM names the package by the folder that it was built in, and by its name only where the folder has another one."""
    text = text.replace(ROOT.as_uri(), "file://.")
    return re.sub(r"(file://\.#)(?=\d)", rf"\g<1>{NAME}@", text)


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write(path, text):
    path.write_text(text, encoding="utf-8", newline="\n")


def stop(problem):
    sys.exit(f"pack.py: {problem}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])

#!/usr/bin/env python3
"""Writes what the licences of the crates in the native library ask for, for the jar to carry.

    licenses.py FILE            writes the file
    licenses.py --check FILE    fails where the file is not what would be written

A crate that may be taken under Apache-2.0 is taken so; the jar has that text as META-INF/LICENSE.
"""

import json
import pathlib
import re
import subprocess
import sys

RULE = "\n" + "=" * 100 + "\n"


PLATFORMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def linked():
    """The crates that are linked into the library for any of its platforms, sorted."""
    names = set()
    for platform in PLATFORMS:
        tree = cargo("tree", "-e", "normal,no-proc-macro", "--prefix", "none", "--target", platform)
        # The first line is the library's own.
        names.update(tuple(line.split()[:2]) for line in tree.splitlines()[1:])
    packages = json.loads(cargo("metadata", "--format-version", "1"))["packages"]
    found = [package for package in packages if (package["name"], "v" + package["version"]) in names]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def cargo(*arguments):
    line = ["cargo", *arguments, "--locked"]
    return subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True).stdout


def may_be_apache(expression):
    if " AND " in expression:
        return False
    return "Apache-2.0" in re.split(r" OR |/", expression.strip("()"))


def texts(package, pattern):
    folder = pathlib.Path(package["manifest_path"]).parent
    return [
        (file.name, file.read_text(encoding="utf-8").rstrip())
        for file in sorted(folder.iterdir())
        if re.match(pattern, file.name, re.IGNORECASE) and file.is_file()
    ]


def document():
    crates = linked()
    lines = [
        "The native library in this jar (librustls_jvm.so) contains these crates of Rust, whose",
        "sources are published under these names.",
        "",
        "Under the Apache License, Version 2.0 (META-INF/LICENSE):",
        "",
    ]
    others, notices = [], []
    for crate in crates:
        name = f"{crate['name']} {crate['version']}"
        if may_be_apache(crate["license"]):
            lines.append(f"  {name}")
        else:
            others.append((name, crate))
        notices += [(name, *text) for text in texts(crate, "notice")]
    lines += ["", "Under licences of their own, which follow:", ""]
    lines += [f"  {name}: {crate['license']}" for name, crate in others]
    document = "\n".join(lines) + "\n"
    for name, crate in others:
        found = texts(crate, "licen[sc]e|copying")
        if not found:
            sys.exit(f"{name} has no text of its licence ({crate['license']})")
        for file, text in found:
            document += f"{RULE}{name}: {file}\n\n{text}\n"
    for name, file, text in notices:
        document += f"{RULE}{name}: {file}\n\n{text}\n"
    return document


def main():
    check = sys.argv[1:2] == ["--check"]
    file = pathlib.Path(sys.argv[-1])
    if not check:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(document(), encoding="utf-8")
    elif file.read_text(encoding="utf-8") != document():
        sys.exit(f"{file} is of other crates than Cargo.lock: run {sys.argv[0]} {file}")


main()

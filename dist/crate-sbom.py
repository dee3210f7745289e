#!/usr/bin/env python3
"""Writes what the native library consists of as a CycloneDX 1.5 document to standard output.

All of it is what `cargo metadata` and Cargo.lock say; the same lock gives the same document.
Crates that only build the library (build scripts' and procedural macros') have the scope
`excluded`; those that only test it are left out.
"""

import json
import re
import subprocess
import uuid

TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def metadata():
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for target in TARGETS:
        command += ["--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def checksums(lock):
    found = re.findall(r'name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(\w+)"', lock)
    return {(name, version): checksum for name, version, checksum in found}


def tree(edges):
    """Name and version of all that the library needs by dependencies of these kinds.

    Not by `cargo metadata`, which takes crates for used that only tests switch on.
    """
    command = ["cargo", "tree", "--locked", "--prefix", "none", "--edges", edges]
    for target in TARGETS:
        command += ["--target", target]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {(name, version) for name, version in re.findall(r"^(\S+) v(\S+)", lines, re.M)}


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, linked, checksum):
    described = {
        "type": "library",
        "bom-ref": purl(package),
        "name": package["name"],
        "version": package["version"],
        "scope": "required" if linked else "excluded",
        # Older manifests have a slash for what SPDX calls OR.
        "licenses": [{"expression": package["license"].replace("/", " OR ")}],
        "purl": purl(package),
    }
    if package["repository"]:
        described["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    if checksum:
        described["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return described


def main():
    with open("Cargo.lock", encoding="utf-8") as file:
        lock = file.read()
    known = metadata()
    packages = {package["id"]: package for package in known["packages"]}
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    root = known["resolve"]["root"]
    version = {key: (package["name"], package["version"]) for key, package in packages.items()}
    in_library, in_build = tree("normal,no-proc-macro"), tree("normal,build")
    used = {key for key in packages if version[key] in in_build}
    hashes = checksums(lock)
    by_name = sorted(used - {root}, key=lambda identifier: purl(packages[identifier]))
    components = [
        component(
            packages[identifier],
            version[identifier] in in_library,
            hashes.get(version[identifier]),
        )
        for identifier in by_name
    ]
    dependencies = [
        {
            "ref": purl(packages[identifier]),
            "dependsOn": sorted(
                purl(packages[dependency["pkg"]])
                for dependency in nodes[identifier]["deps"]
                if dependency["pkg"] in used
                and any(kind["kind"] != "dev" for kind in dependency["dep_kinds"])
            ),
        }
        for identifier in [root, *by_name]
    ]
    own = component(packages[root], True, None)
    del own["scope"]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, lock).urn,
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": dependencies,
    }
    print(json.dumps(document, indent=2))


main()

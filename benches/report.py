#!/usr/bin/env python3
"""Writes the tables and the chart of docs/performance.md from what the benchmarks left.

Usage: report.py RESULTS [--criterion FOLDER] [--write DOCS] [--targets]

RESULTS holds jmh*.json (JMH's own format, one for each round), idle.jsonl and flink.jsonl (a JSON
object per line); what is missing is left out. Criterion's folder holds a baseline for each round.
Without --write the tables go to the output.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

PEERS = ["JDK", "JDK_ACCP", "OPENSSL", "CONSCRYPT", "RUSTLS"]
NAMES = {
    "JDK": "JDK",
    "JDK_ACCP": "JDK + ACCP",
    "OPENSSL": "OPENSSL",
    "CONSCRYPT": "Conscrypt",
    "RUSTLS": "RUSTLS",
    "NONE": "plaintext",
}
BEGIN = "<!-- generated: begin -->"
END = "<!-- generated: end -->"


class Results:
    """Everything that was measured, by benchmark and parameters."""

    def __init__(self, folder, criterion):
        self.jmh = {}
        self.latency = {}
        self.load_jmh(sorted(folder.glob("jmh*.json")))
        self.idle = {}
        for row in lines(folder / "idle.jsonl"):
            self.idle.setdefault(row["protocol"], {})[row["peer"]] = row
        self.flink = {}
        for row in lines(folder / "flink.jsonl"):
            self.flink.setdefault(row["provider"], []).append(row)
        self.criterion = criterion

    def load_jmh(self, files):
        raw, percentiles = {}, {}
        for run in (run for file in files for run in json.loads(file.read_text())):
            name = run["benchmark"].split(".")[-2]
            key = (name,) + tuple(sorted(run["params"].items()))
            metric = run["primaryMetric"]
            if run["mode"] == "sample":
                percentiles.setdefault(key, []).append(metric["scorePercentiles"])
            else:
                raw.setdefault(key, []).extend(x for fork in metric["rawData"] for x in fork)
        self.jmh = {key: statistics.median(values) for key, values in raw.items()}
        self.latency = {
            key: tuple(statistics.median(run[p] for run in runs) for p in ("50.0", "99.0"))
            for key, runs in percentiles.items()
        }

    def get(self, name, peer, **params):
        """Operations per second (the median of all iterations of all rounds), or None."""
        return self.jmh.get((name,) + tuple(sorted({**params, "peer": peer}.items())))

    def all(self, name, **params):
        return {p: v for p in PEERS if (v := self.get(name, p, **params)) is not None}

    def latencies(self, **params):
        key = ("NettyLatencyBenchmark",)
        found = {}
        for peer in PEERS:
            value = self.latency.get(key + tuple(sorted({**params, "peer": peer}.items())))
            if value is not None:
                found[peer] = value
        return found

    def rust(self, group, function):
        """Seconds of one iteration (the median of the rounds' medians), or None."""
        slug = "".join("_" if c in '?"/\\*<>:|^' else c for c in group)
        rounds = (self.criterion / slug / function).glob("round*/estimates.json")
        medians = [json.loads(file.read_text())["median"]["point_estimate"] for file in rounds]
        return statistics.median(medians) / 1e9 if medians else None


def lines(file):
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]


def number(value):
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def table(head, rows):
    out = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    out += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(out) + "\n"


def compare(title, unit, rows, peers=None, extra=()):
    """A table of what each peer reached, and how many times of that ours did."""
    peers = peers or PEERS
    present = [p for p in peers if any(p in values for _, values in rows)]
    if not present:
        return ""
    head = [unit] + [NAMES[p] for p in present] + [name for name, _ in extra]
    body = []
    for label, values in rows:
        ours = values.get("RUSTLS")
        cells = [label]
        for peer in present:
            cell = number(values.get(peer))
            if peer != "RUSTLS" and ours and values.get(peer):
                cell += f" (×{ours / values[peer]:.2f})"
            elif peer == "RUSTLS":
                cell = f"**{cell}**"
            cells.append(cell)
        for _, function in extra:
            cells.append(function(label, values))
        body.append(cells)
    return f"### {title}\n\n" + table(head, body) + "\n"


def scaled(values, factor):
    return {peer: value * factor for peer, value in values.items()}


def records(results):
    def bulk(protocol, cipher, buffers):
        values = results.all(
            "RecordBenchmark", protocol=protocol, cipher=cipher, buffers=buffers, size="16384"
        )
        return scaled(values, 16384 / 1e9)

    def small(protocol, buffers):
        values = results.all(
            "RecordBenchmark", protocol=protocol, cipher="AES_128_GCM", buffers=buffers, size="256"
        )
        return scaled(values, 1e-6)

    rows = []
    for protocol, cipher, buffers in [
        ("TLSv1.2", "AES_128_GCM", "direct"),
        ("TLSv1.3", "AES_128_GCM", "direct"),
        ("TLSv1.2", "AES_128_GCM", "heap"),
        ("TLSv1.3", "AES_128_GCM", "heap"),
        ("TLSv1.2", "AES_256_GCM", "direct"),
        ("TLSv1.2", "CHACHA20_POLY1305", "direct"),
    ]:
        values = bulk(protocol, cipher, buffers)
        if values:
            rows.append((f"{protocol} {cipher} {buffers}", values))

    def bare(label, values):
        protocol, cipher, _ = label.split()
        time = results.rust(rust_group(protocol, cipher, 16384), "bare AEAD")
        ours = values.get("RUSTLS")
        return f"{16384 / time / 1e9:.2f} (×{ours / (16384 / time / 1e9):.2f})" if time and ours else "–"

    text = compare(
        "Records of 16 KiB, sealed and opened", "GB/s", rows, extra=[("bare AEAD", bare)]
    )
    rows = [
        (f"{protocol} AES_128_GCM {buffers}", values)
        for protocol, buffers in [("TLSv1.2", "direct"), ("TLSv1.3", "direct"), ("TLSv1.2", "heap")]
        if (values := small(protocol, buffers))
    ]
    return text + compare("Records of 256 bytes, sealed and opened", "million/s", rows)


def rust_group(protocol, cipher, size):
    return f"{protocol.replace('TLSv', 'TLS ')} {cipher} {size} B"


def handshakes(results):
    text = ""
    for kind in ("full", "resumed"):
        rows = []
        for protocol, group, label in [
            ("TLSv1.2", "x25519", "TLSv1.2"),
            ("TLSv1.3", "x25519", "TLSv1.3"),
            ("TLSv1.3", "X25519MLKEM768", "TLSv1.3 X25519MLKEM768"),
        ]:
            for key in ("RSA_2048", "RSA_4096", "P_256"):
                values = handshake(results, protocol, key, kind, group)
                if values:
                    rows.append((f"{label} {key.replace('_', '-')}", values))

        def alone(label, values, kind=kind):
            time = results.rust(f"{label.replace('TLSv', 'TLS ')} {kind}", "rustls")
            ours = values.get("RUSTLS")
            return f"{number(1 / time)} (×{ours * time:.2f})" if time and ours else "–"

        text += compare(
            f"Mutual handshakes, {kind}", "connections/s", rows, extra=[("rustls alone", alone)]
        )
    return text


def handshake(results, protocol, key, kind, group="x25519"):
    return results.all("HandshakeBenchmark", protocol=protocol, key=key, kind=kind, group=group)


def netty(results):
    rows = []
    for protocol, transport in [("TLSv1.2", "nio"), ("TLSv1.2", "epoll"), ("TLSv1.3", "epoll")]:
        values = results.all("NettyThroughputBenchmark", protocol=protocol, transport=transport)
        if values:
            rows.append((f"{protocol} {transport}", scaled(values, 32768 / 1e9)))
    text = compare("Netty on loopback, writes of 32 KiB", "GB/s", rows)

    found = {t: results.latencies(protocol="TLSv1.2", transport=t) for t in ("nio", "epoll")}
    present = [p for p in PEERS if any(p in values for values in found.values())]
    if present:
        body = [
            [f"TLSv1.2 {transport}"]
            + [
                f"{values[p][0]:.0f} / {values[p][1]:.0f}" if p in values else "–"
                for p in present
            ]
            for transport, values in found.items()
            if values
        ]
        text += "### Netty on loopback, 256 bytes there and back\n\n"
        text += table(["µs, p50 / p99"] + [NAMES[p] for p in present], body) + "\n"
    rows = []
    for protocol in ("TLSv1.2", "TLSv1.3"):
        values = results.all("SocketBenchmark", protocol=protocol)
        if values:
            rows.append((protocol, scaled(values, 65536 / 1e9)))
    return text + compare("Sockets on loopback, writes of 64 KiB", "GB/s", rows)


def memory(results):
    if not results.idle:
        return ""
    body = []
    for protocol, rows in results.idle.items():
        ours = total(rows.get("RUSTLS"))
        for peer in PEERS:
            row = rows.get(peer)
            if row:
                ratio = f"×{ours / total(row):.2f}" if ours else "–"
                cells = [row["heap"] / 1024, row["native"] / 1024, total(row) / 1024]
                label = f"{protocol} {NAMES[peer]}"
                body.append([label] + [f"{cell:.1f}" for cell in cells] + [ratio])
    count = max(row["connections"] for rows in results.idle.values() for row in rows.values())
    return (
        f"### Memory of an idle connection\n\nOne end of {count:,} that moved a record each way.\n\n"
        + table(["KiB", "Java heap", "native", "together", "RUSTLS to it"], body)
        + "\n"
    )


def total(row):
    return row["heap"] + row["native"] if row else None


def flink_medians(results):
    return {
        provider: (
            statistics.median(row["records"] / row["seconds"] for row in rows),
            statistics.median(row["cpuSeconds"] for row in rows),
        )
        for provider, rows in results.flink.items()
    }


def flink(results):
    medians = flink_medians(results)
    if not medians:
        return ""
    ours = medians.get("RUSTLS")
    body = []
    for provider in ["NONE"] + PEERS:
        if provider in medians:
            speed, cpu = medians[provider]
            body.append(
                [
                    NAMES[provider],
                    number(speed),
                    f"{cpu:.1f}",
                    f"×{ours[0] / speed:.2f}" if ours else "–",
                    f"×{ours[1] / cpu:.2f}" if ours else "–",
                ]
            )
    head = ["provider", "records/s", "CPU s", "RUSTLS to it, records/s", "RUSTLS to it, CPU s"]
    return "### Flink's shuffle, one JobManager and two TaskManagers\n\n" + table(head, body) + "\n"


def targets(results):
    """The ratios that this project set itself."""
    rows = []

    def add(what, ours, peer, wanted, at_most=False):
        if ours and peer:
            ratio = ours / peer
            good = ratio <= wanted if at_most else ratio >= wanted
            sign = "≤" if at_most else "≥"
            rows.append([what, f"{ratio:.2f}", f"{sign} {wanted}", "yes" if good else "**no**"])

    def record(protocol, buffers, size):
        return results.all(
            "RecordBenchmark",
            protocol=protocol,
            cipher="AES_128_GCM",
            buffers=buffers,
            size=str(size),
        )

    for protocol in ("TLSv1.2", "TLSv1.3"):
        values = record(protocol, "direct", 16384)
        ours = values.get("RUSTLS")
        add(f"16 KiB direct, {protocol}, to JDK", ours, values.get("JDK"), 3.2)
        add(f"16 KiB direct, {protocol}, to OPENSSL", ours, values.get("OPENSSL"), 1.25)
        time = results.rust(rust_group(protocol, "AES_128_GCM", 16384), "bare AEAD")
        add(f"16 KiB direct, {protocol}, to the bare AEAD", ours, time and 1 / time, 0.93)
    for protocol in ("TLSv1.2", "TLSv1.3"):
        values = record(protocol, "heap", 16384)
        for peer, wanted in (("JDK", 2.5), ("OPENSSL", 1.5), ("JDK_ACCP", 1.3)):
            what = f"16 KiB heap, {protocol}, to {NAMES[peer]}"
            add(what, values.get("RUSTLS"), values.get(peer), wanted)
    for protocol in ("TLSv1.2", "TLSv1.3"):
        values = record(protocol, "direct", 256)
        for peer, wanted in (("JDK", 3.5), ("OPENSSL", 2)):
            add(f"256 B, {protocol}, to {peer}", values.get("RUSTLS"), values.get(peer), wanted)
    for protocol in ("TLSv1.2", "TLSv1.3"):
        values = handshake(results, protocol, "RSA_2048", "full")
        ours = values.get("RUSTLS")
        what = f"handshakes RSA-2048, {protocol}, to "
        add(what + "JDK", ours, values.get("JDK"), 4.5)
        add(what + "OPENSSL", ours, values.get("OPENSSL"), 3)
        time = results.rust(f"{protocol.replace('TLSv', 'TLS ')} RSA-2048 full", "rustls")
        add(what + "rustls alone", ours, time and 1 / time, 0.9)
    values = results.all("NettyThroughputBenchmark", protocol="TLSv1.2", transport="epoll")
    for peer, wanted in (("JDK", 1.8), ("OPENSSL", 1.15)):
        add(f"Netty epoll, to {peer}", values.get("RUSTLS"), values.get(peer), wanted)
    for protocol, idle in results.idle.items():
        ours = total(idle.get("RUSTLS"))
        for peer, wanted in (("OPENSSL", 0.5), ("JDK", 0.33)):
            what = f"idle memory, {protocol}, to {peer}"
            add(what, ours, total(idle.get(peer)), wanted, at_most=True)
    medians = flink_medians(results)
    for peer, wanted in (("JDK", 0.75), ("OPENSSL", 1)):
        if "RUSTLS" in medians and peer in medians:
            what = f"CPU seconds of Flink's shuffle, to {peer}"
            add(what, medians["RUSTLS"][1], medians[peer][1], wanted, at_most=True)
    if not rows:
        return ""
    head = ["RUSTLS", "ratio", "to reach", "reached"]
    return "### What was to be reached\n\n" + table(head, rows) + "\n"


def chart(results):
    """Bars of what each peer reached, as parts of the best."""
    panels = []

    def panel(title, unit, values):
        if "RUSTLS" in values:
            panels.append((title, unit, values))

    for buffers in ("direct", "heap"):
        values = results.all(
            "RecordBenchmark",
            protocol="TLSv1.2",
            cipher="AES_128_GCM",
            buffers=buffers,
            size="16384",
        )
        panel(f"16 KiB records, {buffers} buffers", "GB/s", scaled(values, 16384 / 1e9))
    values = results.all(
        "RecordBenchmark", protocol="TLSv1.2", cipher="AES_128_GCM", buffers="direct", size="256"
    )
    panel("256 B records", "million/s", scaled(values, 1e-6))
    values = handshake(results, "TLSv1.2", "RSA_2048", "full")
    panel("Mutual handshakes, RSA-2048", "/s", values)
    values = results.all("NettyThroughputBenchmark", protocol="TLSv1.2", transport="epoll")
    panel("Netty on loopback, epoll", "GB/s", scaled(values, 32768 / 1e9))
    idle = results.idle.get("TLSv1.2", {})
    panel("Idle connection (less is better)", "KiB", {p: total(r) / 1024 for p, r in idle.items()})

    columns, width, bar, gap = 2, 420, 18, 6
    height = 46 + len(PEERS) * (bar + gap)
    rows = (len(panels) + columns - 1) // columns
    colours = dict(zip(PEERS, ["#9aa5b1", "#7b8794", "#5b8def", "#c5a34f", "#d9480f"]))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" '
        f'height="{rows * height + 10}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for index, (title, unit, values) in enumerate(panels):
        x, y = 16 + (index % columns) * width, 22 + (index // columns) * height
        out.append(f'<text x="{x}" y="{y}" font-weight="bold">{title}</text>')
        best = max(values.values())
        for row, peer in enumerate(p for p in PEERS if p in values):
            top = y + 12 + row * (bar + gap)
            length = max(1, round(values[peer] / best * (width - 230)))
            out.append(f'<text x="{x}" y="{top + 13}">{NAMES[peer]}</text>')
            out.append(
                f'<rect x="{x + 84}" y="{top}" width="{length}" height="{bar}" '
                f'fill="{colours[peer]}"/>'
            )
            out.append(
                f'<text x="{x + 90 + length}" y="{top + 13}">{number(values[peer])} {unit}</text>'
            )
    return "\n".join(out + ["</svg>"]) + "\n"


def write(docs, text, picture):
    page = docs / "performance.md"
    old = page.read_text()
    if BEGIN not in old or END not in old:
        sys.exit(f"{page} lacks the marks that the tables go between")
    head, rest = old.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    image = "![What each provider reached](performance.svg)"
    page.write_text(f"{head}{BEGIN}\n\n{image}\n\n{text}{END}{tail}")
    (docs / "performance.svg").write_text(picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--criterion", type=Path, default=Path("target/criterion"))
    parser.add_argument("--write", type=Path)
    parser.add_argument("--targets", action="store_true", help="only what was to be reached")
    arguments = parser.parse_args()
    results = Results(arguments.results, arguments.criterion)
    if arguments.targets:
        print(targets(results))
        return
    parts = [targets, records, handshakes, netty, memory, flink]
    text = "".join(part(results) for part in parts)
    if arguments.write:
        write(arguments.write, text, chart(results))
    else:
        print(text)


main()

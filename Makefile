# Everything is built by cargo and Maven; this puts them in order.

PROVIDER  ?= RUSTLS
PROTOCOL  ?= TLSv1.2
GIGABYTES ?= 5
# An unpacked Flink; without it the demo takes Flink's modules from Maven.
FLINK_HOME ?=

VERSION    := 0.1.0
TARGET     := $(abspath $(or $(CARGO_TARGET_DIR),target))
NATIVE     := $(TARGET)/release
MAVEN      := mvn -B -ntp -f java/pom.xml -Dnative.dir=$(NATIVE)
PLUGIN     := java/flink/target/flink-rustls-$(VERSION).jar
DEMO       := java/demo/target/rustls-jvm-demo-$(VERSION)
FLINK_JARS := $(if $(FLINK_HOME),$(FLINK_HOME)/lib,java/demo/target/flink-lib)

BENCH      := java/bench/target/rustls-jvm-bench-$(VERSION)
RESULTS    := $(TARGET)/bench
# Idle connections to measure, gigabytes that Flink's job shuffles.
IDLE       ?= 10000
SHUFFLE    ?= 6
JMH        := java -Dbench.stores=$(RESULTS)/stores -jar $(BENCH).jar
# Room for all connections, touched beforehand: what the process grows by then is native memory.
# They idle for longer than RUSTLS takes to see that they do.
IDLE_JAVA  := java -Xms4g -Xmx4g -XX:+UseParallelGC -XX:+AlwaysPreTouch -Dbench.idle.seconds=8 \
  --add-opens=java.base/java.net=ALL-UNNAMED -Dbench.stores=$(RESULTS)/stores \
  -cp $(BENCH).jar io.rustlsjvm.bench.IdleMemory
CRITERION  := --warm-up-time 0.5 --measurement-time 1.5
REPORT     := python3 benches/report.py $(RESULTS) --criterion $(TARGET)/criterion

.PHONY: help build native demo test test-rust test-java lint clean
.PHONY: bench bench-quick bench-build bench-round bench-idle bench-flink

help:
	@echo 'make build   the native library, and $(PLUGIN)'
	@echo 'make demo    a Flink cluster with TLS everywhere, and a job that shuffles gigabytes'
	@echo '             PROVIDER=RUSTLS|JDK  PROTOCOL=TLSv1.2|TLSv1.3  GIGABYTES=5  FLINK_HOME=folder'
	@echo 'make test    all tests, of Rust and of Java'
	@echo 'make lint    formatters and linters'
	@echo 'make bench   all benchmarks beside their peers, into docs/performance.md (half an hour)'
	@echo 'make bench-quick   what was to be reached, as a table (five minutes)'
	@echo 'make clean   removes what was built'

native:
	cargo build --release --locked --lib

build: native
	$(MAVEN) -q package -Dmaven.test.skip=true -pl flink,demo -am

demo: build
	@java -jar $(DEMO).jar --provider $(PROVIDER) --protocol $(PROTOCOL) --gigabytes $(GIGABYTES) \
	  --flink $(FLINK_JARS) --plugin $(PLUGIN) --job $(DEMO)-job.jar --work java/demo/target/run

test: test-rust test-java

test-rust:
	cargo test --locked

test-java: native
	$(MAVEN) verify

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	$(MAVEN) -q -Pbench spotless:check
	$(MAVEN) -q -Pbench test-compile

bench-build: native
	$(MAVEN) -q -Pbench package -Dmaven.test.skip=true -pl bench,flink,demo -am
	cargo bench --locked --no-run

# The peers in Java and those in Rust by turns, so that a machine that changes its speed favours none.
bench: bench-build
	rm -rf $(RESULTS)/*.json* $(TARGET)/criterion && mkdir -p $(RESULTS)
	$(MAKE) bench-round PLAN=targets ROUND=1
	$(MAKE) bench-idle bench-flink
	$(MAKE) bench-round PLAN=targets ROUND=2
	$(JMH) rest $(RESULTS)/jmh-rest.json
	cargo bench --locked --bench record --bench handshake -- $(CRITERION) --save-baseline round3
	$(REPORT) --write docs
	$(REPORT) --targets

bench-quick: bench-build
	rm -rf $(RESULTS)/*.json* $(TARGET)/criterion && mkdir -p $(RESULTS)
	$(MAKE) bench-round PLAN=quick ROUND=1
	$(REPORT) --targets

bench-round:
	cargo bench --locked --bench record -- $(CRITERION) --save-baseline round$(ROUND)a 'AES_128_GCM 16384 B'
	$(JMH) $(PLAN) $(RESULTS)/jmh-$(ROUND).json
	cargo bench --locked --bench record -- $(CRITERION) --save-baseline round$(ROUND)b 'AES_128_GCM 16384 B'
	cargo bench --locked --bench handshake -- $(CRITERION) --save-baseline round$(ROUND)b 'RSA-2048 full'

bench-idle:
	for protocol in TLSv1.2 TLSv1.3; do for peer in JDK OPENSSL CONSCRYPT RUSTLS; do \
	  $(IDLE_JAVA) $$peer $$protocol $(IDLE) $(RESULTS)/idle.jsonl || exit 1; done; done

bench-flink:
	java -cp $(BENCH).jar io.rustlsjvm.bench.FlinkJob $(FLINK_JARS) $(DEMO)-job.jar $(PLUGIN) \
	  $(BENCH)-flink-tcnative.jar java/bench/target/flink $(SHUFFLE) 1 $(RESULTS)/flink.jsonl

clean:
	cargo clean
	$(MAVEN) -q -Pbench clean

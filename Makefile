# Everything is built by cargo and Maven; this puts them in order.

PROVIDER  ?= RUSTLS
PROTOCOL  ?= TLSv1.2
GIGABYTES ?= 5
# An unpacked Flink; without it the demo takes Flink's modules from Maven.
FLINK_HOME ?=

# What test-matrix runs: other Javas, another Netty, and cells such as 2.1.3/ (on all of them) or 2.3.0/21,1.20.5/11.
JAVAS     ?= 11 21 25
CELLS     ?= all
NETTY     ?= 4.2.6.Final

VERSION    := 0.1.0
LICENSES   := java/jsse/src/main/resources/META-INF/licenses/native-library.txt
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
SHUFFLE    ?= 4
JMH        := java -Dbench.stores=$(RESULTS)/stores -jar $(BENCH).jar
# Room for all connections, touched beforehand: what the process grows by then is native memory.
# They idle for longer than RUSTLS takes to see that they do.
IDLE_JAVA  := java -Xms4g -Xmx4g -XX:+UseParallelGC -XX:+AlwaysPreTouch -Dbench.idle.seconds=4 \
  --add-opens=java.base/java.net=ALL-UNNAMED -Dbench.stores=$(RESULTS)/stores \
  -cp $(BENCH).jar io.rustlsjvm.bench.IdleMemory
CRITERION  := --warm-up-time 0.3 --measurement-time 1
CEILING    := cargo bench --locked --bench record -- $(CRITERION) --save-baseline
REPORT     := python3 benches/report.py $(RESULTS) --criterion $(TARGET)/criterion

# Connections that come and go in every way; nothing may grow.
SOAK         := $(TARGET)/soak
SOAK_MINUTES ?= 30

# The jar for every platform: built with an old glibc to link to, which every system has.
DIST       := $(TARGET)/dist
DIST_GLIBC := 2.17
DIST_TOOLS := $(DIST)/tools
DIST_MAVEN := mvn -B -ntp -f java/pom.xml -Pdist -Dnative.dir=$(DIST)/native/linux-x86_64 \
  -Dnative.platform=linux-x86_64 -Ddist.native=$(DIST)/native
# A library of another day must not get into the next jar.
DIST_CLEAN := rm -rf java/jsse/target/classes/io/rustlsjvm/native

# Licences, sources and vulnerabilities of the crates. Unoptimised, it is there in half the time.
DENY_VERSION := 0.20.2
DENY_ROOT  := $(TARGET)/tools/cargo-deny-$(DENY_VERSION)
DENY       := $(DENY_ROOT)/bin/cargo-deny

# Fuzzing wants a nightly compiler; what is found new is kept in FUZZ_CORPUS, the seeds are few.
FUZZ_VERSION := 0.13.2
FUZZ_ROOT  := $(TARGET)/tools/cargo-fuzz-$(FUZZ_VERSION)
FUZZ_CORPUS := $(TARGET)/fuzz/corpus
FUZZ       := PATH=$(FUZZ_ROOT)/bin:$$PATH cargo +nightly fuzz
# Links nothing, so the fuzzer itself, in C++, need not be built.
FUZZ_CLIPPY := CUSTOM_LIBFUZZER_PATH=$(TARGET)/libfuzzer.a cargo clippy --locked \
               --manifest-path fuzz/Cargo.toml --target-dir $(TARGET)
FUZZ_TARGETS ?= $(notdir $(wildcard fuzz/seeds/*))
FUZZ_SECONDS ?= 3600

# Tests that the address sanitizer watches: all but those that bring a malloc of their own.
UNSANITIZED := secrets idle_memory
SANITIZE ?= --lib $(foreach test,$(filter-out $(UNSANITIZED),\
              $(patsubst tests/%/main.rs,%,$(wildcard tests/*/main.rs)) \
              $(patsubst tests/%.rs,%,$(wildcard tests/*.rs))),--test $(test))

.PHONY: help build native demo test tools-demo tools-test test-rust test-java test-matrix test-javas test-flinks test-netty lint clean
.PHONY: dist dist-native dist-sbom dist-test advisories fuzz fuzz-smoke
.PHONY: bench bench-quick bench-build bench-round bench-idle bench-flink soak soak-report sanitize

help:
	@echo 'make build   the native library, and $(PLUGIN)'
	@echo 'make demo    a Flink cluster with TLS everywhere, and a job that shuffles gigabytes'
	@echo '             PROVIDER=RUSTLS|JDK  PROTOCOL=TLSv1.2|TLSv1.3  GIGABYTES=5  FLINK_HOME=folder'
	@echo 'make test    all tests, of Rust and of Java'
	@echo 'make test-matrix   the tests with every Flink and every Java (three quarters of an hour)'
	@echo 'make dist    the jar with the libraries for x86-64 and aarch64, into $(DIST)'
	@echo 'make dist-test     these libraries, the one for aarch64 in an emulated Java'
	@echo 'make lint    formatters and linters, and what the crates may be'
	@echo 'make advisories    known vulnerabilities of the crates (needs the net)'
	@echo 'make fuzz-smoke    a minute of fuzzing for each target (a nightly Rust); make fuzz: an hour'
	@echo 'make bench   all benchmarks beside their peers, into docs/performance.md (half an hour)'
	@echo 'make bench-quick   what was to be reached, as a table (five minutes)'
	@echo 'make soak    connections that come and go, a million in SOAK_MINUTES=30: nothing may grow'
	@echo 'make sanitize      the tests of Rust with AddressSanitizer (a nightly Rust)'
	@echo 'make clean   removes what was built'

native:
	cargo build --release --locked --lib

build: native
	$(MAVEN) -q package -Dmaven.test.skip=true -pl flink,demo -am

demo: tools-demo build
	@java -jar $(DEMO).jar --provider $(PROVIDER) --protocol $(PROTOCOL) --gigabytes $(GIGABYTES) \
	  --flink $(FLINK_JARS) --plugin $(PLUGIN) --job $(DEMO)-job.jar --work java/demo/target/run

test: tools-test test-rust test-java

tools-demo tools-test:
	@.ci/tools $(@:tools-%=%)

test-rust:
	cargo test --locked

test-java: native
	$(MAVEN) verify

# Java 17 and Flink 2.3.0 are what everything else is tested with.
test-matrix: test-javas test-flinks test-netty

# One test needs the JDK's HTTP server, which not every runtime has.
test-javas: native
	for java in $(JAVAS); do \
	  home=$$(java/it/java-runtime.sh $$java) || exit 1; \
	  without=; $$home/bin/java --list-modules | grep -q jdk.httpserver || without='-Dsurefire.excludes=**/HttpTest.java'; \
	  $(MAVEN) test -pl jsse,netty -am -Djvm=$$home/bin/java $$without || exit 1; \
	done

test-flinks: native
	$(MAVEN) verify -pl it -am -Dit.test=DistributionIT -Dit.matrix=$(CELLS) \
	  -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false

# With the Netty of Flink 2, and its own tests.
test-netty: native
	$(MAVEN) test -pl netty -am -Pnetty-4.2 -Dnetty.version=$(NETTY) \
	  -Dtest='io.netty.handler.ssl.*Test,io.rustlsjvm.netty.*Test' -Dsurefire.failIfNoSpecifiedTests=false

$(DIST_TOOLS)/bin/cargo-zigbuild: dist/requirements.txt
	python3 -m venv $(DIST_TOOLS)
	$(DIST_TOOLS)/bin/pip install -q --disable-pip-version-check -r dist/requirements.txt
	rustup -q target add x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
	touch $@

dist-native: $(DIST_TOOLS)/bin/cargo-zigbuild
	for machine in x86_64 aarch64; do \
	  PATH=$(DIST_TOOLS)/bin:$$PATH cargo zigbuild --release --locked --lib \
	    --target $$machine-unknown-linux-gnu.$(DIST_GLIBC) && \
	  install -D $(TARGET)/$$machine-unknown-linux-gnu/release/librustls_jvm.so \
	    $(DIST)/native/linux-$$machine/librustls_jvm.so || exit 1; \
	done
	dist/check-library.sh $(DIST_GLIBC) X86-64 $(DIST)/native/linux-x86_64/librustls_jvm.so
	dist/check-library.sh $(DIST_GLIBC) AArch64 $(DIST)/native/linux-aarch64/librustls_jvm.so

dist: dist-native dist-sbom
	$(DIST_MAVEN) -q clean package -Dmaven.test.skip=true -pl flink -am
	cp $(PLUGIN) java/flink/target/flink-rustls-$(VERSION).cdx.json $(DIST)/
	$(DIST_CLEAN)
	@unzip -l $(DIST)/$(notdir $(PLUGIN)) | grep '\.so$$'

# What is in the native library; what is in the jar comes from Maven.
dist-sbom:
	mkdir -p $(DIST)
	dist/crate-sbom.py >$(DIST)/rustls-jvm-$(VERSION).cdx.json

# The libraries that users get: that of this machine, and the other one as far as emulation is quick.
dist-test: dist-native
	$(DIST_MAVEN) test -pl jsse
	$(DIST_MAVEN) test -pl jsse -Djvm=$$(dist/emulated-java.sh $(DIST))/bin/java \
	  -Djunit.jupiter.execution.timeout.mode=disabled \
	  -Dtest='RustlsLibraryTest,EngineHandshakeTest,EngineContractTest,NativeStoreTest'
	$(DIST_CLEAN)

$(DENY):
	CARGO_PROFILE_DEV_DEBUG=0 cargo install -q --debug --locked --root $(DENY_ROOT) \
	  cargo-deny@$(DENY_VERSION)

advisories: $(DENY)
	@.ci/advisories $(DENY)

lint: $(DENY)
	cargo fmt --check
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	cargo clippy --locked --all-targets -- -D warnings
	$(FUZZ_CLIPPY) -- -D warnings
	dist/licenses.py --check $(LICENSES)
	$(DENY) --locked --log-level error check bans licenses sources
	$(MAVEN) -q -Pbench spotless:check
	$(MAVEN) -q -Pbench test-compile

$(FUZZ_ROOT)/bin/cargo-fuzz:
	CARGO_PROFILE_DEV_DEBUG=0 cargo install -q --debug --locked --root $(FUZZ_ROOT) \
	  cargo-fuzz@$(FUZZ_VERSION)
	rustup -q toolchain install nightly --profile minimal

fuzz: $(FUZZ_ROOT)/bin/cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
	  mkdir -p $(FUZZ_CORPUS)/$$target && \
	  $(FUZZ) run -O --target-dir $(TARGET)/fuzz $$target $(FUZZ_CORPUS)/$$target fuzz/seeds/$$target \
	    -- -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
	  || exit 1; \
	done

fuzz-smoke:
	$(MAKE) fuzz FUZZ_SECONDS=60

bench-build: native
	$(MAVEN) -q -Pbench package -Dmaven.test.skip=true -pl bench,flink,demo -am
	cargo bench --locked --no-run

# The peers in Java and those in Rust by turns, so that a machine that changes its speed favours none.
bench: bench-build
	rm -rf $(RESULTS)/*.json* $(TARGET)/criterion && mkdir -p $(RESULTS)
	$(MAKE) bench-round PLAN=targets ROUND=1
	$(MAKE) bench-idle bench-flink
	$(JMH) quick $(RESULTS)/jmh-idle-netty.json NettyThroughputBenchmark
	$(MAKE) bench-round PLAN=quick ROUND=2
	$(JMH) rest $(RESULTS)/jmh-rest.json
	cargo bench --locked --bench record --bench handshake -- $(CRITERION) --save-baseline round3
	$(REPORT) --write docs
	$(REPORT) --targets

bench-quick: bench-build
	rm -rf $(RESULTS)/*.json* $(TARGET)/criterion && mkdir -p $(RESULTS)
	$(MAKE) bench-round PLAN=quick ROUND=1
	$(REPORT) --targets

# What is compared with the bare AEAD is measured between two measurements of that.
bench-round:
	for protocol in 1.2 1.3; do \
	  $(CEILING) round$(ROUND)a "TLS $$protocol AES_128_GCM 16384 B/bare" && \
	  $(JMH) $(PLAN) $(RESULTS)/jmh-$(ROUND)-$$protocol.json protocol=TLSv$$protocol 'direct size=16384' && \
	  $(CEILING) round$(ROUND)b "TLS $$protocol AES_128_GCM 16384 B/bare" || exit 1; \
	done
	for part in buffers=heap size=256 HandshakeBenchmark NettyThroughputBenchmark; do \
	  $(JMH) $(PLAN) $(RESULTS)/jmh-$(ROUND)-$$part.json $$part || exit 1; \
	done
	cargo bench --locked --bench handshake -- $(CRITERION) --save-baseline round$(ROUND) 'RSA-2048 full'

bench-idle:
	for protocol in TLSv1.2 TLSv1.3; do for peer in JDK OPENSSL RUSTLS; do \
	  $(IDLE_JAVA) $$peer $$protocol $(IDLE) $(RESULTS)/idle.jsonl || exit 1; done; done

bench-flink:
	java -cp $(BENCH).jar io.rustlsjvm.bench.FlinkJob $(FLINK_JARS) $(DEMO)-job.jar $(PLUGIN) \
	  $(BENCH)-flink-tcnative.jar java/bench/target/flink $(SHUFFLE) 1 $(RESULTS)/flink.jsonl

soak: native
	$(MAVEN) -q -Pbench package -Dmaven.test.skip=true -pl bench,flink,demo -am
	mkdir -p $(SOAK)
	java -Xms512m -Xmx512m -XX:+UseSerialGC -XX:+AlwaysPreTouch -XX:NativeMemoryTracking=summary \
	  -Dbench.stores=$(SOAK)/stores \
	  -cp $(BENCH).jar io.rustlsjvm.bench.Soak $(SOAK_MINUTES) $(SOAK)/soak.csv

# The last run, into docs/soak.md.
soak-report:
	python3 benches/soak.py $(SOAK)/soak.csv docs

# Leaks count, too. What is compiled of C, AWS-LC, is watched at its calls of the allocator only.
sanitize:
	CARGO_PROFILE_DEV_DEBUG=1 RUSTFLAGS=-Zsanitizer=address cargo +nightly test --locked \
	  --target x86_64-unknown-linux-gnu --target-dir $(TARGET)/asan $(SANITIZE)

clean:
	cargo clean
	$(MAVEN) -q -Pbench clean

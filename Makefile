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

.PHONY: help build native demo test test-rust test-java lint clean

help:
	@echo 'make build   the native library, and $(PLUGIN)'
	@echo 'make demo    a Flink cluster with TLS everywhere, and a job that shuffles gigabytes'
	@echo '             PROVIDER=RUSTLS|JDK  PROTOCOL=TLSv1.2|TLSv1.3  GIGABYTES=5  FLINK_HOME=folder'
	@echo 'make test    all tests, of Rust and of Java'
	@echo 'make lint    formatters and linters'
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
	$(MAVEN) -q spotless:check
	$(MAVEN) -q test-compile

clean:
	cargo clean
	$(MAVEN) -q clean

"""A PyFlink program that runs a job with the options in FLINK_CONF_DIR."""

import os
from pathlib import Path

from pyflink.common import Configuration, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.datastream.connectors.number_seq import NumberSequenceSource
from ruamel.yaml import YAML

options = YAML(typ="safe").load(Path(os.environ["FLINK_CONF_DIR"], "config.yaml"))
configuration = Configuration()
for key, value in options.items():
    configuration.set_string(key, value)
environment = StreamExecutionEnvironment.get_execution_environment(configuration)
environment.from_source(
    NumberSequenceSource(1, 1000), WatermarkStrategy.no_watermarks(), "numbers"
).print()
environment.execute("from Python")

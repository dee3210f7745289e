package io.rustlsjvm.flink;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * Makes no file system. {@link FileSystem#initialize} shows the configuration to every factory, and
 * is among the first things that each of Flink's programs does: the HistoryServer, which asks no
 * other service of ours, can have our {@code SSLUtils} put in its place here.
 */
public final class RustlsFileSystemFactory implements FileSystemFactory {
  static final String SCHEME = "rustls-jvm-has-no-file-system";

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public void configure(Configuration configuration) {
    if (FlinkOptions.isRustls(configuration)) {
      SslUtilsClaim.require();
    }
  }

  @Override
  public FileSystem create(URI uri) throws IOException {
    throw new UnsupportedFileSystemSchemeException("flink-rustls has no file system for " + uri);
  }
}

package io.rustlsjvm.demo.cluster;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Talks to a JobManager's REST endpoint with the JDK's own HTTP client and TLS. */
public final class RestClient {
  private final URI base;
  private final HttpClient http;

  /**
   * Makes a client; nothing is connected yet.
   *
   * @param base such as {@code https://localhost:8081}
   * @param context whom to trust and what to show; null for plain HTTP
   */
  public RestClient(URI base, SSLContext context) {
    this.base = base;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    if (context != null) {
      builder.sslContext(context);
    }
    http = builder.build();
  }

  /** Where the endpoint is. */
  public URI base() {
    return base;
  }

  /**
   * Reads one resource.
   *
   * @param path with the leading slash
   * @return the JSON object that the endpoint answers with
   * @throws IOException when the endpoint cannot be reached or answers with an error
   */
  public JsonObject get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(30)).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(path + " answered " + response.statusCode() + ": " + response.body());
      }
      JsonElement json = JsonParser.parseString(response.body());
      return json.getAsJsonObject();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking for " + path, e);
    }
  }
}

package dev.banyan.demo.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** A customer's view of the shop: HTTP through the proxy, and nothing else. Nothing is sent twice. */
final class ShopClient implements Closeable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Timeout TIMEOUT = Timeout.ofSeconds(20);
  private static final int MOST_CONNECTIONS = 500;

  private final URI shop;
  private final CloseableHttpClient http = HttpClients.custom()
      .disableAutomaticRetries().disableRedirectHandling().disableCookieManagement().disableContentCompression()
      .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(TIMEOUT).setConnectionRequestTimeout(TIMEOUT).build())
      .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
          .setMaxConnTotal(MOST_CONNECTIONS).setMaxConnPerRoute(MOST_CONNECTIONS)
          .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(TIMEOUT)
              .setValidateAfterInactivity(TimeValue.ofSeconds(1)).build())
          .build())
      .build();

  ShopClient(URI shop) {
    this.shop = shop;
  }

  /** What the shop answered. */
  record Answer(int status, JsonNode body) {}

  Answer get(String path) throws IOException {
    return send(new HttpGet(shop.resolve(path)));
  }

  Answer post(String path, Map<String, ?> body) throws IOException {
    return send(with(new HttpPost(shop.resolve(path)), body));
  }

  Answer put(String path, Map<String, ?> body) throws IOException {
    return send(with(new HttpPut(shop.resolve(path)), body));
  }

  Answer delete(String path) throws IOException {
    return send(new HttpDelete(shop.resolve(path)));
  }

  private static HttpUriRequestBase with(HttpUriRequestBase request, Map<String, ?> body) throws IOException {
    request.setEntity(new ByteArrayEntity(JSON.writeValueAsBytes(body), ContentType.APPLICATION_JSON));
    return request;
  }

  private Answer send(HttpUriRequestBase request) throws IOException {
    return http.execute(request, ShopClient::answer);
  }

  private static Answer answer(ClassicHttpResponse response) throws IOException {
    byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
    return new Answer(response.getCode(), body.length == 0 ? JSON.nullNode() : JSON.readTree(body));
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}

package shop.outbox;

import static java.util.Objects.requireNonNull;

import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Feeds of other processes, over HTTP. Nobody waits for them but their readers, which have schedules of their own. */
@Component
public class HttpFeeds {

  private final RestClient http;

  private final FeedSettings settings;

  HttpFeeds(RestClient.Builder http, FeedSettings settings) {
    this.settings = settings;
    // HTTP/1.1 outright: an upgrade would be asked for with every first request of a connection, and never granted.
    var factory = new JdkClientHttpRequestFactory(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(settings.connectTimeout()).build());
    factory.setReadTimeout(settings.readTimeout());
    // Asked several times a second whether there is anything new; nobody wants to see each of these in a trace.
    this.http = http.requestFactory(factory).observationRegistry(ObservationRegistry.NOOP).build();
  }

  /** Returns the feed of a module that another process serves. */
  public EventFeed of(URI service, String module, String reader) {
    return new HttpFeed(http, service.toString().replaceAll("/+$", ""), module, reader, settings);
  }

  private record HttpFeed(RestClient http, String source, String module, String reader, FeedSettings settings) implements EventFeed {

    @Override
    public Page after(String cursor, int limit) {
      return goingOn(requireNonNull(http.get()
          .uri(source + "/api/v1/{module}/events?after={after}&limit={limit}&reader={reader}", module, cursor, limit, reader)
          .headers(headers -> settings.token(reader).ifPresent(headers::setBearerAuth)).retrieve().body(Page.class)));
    }

    /** What is no cursor must not become the reader's: its source would refuse it for ever. */
    private Page goingOn(Page page) {
      if (Cursor.parse(page.next()).isStart() && !page.events().isEmpty()) {
        throw new IllegalStateException("%s tells events of '%s', and no cursor to go on with".formatted(source, module));
      }
      return page;
    }
  }
}

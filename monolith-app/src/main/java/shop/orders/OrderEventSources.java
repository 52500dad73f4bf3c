package shop.orders;

import java.util.List;
import org.springframework.stereotype.Component;
import shop.inbox.Sources;
import shop.outbox.EventFeed;
import shop.outbox.Outboxes;

/** The events of orders, for other modules. */
@Component
public class OrderEventSources implements Sources {

  private final Outboxes outboxes;

  OrderEventSources(Outboxes outboxes) {
    this.outboxes = outboxes;
  }

  @Override
  public List<EventFeed> feeds(String reader) {
    return List.of(outboxes.of("orders").feed(reader));
  }
}

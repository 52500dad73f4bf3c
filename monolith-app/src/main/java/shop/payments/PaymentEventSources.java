package shop.payments;

import java.util.List;
import org.springframework.stereotype.Component;
import shop.inbox.Sources;
import shop.outbox.EventFeed;
import shop.outbox.Outboxes;

/** The events of payments, for other modules. */
@Component
public class PaymentEventSources implements Sources {

  private final Outboxes outboxes;

  PaymentEventSources(Outboxes outboxes) {
    this.outboxes = outboxes;
  }

  @Override
  public List<EventFeed> feeds(String reader) {
    return List.of(outboxes.of("payments").feed(reader));
  }
}

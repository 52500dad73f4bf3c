package shop.users;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** REST resource {@code /api/v1/users/events}: the outbox, for whoever keeps a copy of users' names. */
@RestController
@RequestMapping("/api/v1/users/events")
class FeedController {

  private final Outbox outbox;

  FeedController(Outbox outbox) {
    this.outbox = outbox;
  }

  /**
   * A page of the feed.
   *
   * @param next the cursor to go on with, also when there is nothing new
   */
  record Page(List<UserEvent> events, String next) {}

  @GetMapping
  Page read(
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
    var cursor = Cursor.parse(after);
    var events = outbox.after(cursor, limit);
    return new Page(events, events.isEmpty() ? after : events.get(events.size() - 1).cursor());
  }
}

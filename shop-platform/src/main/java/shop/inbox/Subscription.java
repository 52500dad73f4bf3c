package shop.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import shop.outbox.EventFeed;

/**
 * A module's following of another's events, from all sources that these have.
 *
 * <p>Idea: a cursor for each source is moved in the transaction that applies what lies before it, so that each event
 * arrives at least once, whenever either process ends; the inbox knows what was applied, so that it takes effect once.
 *
 * <p>Order: within a source, an aggregate's events come in the order of their versions. Where an aggregate changes
 * its source (the module was extracted, or came back), the version before is looked for: if it was not applied, the
 * event waits until every other source has been read to its end after the event was read, for whatever comes before
 * it was published before it. A source that does not answer is waited for as long as the patience lasts.
 *
 * <p>An event that fails is tried again, and holds back what follows of its own aggregate only. After too many
 * attempts it is a dead letter, until a person sends it again or discards it.
 */
public final class Subscription {

  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
  private static final int PAGE = 500;
  private static final int PAGES_A_TURN = 20;
  private static final int RETRIES_A_ROUND = 100;
  private static final int ROUNDS_A_TURN = 20;

  private final String name;
  private final Sources sources;
  private final Delivery delivery;
  private final Inbox inbox;
  private final HeldEvents held;
  private final InboxSettings settings;
  private final Clock clock;
  private final Map<String, Reach> reaches = new ConcurrentHashMap<>();
  private final Set<String> full = new HashSet<>();

  Subscription(String name, Sources sources, Delivery delivery, Inbox inbox, HeldEvents held, InboxSettings settings, Clock clock) {
    this.name = name;
    this.sources = sources;
    this.delivery = delivery;
    this.inbox = inbox;
    this.held = held;
    this.settings = settings;
    this.clock = clock;
  }

  /** Reads and applies what is new, and tries again what is due; what fails is left for a later turn. */
  public synchronized void turn() {
    var feeds = sources.feeds(name);
    feeds.stream().filter(this::hasRoom).forEach(feed -> follow(feed, feeds.size() == 1));
    for (int round = 0; round < ROUNDS_A_TURN && retry(feeds); round++) {
      // What was applied may have held back something else.
    }
  }

  /**
   * Returns how far behind its owner what this subscription keeps may be: the time since all sources were known to be
   * applied to their ends, or the age of the last event that was read where there is always a next one, or of the oldest
   * that is held; nothing as long as a source could not be read since this process began.
   */
  public Optional<Duration> lag() {
    var now = clock.instant();
    var oldest = held.oldest(name).map(OffsetDateTime::toInstant).orElse(now);
    for (var feed : sources.feeds(name)) {
      var readTo = reach(feed).readTo();
      if (readTo == null) {
        return Optional.empty();
      }
      oldest = readTo.isBefore(oldest) ? readTo : oldest;
    }
    return Optional.of(Duration.between(oldest, now));
  }

  /** Returns how many events are held: those that wait, those that are tried again, and dead letters. */
  public long holding() {
    return held.count(name);
  }

  /** Counted by source: what too much of one waits for may be what another has yet to tell. */
  private boolean hasRoom(EventFeed feed) {
    boolean room = held.count(name, feed.source()) < settings.mostHeld();
    if (room && full.remove(feed.source())) {
      LOG.warn("'{}' reads events from {} again.", name, feed.source());
    } else if (!room && full.add(feed.source())) {
      LOG.warn("'{}' holds {} events from {} back and reads no more there. Look at the dead letters.", name, settings.mostHeld(), feed.source());
    }
    return room;
  }

  private void follow(EventFeed feed, boolean alone) {
    var reach = reach(feed);
    if (reach.turnsToSkip() > 0) {
      reaches.put(feed.source(), reach.skipped());
      return;
    }
    try {
      for (int page = 0; page < PAGES_A_TURN && followPage(feed, alone); page++) {
        // Until the end of the feed, or of the turn.
      }
    } catch (RuntimeException e) {
      pause(feed, e);
    }
  }

  /** Returns whether there may be more. */
  private boolean followPage(EventFeed feed, boolean alone) {
    var asked = clock.instant();
    var from = cursor(feed);
    var page = feed.after(from, PAGE);
    boolean moved = !page.next().equals(from);
    if (moved && !delivery.apply(feed.source(), alone, from, page)) {
      return false;
    }
    reaches.put(feed.source(), page.complete() ? Reach.complete(asked) : reach(feed).answered(page.events()));
    return moved && page.events().size() == PAGE;
  }

  /** Returns whether something was applied. */
  private boolean retry(List<EventFeed> feeds) {
    var candidates = held.due(name, RETRIES_A_ROUND);
    if (candidates.isEmpty()) {
      return false;
    }
    // Only after the candidates were read: what was published before them is read by now, or seen not to be.
    var unread = unread(feeds);
    return candidates.stream().filter(candidate -> mayGo(candidate, unread)).filter(delivery::retry).count() > 0;
  }

  private boolean mayGo(HeldEvent candidate, List<String> unread) {
    return candidate.state() == HeldEvent.State.RETRYING
        || unread.stream().allMatch(candidate.source()::equals)
        || delivery.follows(candidate.event())
        || candidate.heldAt().plus(settings.patience()).isBefore(clock.instant());
  }

  /** Returns the sources that may have published what is not read yet. */
  private List<String> unread(List<EventFeed> feeds) {
    var unread = new ArrayList<String>();
    for (var feed : feeds) {
      if (!isGivenUp(feed) && !isReadToItsEnd(feed)) {
        unread.add(feed.source());
      }
    }
    return unread;
  }

  private boolean isReadToItsEnd(EventFeed feed) {
    try {
      var page = feed.after(cursor(feed), 1);
      return page.events().isEmpty() && page.complete();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private boolean isGivenUp(EventFeed feed) {
    return reach(feed).isFailingSince(clock.instant().minus(settings.patience()));
  }

  private Reach reach(EventFeed feed) {
    return reaches.getOrDefault(feed.source(), Reach.UNKNOWN);
  }

  private String cursor(EventFeed feed) {
    return inbox.cursor(name, feed.source()).orElse(EventFeed.START);
  }

  private void pause(EventFeed feed, RuntimeException e) {
    var reach = reach(feed).failed(clock.instant());
    reaches.put(feed.source(), reach);
    if (reach.failures() == 1) {
      LOG.warn("'{}' cannot read events from {}, and is behind until it can: {}", name, feed.source(), e.toString());
    }
  }
}

package dev.banyan.move.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives connections up on which both ends wait for the other: what one of them has sent is lost, and nobody was told.
 *
 * <p>No time limit can tell that from a server that is busy, so the server is asked, over another connection, what those
 * of its processes do that are waited for. One that has stood still at one place, reading from its client or writing to
 * it, while its client has stood in one and the same call, will never answer; nor will one that is gone. A server that
 * does not answer that question either, again and again, is away with all of them.
 */
final class AnswerWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerWatch.class);
  private static final Duration EVERY = Duration.ofMillis(250);
  /** Within a silence the server is asked so often at most: each second usually, more often in a hurry. */
  private static final int QUESTIONS = 5;
  /** So long a call takes before the server is asked, and so long both stand still then: what is on its way arrives. */
  private static final Duration USUAL_SILENCE = Duration.ofSeconds(5);
  /** So long a server that cannot be asked may be busy; TCP would wait for a quarter of an hour, or for ever. */
  private static final Duration USUAL_UNHEARD = Duration.ofSeconds(60);
  /** Two segments of TCP's may be lost on the way within that time, and be sent again. */
  private static final Duration LEAST_SILENCE = Duration.ofMillis(500);
  private static final String PROCESS = """
      select pid, extract(epoch from backend_start)::text from pg_stat_activity where pid = pg_backend_pid()""";
  private static final String PLACES = """
      select a.pid, extract(epoch from a.backend_start)::text as start, concat_ws(' ', a.wait_event, a.state_change, c.bytes_processed) as place,
        coalesce(a.wait_event in ('ClientRead', 'ClientWrite'), false) as waits
      from pg_stat_activity a left join pg_stat_progress_copy c on c.pid = a.pid where a.pid = any(?)""";
  private static final String END = """
      select pg_terminate_backend(pid) from pg_stat_activity where pid = ? and extract(epoch from backend_start)::text = ?""";

  private final Database database;
  private final Questions questions;
  private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Unchanged unheard = new Unchanged();
  private volatile Duration silence = USUAL_SILENCE;
  private volatile Duration unheardFor = USUAL_UNHEARD;
  /** When the server was asked last; of the watch's own thread. */
  private long askedAt = System.nanoTime();
  private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(AnswerWatch::daemon);

  AnswerWatch(Database database) {
    this.database = database;
    this.questions = new Questions(database);
  }

  /** One of the server's processes; the number alone may be another's by now. */
  private record Process(int pid, String start) {}

  /** What the process of a number does, and which one it is; neither where our role may not see that. */
  private record Place(Optional<String> start, String where, boolean waitsForClient) {

    private static final Place GONE = new Place(Optional.empty(), "", true);

    /** What is not shown is not gone. */
    Place of(Process process) {
      return start.filter(other -> !other.equals(process.start)).isPresent() ? GONE : this;
    }
  }

  /** One connection. */
  private static final class Line {

    private final Process process;
    private final AwaitedSocket socket;
    private final Unchanged call = new Unchanged();
    private final Unchanged standstill = new Unchanged();

    Line(Process process, AwaitedSocket socket) {
      this.process = process;
      this.socket = socket;
    }

    boolean isSilent(Duration silence) {
      return call.lasts(silence, socket.awaited());
    }

    boolean isLost(Place place, Duration silence) {
      return standstill.lasts(silence, socket.awaited().filter(awaited -> place.waitsForClient).map(awaited -> List.of(awaited, place)));
    }
  }

  /** Takes a connection for lost within half of this time from now on, if that is not too soon to tell. */
  void hurry(Duration pause) {
    silence = Collections.max(List.of(LEAST_SILENCE, Collections.min(List.of(USUAL_SILENCE, pause.dividedBy(4)))));
    unheardFor = silence;
  }

  /** Takes the usual time again. */
  void takeTime() {
    silence = USUAL_SILENCE;
    unheardFor = USUAL_UNHEARD;
  }

  /**
   * Watches a connection until it is closed; not where a pooler in between has process numbers of its own, nor where the
   * role is not shown its own processes.
   */
  void watch(Connection connection, AwaitedSocket socket) throws SQLException {
    Optional<Process> process = process(connection);
    if (process.isPresent() && process.get().pid == connection.unwrap(PGConnection.class).getBackendPID()) {
      lines.add(new Line(process.get(), socket));
      begin();
    }
  }

  private static Optional<Process> process(Connection connection) throws SQLException {
    try (var statement = connection.createStatement(); var row = statement.executeQuery(PROCESS)) {
      row.next();
      int pid = row.getInt(1);
      return Optional.ofNullable(row.getString(2)).map(start -> new Process(pid, start));
    }
  }

  private void begin() {
    if (!begun.getAndSet(true)) {
      looking.scheduleWithFixedDelay(this::lookAgain, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void lookAgain() {
    try {
      look();
    } catch (IOException | SQLException | RuntimeException e) {
      // A server that cannot be asked is asked again.
      LOG.debug("not known which connections to {} are lost: {}", database, e.toString());
    }
  }

  private void look() throws IOException, SQLException {
    lines.removeIf(line -> line.socket.isClosed());
    Duration patience = silence;
    List<Line> silent = lines.stream().filter(line -> line.isSilent(patience)).toList();
    if (silent.isEmpty()) {
      unheard.lasts(patience, Optional.empty());
      questions.close();
      return;
    }
    if (System.nanoTime() - askedAt < patience.dividedBy(QUESTIONS).toNanos()) {
      return;
    }
    askedAt = System.nanoTime();
    try {
      questions.ask(patience.dividedBy(QUESTIONS), handle -> giveUpLost(silent, places(handle, silent), patience, handle));
      unheard.lasts(patience, Optional.empty());
    } catch (SQLException | RuntimeException e) {
      giveUpUnheard(e);
      throw e;
    }
  }

  /** What is refused is answered as well, for lack of connections for instance. */
  private void giveUpUnheard(Exception reason) throws IOException {
    Duration patience = unheardFor;
    if (!unheard.lasts(patience, isLost(reason) ? Optional.of(database) : Optional.empty())) {
      return;
    }
    for (Line line : lines) {
      if (line.isSilent(patience)) {
        line.socket.giveUp("%s does not answer any more".formatted(database));
      }
    }
  }

  private static boolean isLost(Exception reason) {
    return Stream.iterate((Throwable) reason, Objects::nonNull, Throwable::getCause).anyMatch(IOException.class::isInstance);
  }

  private void giveUpLost(List<Line> silent, Map<Integer, Place> places, Duration patience, Handle handle) throws IOException {
    for (Line line : silent) {
      if (line.isLost(places.getOrDefault(line.process.pid, Place.GONE).of(line.process), patience)) {
        line.socket.giveUp("a connection to %s is lost; the server waits as well".formatted(database));
        end(handle, line.process);
      }
    }
  }

  private static Map<Integer, Place> places(Handle handle, List<Line> of) {
    List<Integer> pids = of.stream().map(line -> line.process.pid).toList();
    return handle.createQuery(PLACES).bindArray(0, Integer.class, pids)
        .map((row, context) -> Map.entry(row.getInt("pid"),
            new Place(Optional.ofNullable(row.getString("start")), row.getString("place"), row.getBoolean("waits"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Nobody else tells it either, and it would keep its locks. */
  private static void end(Handle handle, Process process) {
    handle.createQuery(END).bind(0, process.pid).bind(1, process.start).mapTo(Boolean.class).list();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "banyan-answers");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    if (!looking.isShutdown()) {
      looking.execute(questions::close);
      looking.shutdown();
    }
  }
}

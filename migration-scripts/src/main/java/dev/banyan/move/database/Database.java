package dev.banyan.move.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One database as the mover connects to it. Every connection writes and reads values in the same, exact text forms, and
 * commits durably, whatever the server's or the role's settings are. Connections for single statements come from a small pool; those
 * that copy, apply or hold a snapshot are their owner's alone.
 */
public final class Database implements AutoCloseable {

  private static final String SESSION = String.join(" ",
      "-c timezone=UTC", "-c datestyle=ISO,YMD", "-c intervalstyle=postgres", "-c bytea_output=hex",
      "-c extra_float_digits=3", "-c lc_monetary=C", "-c standard_conforming_strings=on", "-c search_path=pg_catalog",
      "-c array_nulls=on", "-c xmloption=content", "-c default_transaction_read_only=off",
      "-c synchronous_commit=on", "-c statement_timeout=0", "-c idle_in_transaction_session_timeout=0",
      // A mover whose machine is gone must not keep its locks for the two hours that are usual.
      "-c tcp_keepalives_idle=10", "-c tcp_keepalives_interval=5", "-c tcp_keepalives_count=4");
  private static final String READ_ONLY = SESSION.replace("default_transaction_read_only=off", "default_transaction_read_only=on");
  private static final String END_LEFT_OVERS = """
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where application_name = ? and usename = current_user and datname = current_database()""";
  /** Servers before version 17 do not know it. */
  private static final String WITHOUT_END = """
      select set_config('transaction_timeout', '0', false) where current_setting('transaction_timeout', true) is not null""";
  /** What stands before a colon in the application name of every connection of a mover, pooled or not. */
  private static final String APPLICATION = "banyan";
  private static final int CONNECT_SECONDS = 10;
  /** More than a statement of the pool may take; whatever takes longer has a connection of its own, without a limit. */
  private static final int ANSWER_SECONDS = 90;

  private final DatabaseAddress address;
  private final String session;
  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final AnswerWatch answers;
  /** The application name of the connections that are opened for a caller of its own, by this object alone. */
  private final String own = APPLICATION + ":" + UUID.randomUUID().toString().substring(0, 8);

  /** Creates the access; nothing is connected to before the first use. */
  public Database(DatabaseAddress address) {
    this(address, SESSION);
  }

  private Database(DatabaseAddress address, String session) {
    this.address = address;
    this.session = session;
    this.pool = pool();
    this.jdbi = Jdbi.create(pool);
    // The statement and its arguments are nobody's business but the database's.
    this.jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
    this.answers = new AnswerWatch(this);
  }

  /** Creates an access whose server refuses every statement that would write; nothing is connected to before the first use. */
  public static Database readOnly(DatabaseAddress address) {
    return new Database(address, READ_ONLY);
  }

  private HikariDataSource pool() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(new Single());
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(CONNECT_SECONDS * 1000L);
    // Connect at the first use: a plan whose database is away is told so by the check, not by a constructor.
    config.setInitializationFailTimeout(-1);
    config.setPoolName("banyan-" + address.masked());
    return new HikariDataSource(config);
  }

  /** What the pool takes its connections from. */
  @SuppressWarnings("serial") // The driver's class is serializable; this one is nobody's but the pool's.
  private final class Single extends PGSimpleDataSource {

    @Override
    public Connection getConnection() throws SQLException {
      return open(properties(), ANSWER_SECONDS);
    }
  }

  /** Returns the address. */
  public DatabaseAddress address() {
    return address;
  }

  /** Returns the pooled access for single statements and short transactions. */
  public Jdbi jdbi() {
    return jdbi;
  }

  /** Returns the pool itself. */
  public DataSource dataSource() {
    return pool;
  }

  /** Opens a connection of the caller's own. */
  public Connection connect() throws SQLException {
    return open(ownProperties(), 0);
  }

  /** Opens a connection for which neither triggers nor foreign keys fire, so that they do not fire twice. */
  public Connection connectAsApplier() throws SQLException {
    return prepared(connect(), "set session_replication_role = replica");
  }

  /** Opens a connection that speaks the replication protocol. */
  public Connection connectForReplication() throws SQLException {
    Properties properties = ownProperties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    return open(properties, 0);
  }

  private Connection open(Properties properties, int answerSeconds) throws SQLException {
    if (pool.isClosed()) {
      throw new SQLException("the access to %s is closed already".formatted(this), "08003");
    }
    PGProperty.SOCKET_TIMEOUT.set(properties, CONNECT_SECONDS);
    AwaitedSockets.Opened opened = AwaitedSockets.open(address.url(), properties);
    Connection connection = prepared(opened.connection(), WITHOUT_END);
    try {
      if (opened.socket().isPresent()) {
        answers.watch(connection, opened.socket().get());
      }
      // Not before: from here on the server is asked whether the connection is lost.
      connection.setNetworkTimeout(Runnable::run, answerSeconds * 1000);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Opens a connection that nobody watches; its server has so long for each answer. */
  Connection connectUnwatched(int answerSeconds) throws SQLException {
    Properties properties = properties();
    PGProperty.CONNECT_TIMEOUT.set(properties, answerSeconds);
    PGProperty.SOCKET_TIMEOUT.set(properties, answerSeconds);
    return DriverManager.getConnection(address.url(), properties);
  }

  private static Connection prepared(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Has a lost connection noticed while there is time left of a pause of this length, until {@link #takeTime}: where writes
   * wait, a connection that was taken for lost too soon is the lesser evil.
   */
  public void hurry(Duration pause) {
    answers.hurry(pause);
  }

  /** Ends {@link #hurry}. */
  public void takeTime() {
    answers.takeTime();
  }

  /**
   * Ends, on the server, every connection that was opened here for a caller of its own. What was lost on its way holds its
   * locks and its snapshot until the server is told. To be called where nobody uses any of them any more.
   */
  public void endLeftOvers() {
    jdbi.useHandle(handle -> handle.createQuery(END_LEFT_OVERS).bind(0, own).mapTo(Boolean.class).list());
  }

  /** Returns the server settings that keep values in exact text forms, as {@code options} of a connection. */
  public static String sessionOptions() {
    return SESSION;
  }

  private Properties ownProperties() {
    Properties properties = properties();
    PGProperty.APPLICATION_NAME.set(properties, own);
    return properties;
  }

  private Properties properties() {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, address.user());
    PGProperty.PASSWORD.set(properties, address.password());
    PGProperty.OPTIONS.set(properties, session);
    PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
    // The detail of a constraint's violation quotes the row, and messages are kept and shown.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    return properties;
  }

  @Override
  public void close() {
    answers.close();
    pool.close();
  }

  @Override
  public String toString() {
    return address.masked();
  }
}

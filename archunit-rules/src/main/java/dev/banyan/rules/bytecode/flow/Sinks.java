package dev.banyan.rules.bytecode.flow;

import dev.banyan.rules.bytecode.Meaning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The methods that take SQL, a query over entities or the name of a table, by name: nothing has to be linked. */
final class Sinks {

  private record Sink(Pattern owner, Pattern method, Meaning meaning) {

    private Sink(String owner, String method, Meaning meaning) {
      this(Pattern.compile(owner), Pattern.compile(method), meaning);
    }
  }

  private static final String JPA = "(jakarta|javax)/persistence/EntityManager";
  private static final String CRITERIA = "(jakarta|javax)/persistence/criteria/";
  private static final String HIBERNATE = "org/hibernate/(Session|StatelessSession|SharedSessionContract|query/QueryProducer|"
      + "engine/spi/\\w+|internal/\\w+|classic/Session)";
  private static final String MYBATIS = "org/apache/ibatis/jdbc/(SQL|AbstractSQL)";
  private static final String MYBATIS_SESSION = "org/apache/ibatis/session/(SqlSession|SqlSessionManager|defaults/DefaultSqlSession)"
      + "|org/mybatis/spring/SqlSessionTemplate";
  private static final String JOOQ = "org/jooq/(DSLContext|impl/DSL|impl/DefaultDSLContext)";

  private static final String JOOQ_STEP = "org/jooq/(DSLContext|impl/DSL|(Select|Delete|Update|With)\\w*)";

  private static final String JOOQ_CONDITION = "org/jooq/(impl/DSL|Condition|(Select|Delete|Update|Merge|TableOn)\\w*)";

  private static final String BATCH = "org/springframework/batch/(infrastructure/)?item/database/.*";
  /** How libraries of any kind are told a table: Spring Session, ShedLock and the like. */
  private static final Pattern TABLE_OF_LIBRARY = Pattern.compile("(with|set)?[tT]ableName");

  private static final List<Sink> SINKS = List.of(
      new Sink("java/sql/(Connection|Statement|PreparedStatement|CallableStatement)",
          "prepareStatement|prepareCall|nativeSQL|execute|executeQuery|executeUpdate|executeLargeUpdate|addBatch", Meaning.SQL),
      new Sink("java/sql/Connection", "setSchema|setCatalog", Meaning.SCHEMA),
      new Sink("org/springframework/jdbc/core/(JdbcTemplate|JdbcOperations|namedparam/NamedParameterJdbc\\w+)",
          "query\\w*|update|batchUpdate|execute|call", Meaning.SQL),
      new Sink("org/springframework/jdbc/core/(PreparedStatementCreatorFactory|CallableStatementCreatorFactory)", "<init>", Meaning.SQL),
      new Sink("org/springframework/jdbc/object/StoredProcedure", "<init>|setSql", Meaning.ROUTINE),
      new Sink("org/springframework/jdbc/object/\\w+", "<init>|setSql", Meaning.SQL),
      new Sink("org/springframework/jdbc/core/simple/JdbcClient", "sql", Meaning.SQL),
      new Sink("org/springframework/jdbc/core/simple/SimpleJdbcInsert\\w*", "(with|set)TableName", Meaning.TABLE_WRITE),
      new Sink("org/springframework/jdbc/core/simple/(Abstract|Simple)JdbcCall\\w*", "(with|set)(Procedure|Function)Name", Meaning.ROUTINE),
      new Sink("org/springframework/jdbc/support/incrementer/\\w+", "<init>|setIncrementerName", Meaning.SEQUENCE),
      new Sink("org/springframework/test/jdbc/JdbcTestUtils", "countRowsInTable\\w*", Meaning.TABLE_READ),
      new Sink("org/springframework/test/jdbc/JdbcTestUtils", "deleteFromTable\\w*|dropTables", Meaning.TABLE_WRITE),
      new Sink("org/springframework/r2dbc/core/DatabaseClient", "sql", Meaning.SQL),
      new Sink("org/springframework/data/r2dbc/core/ReactiveSelectOperation\\$\\w+", "from", Meaning.TABLE_READ),
      new Sink("org/springframework/data/r2dbc/core/ReactiveDeleteOperation\\$\\w+", "from", Meaning.TABLE_WRITE),
      new Sink("org/springframework/data/r2dbc/core/ReactiveInsertOperation\\$\\w+", "into", Meaning.TABLE_WRITE),
      new Sink("org/springframework/data/r2dbc/core/ReactiveUpdateOperation\\$\\w+", "inTable", Meaning.TABLE_WRITE),
      new Sink(BATCH, "(setF|f)romClause", Meaning.TABLE_READ),
      new Sink(BATCH, "(set)?[sS](electClause|ortKeys?)|(set)?[wW]hereClause", Meaning.EXPRESSION),
      new Sink(BATCH, "sql|setSql|setSqlQuery", Meaning.SQL),
      new Sink(BATCH, "queryString|setQueryString", Meaning.JPQL),
      new Sink(BATCH, "procedureName|setProcedureName", Meaning.ROUTINE),
      new Sink("liquibase/statement/core/Raw\\w+", "<init>", Meaning.SQL),
      new Sink("liquibase/change/(core|custom)/\\w+", "setSql", Meaning.SQL),
      new Sink("liquibase/change/core/\\w+", "set\\w*(Schema|Catalog)Name", Meaning.SCHEMA_WRITE),
      new Sink("liquibase/change/core/\\w+", "setReferencedTableName", Meaning.TABLE_REFERENCE),
      new Sink("liquibase/change/core/\\w+", "set\\w*(Table|View|Sequence)Name", Meaning.TABLE_WRITE),
      new Sink("liquibase/database/(jvm/JdbcConnection|DatabaseConnection)", "prepareStatement|prepareCall|nativeSQL", Meaning.SQL),
      new Sink("io/r2dbc/spi/(Connection|Batch)", "createStatement|add", Meaning.SQL),
      new Sink(JPA, "createNativeQuery", Meaning.SQL),
      new Sink(JPA, "createQuery", Meaning.JPQL),
      new Sink(JPA, "createStoredProcedureQuery", Meaning.ROUTINE),
      new Sink(JPA, "createNamed(StoredProcedure)?Query", Meaning.NAMED),
      new Sink(HIBERNATE, "createNativeQuery|createSQLQuery|createNativeMutationQuery", Meaning.SQL),
      new Sink(HIBERNATE, "(create|get)Named\\w+", Meaning.NAMED),
      new Sink(MYBATIS_SESSION, "select\\w*|insert|update|delete", Meaning.NAMED),
      new Sink(HIBERNATE, "createStoredProcedureQuery|createStoredProcedureCall", Meaning.ROUTINE),
      new Sink(HIBERNATE, "createQuery|createSelectionQuery|createMutationQuery", Meaning.JPQL),
      new Sink("org/jdbi/v3/core/Handle", "createQuery|createUpdate|execute|select|createBatch|prepareBatch|createCall|createScript",
          Meaning.SQL),
      new Sink("org/jdbi/v3/core/statement/(Batch|Script|Query|Update|PreparedBatch|Call)", "add|<init>", Meaning.SQL),
      new Sink(MYBATIS, "FROM|\\w*JOIN", Meaning.TABLE_READ),
      new Sink(MYBATIS, "INSERT_INTO|UPDATE|DELETE_FROM", Meaning.TABLE_WRITE),
      new Sink(JOOQ, "query|queries|resultQuery|fetch\\w*|execute|batch", Meaning.SQL),
      new Sink("org/jooq/impl/DSL", "function|aggregate", Meaning.ROUTINE),
      new Sink("org/jooq/impl/DSL", "table", Meaning.TABLE_READ),
      new Sink("org/jooq/impl/DSL", "sequence", Meaning.SEQUENCE),
      new Sink("org/jooq/DSLContext", "nextvals?|currval", Meaning.SEQUENCE),
      new Sink(JOOQ_STEP, "from|selectFrom|using|\\w*[jJ]oin|\\w*Apply", Meaning.TABLE_READ),
      new Sink(JOOQ_CONDITION, "condition|field|sql|raw|where|and|or|not|andNot|orNot|on|having|groupBy|orderBy|qualify", Meaning.EXPRESSION),
      new Sink(JOOQ_STEP, "(create|alter|drop)Table\\w*|truncate\\w*", Meaning.TABLE_WRITE));

  /** The methods that take an entity by its class. */
  private static final List<Sink> ENTITY_SINKS = List.of(
      new Sink(JPA, "find|getReference|createEntityGraph", Meaning.ENTITY_READ),
      new Sink(CRITERIA + "(AbstractQuery|CriteriaQuery|Subquery)", "from", Meaning.ENTITY_READ),
      new Sink(CRITERIA + "CriteriaBuilder", "createCriteria(Update|Delete)", Meaning.ENTITY_WRITE),
      new Sink(CRITERIA + "Criteria(Update|Delete)", "from", Meaning.ENTITY_WRITE),
      new Sink(HIBERNATE, "find\\w*|get|getReference|load|by\\w*Id|byMultipleIds|createCriteria|createEntityGraph", Meaning.ENTITY_READ),
      new Sink("org/springframework/data/(jdbc|r2dbc)/core/\\w+", "(find|count|exists|select)\\w*", Meaning.ENTITY_READ),
      new Sink("org/springframework/data/(jdbc|r2dbc)/core/\\w+", "(delete|insert|update)\\w*", Meaning.ENTITY_WRITE),
      new Sink("org/springframework/data/jpa/repository/support/\\w*JpaRepository", "<init>", Meaning.ENTITY_WRITE));

  /** The methods that take an entity itself. */
  private static final List<Sink> OBJECT_SINKS = List.of(
      new Sink(JPA, "persist|merge|remove", Meaning.ENTITY_WRITE),
      new Sink(JPA, "refresh|lock", Meaning.ENTITY_READ),
      new Sink(HIBERNATE, "persist|merge|remove|save|saveOrUpdate|update|delete|replicate|insert|upsert", Meaning.ENTITY_WRITE),
      new Sink(HIBERNATE, "refresh|lock", Meaning.ENTITY_READ),
      new Sink("org/springframework/data/(jdbc|r2dbc)/core/\\w+", "save|insert|update|delete", Meaning.ENTITY_WRITE));

  /** A code base calls few of them, and those often. */
  private static final Map<String, Optional<Meaning>> KNOWN = new ConcurrentHashMap<>();
  private static final Map<String, Optional<Meaning>> KNOWN_OF_CLASSES = new ConcurrentHashMap<>();
  private static final Map<String, Optional<Meaning>> KNOWN_OF_OBJECTS = new ConcurrentHashMap<>();

  private static final Map<String, Boolean> MESSAGES = new ConcurrentHashMap<>();

  /** Where the owners' names begin: nearly all calls of a code base go elsewhere. */
  private static final List<String> HOMES = List.of("java/sql/", "org/springframework/", "io/r2dbc/", "jakarta/persistence/",
      "javax/persistence/", "org/hibernate/", "org/jdbi/", "org/apache/ibatis/", "org/mybatis/", "org/jooq/", "liquibase/");

  private static final Pattern LOG = Pattern.compile(
      "org/slf4j/.*|org/apache/(logging/log4j|commons/logging|log4j)/.*|java/util/logging/.*|java/lang/System\\$Logger|org/jboss/logging/.*"
          + "|java/io/Print(Stream|Writer)|java/util/Objects|java/lang/Class|java/util/regex/.*|org/assertj/.*|org/junit/.*");
  /** A logger of the code base's own, by its name and what it is told. */
  private static final Pattern OWN_LOG = Pattern.compile(".*(Log|Logger|Logging)\\.(trace|debug|info|warn|warning|error|fatal|log|fine|severe)\\w*");
  private static final Pattern FAILURE = Pattern.compile(".*(Exception|Error|Failure)");

  private Sinks() {}

  /** Returns what the method takes its first string for. */
  static Optional<Meaning> meaning(String owner, String method) {
    return meaning(SINKS, KNOWN, owner, method);
  }

  /** Returns what the method does to the entity whose class it takes first. */
  static Optional<Meaning> meaningOfClass(String owner, String method) {
    return meaning(ENTITY_SINKS, KNOWN_OF_CLASSES, owner, method);
  }

  /** Returns what the method does to the entity that it takes. */
  static Optional<Meaning> meaningOfObject(String owner, String method) {
    return meaning(OBJECT_SINKS, KNOWN_OF_OBJECTS, owner, method);
  }

  private static Optional<Meaning> meaning(List<Sink> sinks, Map<String, Optional<Meaning>> known, String owner, String method) {
    return isAtHome(owner) ? known.computeIfAbsent(owner + '.' + method, key -> sinks.stream()
        .filter(sink -> sink.owner().matcher(owner).matches() && sink.method().matcher(method).matches()).map(Sink::meaning).findFirst())
        : Optional.empty();
  }

  private static boolean isAtHome(String owner) {
    for (String home : HOMES) {
      if (owner.startsWith(home)) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether a class is MyBatis' builder of statements. */
  static boolean isBuilder(String owner) {
    return owner.startsWith("org/apache/ibatis/jdbc/");
  }

  /** Tells whether the method takes a table of jOOQ's or Querydsl's and changes it. */
  static boolean writesTable(String owner, String method) {
    return owner.startsWith("org/jooq/") && method.matches("insertInto|update|delete|deleteFrom|mergeInto|truncate|truncateTable|replaceInto")
        || owner.startsWith("com/querydsl/sql/") && method.matches("insert|update|delete|merge");
  }

  /** Tells whether the method takes a generated class of Querydsl's and changes its table. */
  static boolean writesGenerated(String owner, String method) {
    return owner.startsWith("com/querydsl/") && method.matches("update|delete|insert");
  }

  /** Tells whether the method joins what a path of Querydsl's leads to. */
  static boolean joinsPath(String owner, String method) {
    return owner.startsWith("com/querydsl/") && method.matches("(inner|left|right)?[jJ]oin");
  }

  /** Tells whether the method is told the name of a table by what it is called, whatever library it is of. */
  static boolean takesTable(String method) {
    return TABLE_OF_LIBRARY.matcher(method).matches();
  }

  /** Tells whether the method only writes a message for people. */
  static boolean isMessage(String owner, String method) {
    return MESSAGES.computeIfAbsent(owner + '.' + method, key -> LOG.matcher(owner).matches() || OWN_LOG.matcher(key).matches()
        || method.equals("<init>") && FAILURE.matcher(owner).matches());
  }
}

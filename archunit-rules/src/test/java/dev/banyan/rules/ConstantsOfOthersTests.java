package dev.banyan.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstantsOfOthersTests {

  private static final SchemaOwnership OWNERSHIP = SchemaOwnership.parse("""
      modules:
        orders: { packages: [shop.orders], schemas: [orders] }
        users: { packages: [shop.users], schemas: [users] }
      """);

  @TempDir private Path folder;

  @Test
  void aConstantIsFoundWhereItIsUsedAndNowhereElse() throws IOException {
    Path classes = new CompiledShop(folder)
        .with("orders/Sql", "public static final String NAMES = \"select name from users.account where id = 1\";"
            + " public static final String NOT_USED = \"delete from users.account where id = 1\";")
        .with("orders/Report", "void run(java.sql.Statement s) throws Exception { s.execute(Sql.NAMES); }")
        .compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(finding -> finding.access().verb() + " in " + finding.location())
        .containsExactlyInAnyOrder("reads in shop.orders.Report, method run(Statement)", "writes in shop.orders.Sql, field NOT_USED");
  }

  @Test
  void theConstantOfAnInstanceFieldIsFoundWhereItIsUsed() throws IOException {
    Path classes = new CompiledShop(folder)
        .with("orders/Report", "private final String sql = \"select name from users.account\";"
            + " void run(java.sql.Statement s) throws Exception { s.execute(sql + \" where id = 1\"); }")
        .compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::location)
        .containsExactly("shop.orders.Report, method run(Statement)");
  }

  @Test
  void aStreamThatIsJoinedIsOneStatement() throws IOException {
    Path classes = new CompiledShop(folder)
        .with("orders/Report", "void run(java.sql.Statement s) throws Exception { s.execute(java.util.stream.Stream.of(\"select *\", "
            + "\"from users.account\", \"where a = 1\").collect(java.util.stream.Collectors.joining(\" \"))); }")
        .compiled();

    assertThat(SchemaScan.of(OWNERSHIP, classes).violations()).extracting(Finding::statement)
        .containsExactly("\"select * from users.account where a = 1\"");
  }
}

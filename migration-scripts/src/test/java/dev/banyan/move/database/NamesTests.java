package dev.banyan.move.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTests {

  @Test
  void readsPlainAndQuotedTableNames() {
    assertThat(TableName.parse("users.account")).contains(new TableName("users", "account"));
    assertThat(TableName.parse("\"My \"\"Schema\"\".x\".\"a.b\"")).contains(new TableName("My \"Schema\".x", "a.b"));
    assertThat(TableName.parse("account")).isEmpty();
    assertThat(TableName.parse("a.b.c")).isEmpty();
  }

  @Test
  void quotesIdentifiersAndConstants() {
    assertThat(new TableName("a\"b", "select").sql()).isEqualTo("\"a\"\"b\".\"select\"");
    assertThat(Sql.literal("it's")).isEqualTo("'it''s'");
  }

  @Test
  void comparesPositionsAsUnsignedNumbers() {
    Lsn high = Lsn.parse("FFFFFFFF/0");
    assertThat(high.isAfter(Lsn.parse("1/0"))).isTrue();
    assertThat(Lsn.parse("16/B374D848").toString()).isEqualTo("16/B374D848");
    assertThat(Lsn.parse("1/10").minus(Lsn.parse("1/0"))).isEqualTo(16);
  }
}

package dev.banyan.demo.stage;

import java.sql.SQLException;

/** The accounts that are there before the move: the same ones each time, in many shapes. */
public final class Accounts {

  private Accounts() {}

  /** Fills the monolith's tables with so many accounts, ids from 1, each with an address. */
  public static void fill(Server monolith, int count) throws SQLException {
    monolith.execute("shop", """
        insert into users.account (email, name, phone, bio, preferences)
        select 'user' || i || '@example.org',
          (array['Žofie Ødegård', '山田 太郎', 'Иван Петров', 'Zoë O''Neill', 'أمينة', 'Ann Smith', '👩🏽‍🚀 Ada'])[1 + i %% 7] || ' ' || i,
          case when i %% 3 > 0 then '+49 30 ' || i end,
          case when i %% 50 = 0 then repeat('A long story, told with „quotes“ and	tabs. ', 100 + i %% 400)
               when i %% 4 = 0 then 'Short.' end,
          jsonb_build_object('newsletter', i %% 2 = 0, 'tags', jsonb_build_array('t' || i %% 10, null, i), 'note', 'ß€' || i)
        from generate_series(1, %d) i""".formatted(count), """
        insert into users.address (account_id, line1, line2, zip, city, country)
        select id, 'Straße ' || id, case when id %% 5 = 0 then 'c/o ' || name end,
          case when id %% 9 > 0 then lpad(id::text, 6, '0') end, 'Ciudad ' || id %% 1000, (array['DE', 'JP', 'BR'])[1 + id %% 3]
        from users.account""".replace("%%", "%"),
        "analyze users.account", "analyze users.address");
  }
}

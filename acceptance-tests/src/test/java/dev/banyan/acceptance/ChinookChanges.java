package dev.banyan.acceptance;

import dev.banyan.acceptance.Writer.Write;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random changes of Chinook's customers and employees that its foreign keys allow: what is deleted, and what changes its
 * key, was inserted here and nothing refers to it.
 */
final class ChinookChanges implements Writer.Changes {

  private static final int CUSTOMERS = 59;
  private static final int EMPLOYEES = 8;
  private static final String[] NAMES = {"Žofie", "山田", "O'Neill", "Ødegård", "Zoë \"Z\" \\ Smith", "👩🏽‍🚀"};

  private final List<Integer> ownCustomers = new ArrayList<>();
  private final List<Integer> ownEmployees = new ArrayList<>();
  private int next = 1_000;

  @Override
  public List<Write> next(Random random) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> List.of(insertCustomer(random));
      case 2 -> List.of(insertEmployee(random));
      case 3, 4 -> List.of(updateCustomer(random));
      case 5 -> List.of(updateEmployee(random));
      case 6 -> ownCustomers.isEmpty() ? next(random) : List.of(deleteCustomer(random));
      case 7 -> ownCustomers.isEmpty() ? next(random) : List.of(rekeyCustomer(random));
      default -> ownEmployees.isEmpty() ? next(random) : replaceEmployee(random);
    };
  }

  private Write insertCustomer(Random random) {
    int id = next++;
    ownCustomers.add(id);
    return new Write("", "customer " + id, """
        insert into customer (customer_id, first_name, last_name, company, city, email, support_rep_id)
        values (?, ?, ?, ?, ?, ?, ?) returning customer::text""",
        id, name(random), "Nº " + id, random.nextBoolean() ? "" : "Σ GmbH & Co. KG", name(random), id + "@example.org",
        1 + random.nextInt(EMPLOYEES));
  }

  private Write insertEmployee(Random random) {
    int id = next++;
    ownEmployees.add(id);
    return new Write("", "employee " + id, """
        insert into employee (employee_id, last_name, first_name, reports_to, hire_date)
        values (?, ?, ?, ?, ?) returning employee::text""",
        id, "Nº " + id, name(random), 1 + random.nextInt(EMPLOYEES), moment(random));
  }

  private Write updateCustomer(Random random) {
    boolean original = ownCustomers.isEmpty() || random.nextInt(3) > 0;
    String row = "customer " + (original ? 1 + random.nextInt(CUSTOMERS) : any(ownCustomers, random));
    return new Write(row, row, """
        update customer set company = ?, phone = nullif(?, ''), support_rep_id = ? where customer_id = ?
        returning customer::text""", "Company " + random.nextInt(), random.nextBoolean() ? "" : "+55 " + random.nextInt(1_000_000), 1 + random.nextInt(EMPLOYEES), id(row));
  }

  private Write updateEmployee(Random random) {
    boolean original = ownEmployees.isEmpty() || random.nextBoolean();
    String row = "employee " + (original ? 1 + random.nextInt(EMPLOYEES) : any(ownEmployees, random));
    return new Write(row, row, "update employee set title = ?, birth_date = ? where employee_id = ? returning employee::text",
        name(random) + random.nextInt(1_000), moment(random), id(row));
  }

  private Write deleteCustomer(Random random) {
    int id = ownCustomers.remove(random.nextInt(ownCustomers.size()));
    return new Write("customer " + id, "", "delete from customer where customer_id = ? returning customer::text", id);
  }

  private Write rekeyCustomer(Random random) {
    int former = ownCustomers.remove(random.nextInt(ownCustomers.size()));
    int id = next++;
    ownCustomers.add(id);
    return new Write("customer " + former, "customer " + id,
        "update customer set customer_id = ? where customer_id = ? returning customer::text", id, former);
  }

  /** Two rows in one transaction. */
  private List<Write> replaceEmployee(Random random) {
    int id = ownEmployees.remove(random.nextInt(ownEmployees.size()));
    return List.of(
        new Write("employee " + id, "", "delete from employee where employee_id = ? returning employee::text", id),
        insertEmployee(random));
  }

  private static int any(List<Integer> ids, Random random) {
    return ids.get(random.nextInt(ids.size()));
  }

  private static int id(String row) {
    return Integer.parseInt(row.substring(row.indexOf(' ') + 1));
  }

  private static String name(Random random) {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private static Timestamp moment(Random random) {
    return Timestamp.from(Instant.ofEpochMilli(random.nextInt(2_000_000_000) * 1_000L + random.nextInt(1_000)));
  }
}

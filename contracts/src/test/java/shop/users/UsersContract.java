package shop.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import shop.Api;
import shop.Api.Answer;

/** The REST contract of users, which the shop and the extracted service both keep, on every database. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.address=127.0.0.1")
abstract class UsersContract {

  @LocalServerPort int port;
  Api api;

  @BeforeEach
  void connect() {
    api = new Api(port);
  }

  @Test
  void registersAUserWithAllFields() {
    var email = email();
    var answer = api.post("/users", """
        {'email': '%s', 'name': 'Ada Łovelace', 'phone': '+49 1', 'bio': 'b',
         'preferences': {'x': 1.10, 'y': [true, null]}}"""
        .formatted(email));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Location")).isEqualTo("/api/v1/users/" + answer.body().path("id").asLong());
    assertThat(answer.text("email")).isEqualTo(email);
    assertThat(answer.text("name")).isEqualTo("Ada Łovelace");
    assertThat(answer.text("phone")).isEqualTo("+49 1");
    assertThat(answer.text("bio")).isEqualTo("b");
    assertThat(answer.body().path("preferences").path("x").toString()).isEqualTo("1.10");
    assertThat(answer.body().path("preferences").path("y").toString()).isEqualTo("[true,null]");
    assertThat(answer.body().path("revision").asLong()).isZero();
    assertThat(answer.body().has("createdAt")).isTrue();
    assertThat(api.get("/users/" + id(answer)).body()).isEqualTo(answer.body());
  }

  @Test
  void leavesOutWhatIsOptional() {
    var answer = register("Ada");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body().path("phone").isNull()).isTrue();
    assertThat(answer.body().path("preferences").toString()).isEqualTo("{}");
  }

  @Test
  void replacesOnlyTheGivenFieldsAndCountsTheRevision() {
    long id = id(api.post("/users", """
        {'email': '%s', 'name': 'Ada', 'phone': '1', 'bio': 'b', 'preferences': {'x': 1}}""".formatted(email())));
    var first = api.put("/users/" + id, "{'name': 'Ada K', 'phone': null}");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.text("name")).isEqualTo("Ada K");
    assertThat(first.body().path("phone").isNull()).isTrue();
    assertThat(first.text("bio")).isEqualTo("b");
    assertThat(first.body().path("preferences").toString()).isEqualTo("{\"x\":1}");
    var second = api.put("/users/" + id, "{'name': 'Ada K', 'bio': 'c', 'preferences': {}}");
    assertThat(second.text("bio")).isEqualTo("c");
    assertThat(second.body().path("preferences").toString()).isEqualTo("{}");
    assertThat(second.body().path("revision").asLong()).isEqualTo(2);
    assertThat(api.get("/users/" + id).body()).isEqualTo(second.body());
  }

  @Test
  void countsEveryAcceptedUpdateOnceHoweverManyRunAtATime() {
    long id = id(register("Ada"));
    var updates = IntStream.range(0, 40)
        .mapToObj(i -> CompletableFuture.supplyAsync(() -> api.put("/users/" + id, "{'name': 'Ada %d'}".formatted(i))))
        .toList();
    assertThat(updates).allSatisfy(u -> assertThat(u.join().status()).isEqualTo(200));
    assertThat(updates.stream().map(u -> u.join().body().path("revision").asLong())).doesNotHaveDuplicates();
    assertThat(api.get("/users/" + id).body().path("revision").asLong()).isEqualTo(40);
  }

  @Test
  void pagesByKey() {
    long first = id(register("Ada"));
    long second = id(register("Bob"));
    long third = id(register("Cleo"));
    var page = api.get("/users?after=%d&limit=2".formatted(first - 1));
    assertThat(StreamSupport.stream(page.body().spliterator(), false).map(u -> u.path("id").asLong()))
        .containsExactly(first, second);
    var byIds = api.get("/users?ids=%d,%d".formatted(third, first));
    assertThat(StreamSupport.stream(byIds.body().spliterator(), false).map(u -> u.path("id").asLong()))
        .containsExactly(first, third);
  }

  @Test
  void searchesByTheBeginningOfTheName() {
    var name = "Zoë_" + UUID.randomUUID();
    long id = id(register(name + " Q"));
    register("x" + name);
    var found = api.post("/users/search", "{'name': '%s'}".formatted(name.toUpperCase()));
    assertThat(found.status()).isEqualTo(200);
    assertThat(StreamSupport.stream(found.body().spliterator(), false).map(u -> u.path("id").asLong()))
        .containsExactly(id);
    assertThat(api.post("/users/search", "{'name': 'Zo%'}").body().isEmpty()).isTrue();
  }

  @Test
  void keepsWholeNameAndPartsTogetherWhicheverVersionWrites() {
    var any = Api.ofAnyVersion(port);
    var registered = any.post("/api/v2/users", "{'email': '%s', 'givenName': 'Ludwig', 'familyName': 'van Beethoven'}".formatted(email()));
    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.header("Location")).isEqualTo("/api/v2/users/" + id(registered));
    var path = "/users/" + id(registered);
    assertThat(api.get(path).text("name")).isEqualTo("Ludwig van Beethoven");
    api.put(path, "{'name': 'Ludwig van Beethoven', 'bio': 'b'}");
    assertThat(any.get("/api/v2" + path).text("familyName")).isEqualTo("van Beethoven");
    api.put(path, "{'name': 'Clara Wieck'}");
    var renamed = any.get("/api/v2" + path);
    assertThat(renamed.text("givenName")).isEqualTo("Clara");
    assertThat(renamed.text("familyName")).isEqualTo("Wieck");
    var married = any.put("/api/v2" + path, "{'givenName': 'Clara', 'familyName': 'Wieck Schumann'}");
    assertThat(married.body().path("revision").asLong()).isEqualTo(3);
    assertThat(api.get(path).text("name")).isEqualTo("Clara Wieck Schumann");
    assertThat(any.get("/api/v2" + path).text("familyName")).isEqualTo("Wieck Schumann");
  }

  @Test
  void removesAUserWithItsAddresses() {
    long id = id(register("Ada"));
    api.post("/users/%d/addresses".formatted(id), "{'line1': 'Hauptstr. 1', 'city': 'Köln', 'country': 'DE'}");
    assertThat(api.delete("/users/" + id).status()).isEqualTo(204);
    assertProblem(api.get("/users/" + id), 404);
    assertProblem(api.get("/users/%d/addresses".formatted(id)), 404);
    assertProblem(api.delete("/users/" + id), 404);
  }

  @Test
  void keepsAddresses() {
    var path = "/users/%d/addresses".formatted(id(register("Ada")));
    var added = api.post(path, "{'line1': 'Hauptstr. 1', 'city': 'Köln', 'country': 'DE'}");
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.header("Location")).isEqualTo("/api/v1" + path + "/" + id(added));
    var replaced = api.put(path + "/" + id(added), "{'line1': 'Gasse 2', 'zip': '50667', 'city': 'Köln', 'country': 'DE'}");
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.text("zip")).isEqualTo("50667");
    assertThat(api.get(path).body().get(0)).isEqualTo(replaced.body());
    assertThat(api.delete(path + "/" + id(added)).status()).isEqualTo(204);
    assertThat(api.get(path).body().isEmpty()).isTrue();
    assertProblem(api.delete(path + "/" + id(added)), 404);
    assertProblem(api.put(path + "/" + id(added), "{'line1': 'G', 'city': 'K', 'country': 'DE'}"), 404);
  }

  @Test
  void refusesAnEmailAddressThatIsTaken() {
    var taken = register("Ada").text("email");
    assertProblem(api.post("/users", "{'email': '%s', 'name': 'Bob'}".formatted(taken)), 409);
    long bob = id(register("Bob"));
    assertProblem(api.put("/users/" + bob, "{'name': 'Bob', 'email': '%s'}".formatted(taken)), 409);
    assertThat(api.get("/users/" + bob).body().path("revision").asLong()).isZero();
  }

  @Test
  void changesOnlyTheVersionThatIsNamed() {
    long id = id(register("Ada"));
    assertThat(api.get("/users/" + id).header("ETag")).isEqualTo("\"0\"");
    assertThat(api.put("/users/" + id, "{'name': 'First'}", "\"0\"").header("ETag")).isEqualTo("\"1\"");
    assertProblem(api.put("/users/" + id, "{'name': 'Late'}", "\"0\""), 412);
    assertProblem(api.put("/users/" + id, "{'name': 'Late'}", "W/\"1\""), 412);
    assertProblem(api.put("/users/" + id, "{'name': 'Late'}", "\"0\", W/\"1\" ,\"01\",\"x\""), 412);
    assertProblem(api.put("/users/" + id, "{'name': 'Late'}", "1"), 400);
    assertProblem(api.put("/users/" + id, "{'name': 'Late'}", "\"1\", *"), 400);
    assertProblem(api.put("/users/0", "{'name': 'Late'}", "\"0\""), 404);
    assertThat(api.get("/users/" + id).text("name")).isEqualTo("First");
    assertThat(api.get("/users/" + id).body().path("revision").asLong()).isEqualTo(1);
    assertThat(api.put("/users/" + id, "{'name': 'One of two'}", "\"0\",, \"1\"").header("ETag")).isEqualTo("\"2\"");
    assertThat(api.put("/users/" + id, "{'name': 'Any'}", "*").status()).isEqualTo(200);
  }

  @Test
  void removesOnlyTheVersionThatIsNamed() {
    var any = Api.ofAnyVersion(port);
    long id = id(register("Ada"));
    api.put("/users/" + id, "{'name': 'Ada K'}");
    assertProblem(any.send("DELETE", "/api/v1/users/" + id, "", "If-Match", "\"0\""), 412);
    assertProblem(any.send("DELETE", "/api/v2/users/" + id, "", "If-Match", "\"0\""), 412);
    assertThat(api.get("/users/" + id).text("name")).isEqualTo("Ada K");
    assertThat(any.send("DELETE", "/api/v1/users/" + id, "", "If-Match", "\"1\"").status()).isEqualTo(204);
    assertProblem(any.send("DELETE", "/api/v1/users/" + id, "", "If-Match", "\"1\""), 404);
  }

  /** On its way to the database a half of a pair would become a question mark. */
  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00\\ud800", "\\ud83c", "\\u0000"})
  void refusesATextThatCannotBeKept(String text) {
    var any = Api.ofAnyVersion(port);
    var user = register("Ada");
    var path = "/users/" + id(user);
    expectUnstorable(api.post("/users", "{'email': '%s', 'name': 'x%s'}".formatted(email(), text)), "/name");
    expectUnstorable(api.put(path, "{'name': 'x', 'bio': '%s x'}".formatted(text)), "/bio");
    expectUnstorable(api.put(path, "{'name': 'x', 'preferences': {'a': [{'b': '%s'}]}}".formatted(text)), "/preferences/a/0/b");
    assertProblem(api.put(path, "{'name': 'x', 'preferences': {'%s': 1}}".formatted(text)), 400);
    expectUnstorable(any.put("/api/v2" + path, "{'givenName': 'x', 'familyName': '%s'}".formatted(text)), "/familyName");
    expectUnstorable(api.post(path + "/addresses", "{'line1': '%s', 'city': 'K', 'country': 'DE'}".formatted(text)), "/line1");
    expectUnstorable(api.post("/users/search", "{'name': '%s'}".formatted(text)), "/name");
    assertThat(api.get(path).body()).isEqualTo(user.body());
    assertThat(api.get(path + "/addresses").body().isEmpty()).isTrue();
  }

  private static void expectUnstorable(Answer answer, String where) {
    assertProblem(answer, 400);
    assertThat(answer.text("detail")).contains("The text at '%s' holds".formatted(where));
  }

  /** One that just fits into a request would not fit into a list, and keep everybody from reading that. */
  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {"v1, 'name': 'Ada'", "v2, 'givenName': 'Ada'; 'familyName': 'K'"})
  void refusesPreferencesThatAreTooMuchForAList(String version, String name) {
    var any = Api.ofAnyVersion(port);
    var path = "/api/%s/users".formatted(version);
    var fields = "{'email': '%s', %s, 'preferences': %s}";
    for (var fits : List.of(nested(100), longOf(100_000))) {
      var user = any.post(path, fields.formatted(email(), name.replace(';', ','), fits));
      assertThat(user.status()).isEqualTo(201);
      assertThat(any.get("%s?ids=%d".formatted(path, id(user))).body().size()).isEqualTo(1);
    }
    long user = id(register("Ada"));
    for (var surplus : List.of(nested(101), longOf(100_001))) {
      expectTooMuch(any.post(path, fields.formatted(email(), name.replace(';', ','), surplus)));
      expectTooMuch(any.put(path + "/" + user, fields.formatted(email(), name.replace(';', ','), surplus)));
    }
  }

  private static void expectTooMuch(Answer answer) {
    assertProblem(answer, 400);
    assertThat(answer.body().path("errors").path("preferences").asString()).isEqualTo("must not have more than 100 levels or 100000 characters");
  }

  private static String nested(int levels) {
    return "{'a': ".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
  }

  private static String longOf(int characters) {
    return "{'a':'%s'}".formatted("x".repeat(characters - 8));
  }

  /** A database writes it out, and then it is longer than what is read. */
  @ParameterizedTest
  @ValueSource(strings = {"1e1000", "-1E+1000", "1e-1000", "0.5e-1001", "1e99999999999"})
  void refusesANumberThatCannotBeReadAgain(String number) {
    var answer = api.post("/users", "{'email': '%s', 'name': 'Ada', 'preferences': {'x': [%s]}}".formatted(email(), number));
    assertProblem(answer, 400);
    assertThat(answer.text("detail")).isEqualTo("The number at '/preferences/x/0' has more than 1000 digits when it is written out, which cannot be read again.");
  }

  @Test
  void keepsTheLargestNumberThatCanBeReadAgain() {
    var user = api.post("/users", "{'email': '%s', 'name': 'Ada', 'preferences': {'x': 1e999, 'y': 1e-999}}".formatted(email()));
    assertThat(user.status()).isEqualTo(201);
    var kept = api.get("/users/" + id(user)).body().path("preferences");
    assertThat(kept.path("x").decimalValue()).isEqualByComparingTo("1e999");
    assertThat(kept.path("y").decimalValue()).isEqualByComparingTo("1e-999");
  }

  /** Whoever has looked at the body on its way has seen the one, and the other would be kept. */
  @ParameterizedTest
  @ValueSource(strings = {"'name': 'Ada', 'name': 'Bob'", "'name': 'Ada', '\\u006eame': 'Bob'", "'name': 'Ada', 'preferences': {'x': 1, 'x': 2}"})
  void refusesAFieldThatComesTwice(String fields) {
    var answer = api.post("/users", "{'email': '%s', %s}".formatted(email(), fields));
    assertProblem(answer, 400);
    assertThat(answer.text("detail")).startsWith("The body cannot be read at line 1, column ").contains("Duplicate");
  }

  @Test
  void keepsACharacterThatIsTwoHalves() {
    var pear = api.post("/users", "{'email': '%s', 'name': '\\ud83c\\udf50 Ada'}".formatted(email()));
    assertThat(api.get("/users/" + id(pear)).text("name")).isEqualTo("\ud83c\udf50 Ada");
  }

  /** Whoever gets 406 must not have a user all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "text/html", "application/xml, image/*;q=0.8"})
  void doesNothingForWhoDoesNotTakeTheAnswer(String accepted) {
    var name = "Unaccepted " + UUID.randomUUID();
    var answer = api.send("POST", "/users", "{'email': '%s', 'name': '%s'}".formatted(email(), name), "Accept", accepted);
    assertProblem(answer, 406);
    assertThat(answer.header("Deprecation")).isNotEmpty();
    assertThat(api.post("/users/search", "{'name': '%s'}".formatted(name)).body().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
      "GET, /users/0, Accept, nonsense, 406", "GET, /users/0, Accept, text/*;q=0.5, 406", "PATCH, /users/1, Accept, nonsense, 405",
      "POST, /users, Content-Type, text/xml, 415", "PUT, /users/1, Content-Type, application/x-www-form-urlencoded, 415",
      "POST, /users, Content-Type, multipart/form-data; boundary=x, 415",
      "POST, /users, Content-Type, multipart/form-data, 415", "POST, /users, Content-Type, nonsense, 415",
      "GET, /users?limit=%ED%A0%80, Accept, */*, 400", "GET, /users/0, Accept, 'text/html, */*;q=0.1', 404"})
  void tellsProblemDetailsWhateverTheHeadersAre(String method, String path, String header, String value, int status) {
    assertProblem(api.send(method, path, "{}", header, value), status);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "PATCH | /users/1 | application/json | 405", "PUT | /users/x | application/json | 400", "POST | /users | text/xml | 415",
      "GET | /users?limit=501 | application/json | 400"})
  void tellsThatVersion1EndsAlsoWhereNoResourceIsReached(String method, String path, String type, int status) {
    var answer = api.send(method, path, "{}", "Content-Type", type);
    assertProblem(answer, status);
    assertThat(List.of(answer.header("Deprecation"), answer.header("Sunset"), answer.header("Link"))).doesNotContain("");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    var body = "{'email': '%s', 'name': 'Ada', 'bio': '%s'}".formatted(email(), "x".repeat(1 << 20));
    var answer = api.post("/users", body);
    assertProblem(answer, 413);
    assertThat(answer.header("Deprecation")).isNotEmpty();
  }

  @Test
  void namesTheFieldsThatAreNotValid() {
    var answer = api.post("/users", "{'email': 'nobody', 'name': ''}");
    assertProblem(answer, 400);
    assertThat(answer.body().path("errors").has("email")).isTrue();
    assertThat(answer.body().path("errors").has("name")).isTrue();
  }

  @Test
  void namesTheParameterThatIsNotValid() {
    var answer = api.get("/users?limit=501");
    assertProblem(answer, 400);
    assertThat(answer.text("detail")).isEqualTo("Some parameters are not valid: see errors.");
    assertThat(answer.body().path("errors").path("limit").asString()).isEqualTo("must be less than or equal to 500");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      POST   | /users            | {'email':                                                | 400
      POST   | /users            | {'email': 'a@b.de', 'name': 'x', 'preferences': [1]}     | 400
      POST   | /users/search     | {'name': ''}                                             | 400
      GET    | /users/abc        | {}                                                       | 400
      GET    | /users?limit=501  | {}                                                       | 400
      GET    | /users?limit=0    | {}                                                       | 400
      GET    | /users?ids=1,,2   | {}                                                       | 400
      GET    | /users?ids=1,x    | {}                                                       | 400
      GET    | /users/0          | {}                                                       | 404
      PUT    | /users/0          | {'name': 'x'}                                            | 404
      POST   | /users/0/addresses | {'line1': 'G', 'city': 'K', 'country': 'DE'}            | 404
      GET    | /nothing          | {}                                                       | 404
      PATCH  | /users/1          | {}                                                       | 405
      """)
  void tellsEveryErrorAsProblemDetails(String method, String path, String body, int status) {
    assertProblem(api.send(method, path, body), status);
  }

  Answer register(String name) {
    return api.post("/users", "{'email': '%s', 'name': '%s'}".formatted(email(), name));
  }

  static String email() {
    return UUID.randomUUID() + "@example.org";
  }

  static long id(Answer answer) {
    return answer.body().path("id").asLong();
  }

  static void assertProblem(Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.text("title")).isNotEmpty();
  }
}

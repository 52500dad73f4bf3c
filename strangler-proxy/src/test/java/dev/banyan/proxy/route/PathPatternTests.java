package dev.banyan.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTests {

  @ParameterizedTest
  @CsvSource({
      "/api/v1/users/**, /api/v1/users", "/api/v1/users/**, /api/v1/users/", "/api/v1/users/**, /api/v1/users/5",
      "/api/v1/users/**, /api/v1/users/5/addresses", "/api/*/users, /api/v2/users", "/users/{id}, /users/5",
      "/users/{id}/x, /users/5/x", "/users/, /users", "/**, /", "/, /", "/files/{*rest}, /files/a/b"})
  void matches(String pattern, String path) {
    assertThat(PathPattern.parse(pattern).matches(path(path))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
      "/api/v1/users/**, /api/v1/usersearch", "/api/v1/users/**, /api/v1", "/api/v1/users/**, /api/v1/Users",
      "/users/*, /users", "/users/*, /users/5/6", "/users, /users/5", "/, /users"})
  void doesNotMatch(String pattern, String path) {
    assertThat(PathPattern.parse(pattern).matches(path(path))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "users", "/a/**/b", "/a/b*", "/a/{id", "/a/x{id}", "/a/{id:[0-9]+}", "/a?b", "/a/%20", "/a/../b", "/a;b"})
  void refusesWhatItWouldNotUnderstand(String pattern) {
    assertThatThrownBy(() -> PathPattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Path '" + pattern + "' ").hasMessageEndingWith("Example: /api/v1/users/**");
  }

  @Test
  void ordersFromTheMostSpecificToTheLeast() {
    List<String> ordered = Stream.of("/**", "/users/**", "/users/*", "/users", "/users/{id}/x", "/users/search/**", "/users/search")
        .map(PathPattern::parse).sorted().map(PathPattern::toString).toList();

    assertThat(ordered).containsExactly(
        "/users", "/users/search", "/users/search/**", "/users/*", "/users/{id}/x", "/users/**", "/**");
  }

  private static RequestPath path(String raw) {
    return RequestPath.of(raw).orElseThrow();
  }
}

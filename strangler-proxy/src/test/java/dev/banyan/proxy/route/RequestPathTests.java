package dev.banyan.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTests {

  @ParameterizedTest
  @ValueSource(strings = {
      "/api/users", "/api/users/", "//api///users", "/api/./users", "/api/orders/../users", "/api/%75sers", "/%61pi/users",
      "/api/orders/%2e%2e/users", "/api/orders/.%2E/users", "/api/users;v=1", "/api;x/users;y=2/", "/api/orders/..;/users"})
  void readsEveryWayToWriteAPathAsTheSame(String raw) {
    assertThat(RequestPath.of(raw).orElseThrow().segments()).containsExactly("api", "users");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..", "/a/../../b", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a%00", "/a%0d", "/a%", "/a%4", "/a%zz", "api", ""})
  void refusesWhatOriginsMayUnderstandDifferently(String raw) {
    assertThat(RequestPath.of(raw)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a%252fb", "/a%25252e", "/caf%C3%A9", "/a%3Bb", "/a+b"})
  void decodesOnlyOnce(String raw) {
    String segment = raw.substring(1).replace("%25", "%").replace("%C3%A9", "é").replace("%3B", ";");

    assertThat(RequestPath.of(raw).orElseThrow().segments()).containsExactly(segment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "/", "//", "/./"})
  void readsTheRoot(String raw) {
    assertThat(RequestPath.of(raw).orElseThrow().segments()).isEmpty();
  }
}

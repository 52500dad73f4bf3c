package shop.users;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import shop.http.IfMatch;
import shop.http.Revision;
import shop.problems.Problem;

/** REST resource {@code /api/v2/users}: names in two parts, the rest as in version 1; {@code extracted-user-service} keeps the same contract. */
@RestController
@RequestMapping("/api/v2/users")
class UserControllerV2 {

  private static final int SEARCH_LIMIT = 50;

  private final UserDirectory users;

  UserControllerV2(UserDirectory users) {
    this.users = users;
  }

  record Search(@NotBlank @Size(max = 200) String name) {}

  @GetMapping("/{id}")
  ResponseEntity<UserV2> find(@PathVariable long id) {
    return tagged(users.find(new UserId(id)).map(UserV2::of)
        .orElseThrow(() -> Problem.notFound("There is no user %d.".formatted(id))));
  }

  @GetMapping
  List<UserV2> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return users.page(after, limit).stream().map(UserV2::of).toList();
  }

  @GetMapping(params = "ids")
  List<UserV2> findAll(@RequestParam @Size(max = 100) List<@NotNull Long> ids) {
    return users.findAll(ids.stream().map(UserId::new).toList()).stream().map(UserV2::of).toList();
  }

  @PostMapping("/search")
  List<UserV2> search(@Valid @RequestBody Search search) {
    return users.search(search.name(), SEARCH_LIMIT).stream().map(UserV2::of).toList();
  }

  @PostMapping
  ResponseEntity<UserV2> register(@Valid @RequestBody UserV2.New user) {
    var registered = users.register(user.toNewUser());
    return ResponseEntity.created(URI.create("/api/v2/users/" + registered.id())).body(UserV2.of(registered));
  }

  @PutMapping("/{id}")
  ResponseEntity<UserV2> update(@PathVariable long id, @Valid @RequestBody UserV2.Change change,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    return tagged(UserV2.of(users.update(new UserId(id), change.toChange(), IfMatch.parse(ifMatch))));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable long id, @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    users.remove(new UserId(id), IfMatch.parse(ifMatch));
  }

  private static ResponseEntity<UserV2> tagged(UserV2 user) {
    return ResponseEntity.ok().eTag(Revision.tag(user.revision())).body(user);
  }
}

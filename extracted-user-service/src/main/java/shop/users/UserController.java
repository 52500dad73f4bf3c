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

/** REST resource {@code /api/v1/users}; the shop's own keeps the same contract. */
@RestController
@RequestMapping("/api/v1/users")
class UserController {

  private static final int SEARCH_LIMIT = 50;

  private final Users users;

  UserController(Users users) {
    this.users = users;
  }

  record Search(@NotBlank @Size(max = 200) String name) {}

  @GetMapping("/{id}")
  ResponseEntity<User> find(@PathVariable long id) {
    return tagged(users.find(new UserId(id))
        .orElseThrow(() -> Problem.notFound("There is no user %d.".formatted(id))));
  }

  @GetMapping
  List<User> page(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return users.page(after, limit);
  }

  @GetMapping(params = "ids")
  List<User> findAll(@RequestParam @Size(max = 100) List<@NotNull Long> ids) {
    return users.findAll(ids.stream().map(UserId::new).toList());
  }

  @PostMapping("/search")
  List<User> search(@Valid @RequestBody Search search) {
    return users.search(search.name(), SEARCH_LIMIT);
  }

  @PostMapping
  ResponseEntity<User> register(@Valid @RequestBody NewUser user) {
    var registered = users.register(user);
    return ResponseEntity.created(URI.create("/api/v1/users/" + registered.id())).body(registered);
  }

  @PutMapping("/{id}")
  ResponseEntity<User> update(@PathVariable long id, @Valid @RequestBody UserChange change,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    return tagged(users.update(new UserId(id), change, IfMatch.parse(ifMatch)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable long id, @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
    users.remove(new UserId(id), IfMatch.parse(ifMatch));
  }

  private static ResponseEntity<User> tagged(User user) {
    return ResponseEntity.ok().eTag(Revision.tag(user.revision())).body(user);
  }
}

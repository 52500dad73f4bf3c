package shop.users;

import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** REST resource {@code /api/v1/users/{user}/addresses}. */
@RestController
@RequestMapping("/api/v1/users/{user}/addresses")
class AddressController {

  private final Users users;

  AddressController(Users users) {
    this.users = users;
  }

  @GetMapping
  List<Address> list(@PathVariable long user) {
    return users.addresses(new UserId(user));
  }

  @PostMapping
  ResponseEntity<Address> add(@PathVariable long user, @Valid @RequestBody NewAddress address) {
    var added = users.addAddress(new UserId(user), address);
    return ResponseEntity.created(URI.create("/api/v1/users/%d/addresses/%d".formatted(user, added.id()))).body(added);
  }

  @PutMapping("/{id}")
  Address replace(@PathVariable long user, @PathVariable long id, @Valid @RequestBody NewAddress address) {
    return users.replaceAddress(new UserId(user), id, address);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable long user, @PathVariable long id) {
    users.removeAddress(new UserId(user), id);
  }
}

package shop.copies;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.copies.Staleness.Status;

/** REST resource {@code /api/v1/copies}: the declared copies of this process, for operators. */
@RestController
@RequestMapping("/api/v1/copies")
class CopyController {

  private final CopyMonitor monitor;

  CopyController(CopyMonitor monitor) {
    this.monitor = monitor;
  }

  @GetMapping
  List<Status> list() {
    return monitor.status();
  }

  /** Compares all of the copy with its owner now, and answers with what differs. */
  @PostMapping("/{name}/compare")
  Status compare(@PathVariable String name) {
    return monitor.compare(name);
  }

  /** Takes what differs from its owner, and answers with what differs still. */
  @PostMapping("/{name}/heal")
  Status heal(@PathVariable String name) {
    return monitor.heal(name);
  }
}

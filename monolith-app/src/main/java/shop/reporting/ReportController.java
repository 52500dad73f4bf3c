package shop.reporting;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import shop.problems.Problem;
import shop.reporting.Reports.CustomerRevenue;
import shop.reporting.Reports.OrderHistory;

/** REST resource {@code /api/v1/reporting}; each answer tells how old it may be. */
@RestController
@RequestMapping("/api/v1/reporting")
class ReportController {

  private final Reports reports;
  private final ReadModel model;

  ReportController(Reports reports, ReadModel model) {
    this.reports = reports;
    this.model = model;
  }

  /**
   * Rows of a report.
   *
   * @param lagMillis how far behind the other modules they may be; nothing while that is not known, such as after a start
   */
  record Report<T>(@Nullable Long lagMillis, List<T> rows) {

    /** Asked before the rows are read, the lag is theirs at most by what reading them took. */
    static <T> Report<T> of(Optional<Duration> lag, List<T> rows) {
      return new Report<>(lag.map(Duration::toMillis).orElse(null), rows);
    }
  }

  @GetMapping("/customers")
  Report<CustomerRevenue> customers(
      @RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return Report.of(model.lag(), reports.customers(after, limit));
  }

  @GetMapping("/customers/{id}")
  Report<CustomerRevenue> customer(@PathVariable long id) {
    var report = Report.of(model.lag(), reports.customer(id));
    if (report.rows().isEmpty()) {
      throw Problem.notFound("No report knows customer %d. Reports may be late: see lagMillis of GET /api/v1/reporting/customers.".formatted(id));
    }
    return report;
  }

  @GetMapping("/customers/{id}/orders")
  Report<OrderHistory> orders(@PathVariable long id,
      @RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return Report.of(model.lag(), reports.orders(id, after, limit));
  }

  /** Builds everything anew, and answers when that is read. */
  @PostMapping("/rebuild")
  ReadModel.Rebuilt rebuild() {
    return model.rebuild();
  }
}

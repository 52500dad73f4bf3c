package dev.banyan.cli;

import dev.banyan.control.client.Owner;
import dev.banyan.move.check.Finding;
import dev.banyan.move.database.ObjectNames;
import dev.banyan.move.plan.Durations;
import dev.banyan.move.plan.Plan;
import dev.banyan.move.plan.TablePlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The steps that a verb would take, in words. */
final class Steps {

  private Steps() {}

  static List<String> ofRun(Plan plan) {
    List<String> steps = new ArrayList<>();
    String module = plan.module();
    steps.add("install schema banyan in both databases");
    int tables = plan.tables().size();
    steps.add("create trigger %s on %d tables of each side, enabled on the service's".formatted(ObjectNames.FENCE, tables));
    steps.add("create publication %s in both databases".formatted(ObjectNames.publication(module)));
    steps.add("create slot %s on the monolith's server, with a snapshot".formatted(ObjectNames.slot(module, Owner.MONOLITH)));
    steps.add("empty %d tables of the service, and set aside their indexes, primary keys and unique constraints that can be built again"
        .formatted(tables));
    for (TablePlan table : plan.tables()) {
      steps.add("copy %s to %s%s".formatted(table.source(), table.target(),
          table.where().map(where -> " where " + where).orElse("")));
    }
    steps.add("build what was set aside");
    steps.add("stream what is committed meanwhile, and go on until the move is completed or cancelled");
    return steps;
  }

  static List<String> ofSwitch(Plan plan, Owner from) {
    String module = plan.module();
    Owner to = from.other();
    return List.of(
        "create slot %s on the server of the %s, and start the stream back".formatted(ObjectNames.slot(module, to), to.word()),
        "hold the writes of %d routes in every live proxy".formatted(plan.routes().size()),
        "fence %d tables of the %s, waiting %s for locks, %d times at most".formatted(plan.tables().size(), from.word(),
            Durations.text(plan.limits().fenceTimeout()), plan.limits().fenceAttempts()),
        "put a marker into the log of the %s and wait until the %s has applied it".formatted(from.word(), to.word()),
        "compare the rows that have changed since the certificate, and go no further where they differ",
        "move the sequences of the %s forward".formatted(to.word()),
        "turn the stream back: what the %s commits from here flows to the %s".formatted(to.word(), from.word()),
        "record the %s as owner: the point of no return".formatted(to.word()),
        "open the fence of the %s, route to it, release what was held".formatted(to.word()),
        "drop slot %s".formatted(ObjectNames.slot(module, from)));
  }

  static List<String> ofComplete(Plan plan, boolean drop, boolean keep) {
    int tables = plan.tables().size();
    List<String> steps = new ArrayList<>(List.of("wait until the monolith's tables have caught up", "stop the stream back"));
    if (!keep) {
      steps.add("go no further where a view or a foreign key depends on them, or anybody reads them within " + Durations.text(plan.limits().quietFor()));
    }
    steps.add("drop slots and publications on both sides");
    steps.add("drop trigger %s on %d tables of the service".formatted(ObjectNames.FENCE, tables));
    steps.add(keep ? "leave the monolith's %d tables as they are, fenced".formatted(tables)
        : drop ? "drop the monolith's %d tables".formatted(tables)
            : "rename the monolith's %d tables into schemas banyan_retired_%s_…, without trigger %s".formatted(tables, plan.module(), ObjectNames.FENCE));
    steps.add("drop schema banyan in the service's database, unless another module uses it");
    return steps;
  }

  static List<String> ofCancel(Plan plan, boolean keepData) {
    List<String> steps = new ArrayList<>(List.of("stop the stream", "send every request to the monolith",
        "drop slots and publications on both sides"));
    if (!keepData) {
      steps.add("empty %d tables of the service".formatted(plan.tables().size()));
    }
    steps.add("build the indexes of the service's tables that are still set aside");
    steps.add("drop trigger %s on both sides".formatted(ObjectNames.FENCE));
    steps.add("drop schema banyan in the service's database, unless another module uses it");
    return steps;
  }

  static List<String> ofCancelAlone(Plan plan) {
    return List.of("open the monolith's %d tables, where a switch that was broken off has closed them".formatted(plan.tables().size()),
        "send every request to the monolith", "record the move as cancelled",
        "drop slot %s on the monolith's server".formatted(ObjectNames.slot(plan.module(), Owner.MONOLITH)),
        "leave the rest to the next `banyan run`, when both databases answer");
  }

  static List<String> ofPause() {
    return List.of("record that the copy is paused, so that a mover that is started finds it",
        "end the ranges that are under way, those that take longer than 10 s without their rows",
        "close snapshot and locks, and stream to the copied rows what is committed, so that the slot does not retain log");
  }

  static List<String> ofResume() {
    return List.of("record that the copy goes on", "copy the ranges that are left under a new snapshot");
  }

  static List<String> ofVerify(List<String> tables, boolean changed, Owner owner, Optional<Path> script, boolean repair) {
    String follower = owner.other().word();
    List<String> steps = new ArrayList<>();
    steps.add("compare %s of %s on both sides, at one position of the log of the %s".formatted(
        changed ? "the rows that have changed since the certificate" : "every row", String.join(", ", tables), owner.word()));
    steps.add("keep a certificate of what was found for each table, in the place of the former one");
    script.ifPresent(file -> steps.add("write the SQL that repairs the rows of the %s to %s".formatted(follower, file)));
    if (repair) {
      steps.add("make the %s's rows that differ what the %s's are: delete, insert and update them".formatted(follower, owner.word()));
      steps.add("compare these rows again, and keep the certificate of that");
    }
    return steps;
  }

  static String text(List<String> steps, List<Finding> warnings) {
    return text(steps) + warnings.stream().map(warning -> "\nNote: " + warning).collect(Collectors.joining());
  }

  static String text(List<String> steps) {
    return IntStream.range(0, steps.size()).mapToObj(i -> "%2d. %s".formatted(i + 1, steps.get(i)))
        .collect(Collectors.joining("\n", "Would:\n", "\nNothing was changed."));
  }
}

package dev.banyan.cli;

import dev.banyan.move.mover.Doctor;
import dev.banyan.move.mover.Doctor.Diagnosis;
import dev.banyan.move.mover.Workspace;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = {"Tells what state a move is in, whatever has happened to it, and what to do.",
        "Exit code 0 where the owner can write, the other side cannot, and nothing is held or left over; otherwise 1."})
final class DoctorCommand extends PlanCommand {

  @Option(names = "--fix", description = "Carry the move to the nearest safe state: what a switch has left half done is taken back before its "
      + "point of no return, and carried forward behind it. Does no harm at any moment.")
  private boolean fix;

  @Option(names = "--dry-run", description = "With --fix: tell what would be mended; change nothing.")
  private boolean dryRun;

  @Override
  int run(Workspace space, Output output) throws SQLException, InterruptedException {
    Doctor doctor = new Doctor(space);
    Diagnosis found = fix && !dryRun ? doctor.fix(output::say) : doctor.examine();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("module", space.module());
    answer.put("state", found.state());
    answer.put("safe", found.safe());
    answer.put("findings", found.findings());
    output.answer(answer, found.state() + found.findings().stream().map(finding -> "\n  " + finding).collect(Collectors.joining()));
    return found.safe() ? DONE : REFUSED;
  }
}
